/**
 * Time and memory of the audit's search for neighbours, all pairs and by an index.
 *
 *   deno task bench:audit [--queries N] [--gallery M] [--width D] [--approximate]
 *
 * Features are clusters, as those of faces are: identities of ten, each vector its identity's and noise. Prints a line
 * of JSON, and what 1,000,000 x 500,000 would take: pairs set the time of the exact search, features the memory.
 */
import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { randomStream } from "../src/core/mod.ts";
import { useBackend } from "../src/engine/mod.ts";
import {
  approximateNeighbours,
  nearestNeighbours,
} from "../src/privacy/mod.ts";

const options = parseArgs(Deno.args, {
  string: ["queries", "gallery", "width", "tile"],
  boolean: ["approximate"],
  default: { queries: "100000", gallery: "50000", width: "512" },
});
const [n, m, width] = [options.queries, options.gallery, options.width].map(
  Number,
);
const engine = await useBackend("auto");

/** Vectors around identities; noise of one block is used again and again, as drawing it takes longer than the search. */
function features(count: number, name: string) {
  const random = randomStream(1, name);
  const noise = random.normals(1 << 20);
  const identities = randomStream(1, "identities").normals(1 << 20);
  const data = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const from = random.integer(noise.length - width);
    const identity = Math.imul(i - i % 10, 7919) >>> 12;
    for (let k = 0; k < width; k++) {
      data[i * width + k] = identities[(identity + k) % identities.length] +
        noise[from + k];
    }
  }
  return { data, width };
}

const [queries, gallery] = [features(n, "queries"), features(m, "gallery")];
const held = process.resourceUsage().maxRSS / 1024;
const [from, used] = [performance.now(), process.cpuUsage()];
const threshold = 0.6;
const found = options.approximate
  ? await approximateNeighbours(queries, gallery, {
    threshold,
    random: randomStream(2),
  })
  : await nearestNeighbours(queries, gallery, {
    threshold,
    ...(options.tile && { tile: Number(options.tile) }),
  });
const seconds = (performance.now() - from) / 1000;
const { user, system } = process.cpuUsage(used);
const peak = process.resourceUsage().maxRSS / 1024;
const pairs = n * m;
const rest = peak - 4 * (n + m) * width / 2 ** 20;
console.log(JSON.stringify({
  name: `${
    options.approximate ? "approximate" : "exact"
  } neighbours, ${n} x ${m} x ${width}`,
  engine: engine.description,
  seconds: Math.round(10 * seconds) / 10,
  processorSeconds: Math.round((user + system) / 1e5) / 10,
  nanosecondsPerPair: Math.round(1e12 * seconds / pairs) / 1000,
  featuresMiB: Math.round(held),
  peakMiB: Math.round(peak),
  matches: found.forwardMatches.reduce((sum, count) => sum + count, 0),
  ...("recall" in found && { recall: found.recall }),
  million: {
    hours: Math.round(seconds * 1e6 * 5e5 / pairs / 36) / 100,
    processorHours: Math.round((user + system) / 1e6 * 5e11 / pairs / 36) / 100,
    peakMiB: Math.round(
      rest + 4 * 1.5e6 * width / 2 ** 20 + 1.5e6 * 40 / 2 ** 20,
    ),
  },
}));
