/**
 * Time of the audit's search for copies and crops: `deno run -A bench/audit_duplicates.ts [--first M] [--second N]`.
 *
 * Two hundred rendered faces of either side, cut and dimmed at random, are images enough. The coarse look grows with
 * pairs, the alignment with images of the second set: both are printed, and what 100,000 x 50,000 would take.
 */
import process from "node:process";
import { parseArgs } from "@std/cli/parse-args";
import { randomStream } from "../src/core/mod.ts";
import { gatherPixels } from "../src/data/mod.ts";
import { useBackend } from "../src/engine/mod.ts";
import {
  addPrint,
  findDuplicates,
  type PixelPrints,
  pixelPrints,
} from "../src/privacy/mod.ts";
import { proceduralFaces } from "../src/world/mod.ts";

const options = parseArgs(Deno.args, {
  string: ["first", "second"],
  default: { first: "5000", second: "10000" },
});
const [m, n] = [Number(options.first), Number(options.second)];
await useBackend("auto");

function prints(count: number, firstIdentity: number): PixelPrints {
  const side = 64;
  const faces = proceduralFaces({
    identities: 100,
    imagesPerIdentity: 2,
    size: side,
    firstIdentity,
  });
  const random = randomStream(firstIdentity);
  const all = pixelPrints(count);
  for (let i = 0; i < count; i++) {
    const pixels = gatherPixels(faces, [i % faces.count]);
    const [dim, shift] = [0.6 + 0.4 * random.uniform(), random.integer(5)];
    // A shift of some pixels to the left, and noise: pictures of one person, not copies.
    addPrint(
      all,
      i,
      pixels.map((_, at) =>
        dim * pixels[Math.min(pixels.length - 1, at + 3 * shift)] +
        0.3 * random.uniform()
      ),
      side,
    );
  }
  return all;
}

const [first, second] = [prints(m, 0), prints(n, 1000)];
const clock = () => {
  const { user, system } = process.cpuUsage();
  return [performance.now() / 1000, (user + system) / 1e6];
};
const [start, used] = clock();
let middle = [start, used];
const found = await findDuplicates(first, second, {
  onProgress: (done, total) => {
    if (done === total - n) middle = clock(); // the coarse look is over
  },
});
const end = clock();
const [seconds, processorSeconds] = [0, 1].map((k) => {
  const [look, align] = [middle[k] - [start, used][k], end[k] - middle[k]];
  const large = look * 1e5 * 5e4 / (m * n) + align * 1e5 / n;
  return { look, align, "100,000 x 50,000": Math.round(large) };
});
console.log(JSON.stringify({
  name: `near duplicates, ${n} in ${m}`,
  seconds,
  processorSeconds,
  found: found.length,
  peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
}));
