/** Verification, bias, and measures of generated images, all in float64. */
import { randomStream } from "../src/core/mod.ts";
import { useBackend } from "../src/engine/mod.ts";
import {
  angleDistributions,
  biasMetrics,
  frechetDistance,
  kernelDistance,
  prdc,
  verificationMetrics,
} from "../src/metrics/mod.ts";

await useBackend("auto", { threads: 2 });
const PAIRS = 6000;
const PEOPLE = 3000;

const same = Uint8Array.from(
  { length: PAIRS },
  (_, i) => Math.floor(i / 300) % 2,
);
const group = (seed: number) => ({
  squaredDistances: randomStream(seed, "distances").uniforms(PAIRS),
  same,
  identities: {
    first: Int32Array.from({ length: PAIRS }, (_, i) => i % PEOPLE),
    second: Int32Array.from(same, (kind, i) => (i + 1 - kind) % PEOPLE),
  },
});

Deno.bench("verification of 6,000 pairs in ten folds", { n: 20 }, () => {
  verificationMetrics(group(0).squaredDistances, same);
});

const groups = { A: group(1), B: group(2), C: group(3), D: group(4) };
Deno.bench(
  "bias over four groups of 6,000 pairs, 2,000 redraws",
  { n: 3 },
  () => {
    biasMetrics(groups);
  },
);

const [count, width] = [2000, 512];
const [real, synthetic] = ["real", "synthetic"].map((name) => ({
  data: randomStream(1, name).normals(count * width),
  width,
}));
const labels = Int32Array.from({ length: count }, (_, i) => i % 100);

Deno.bench("Fréchet distance, 2 x 2,000 x 512", { n: 3 }, () => {
  frechetDistance(real, synthetic);
});

Deno.bench("kernel distance, 10 subsets of 1,000", { n: 3 }, () => {
  kernelDistance(real, synthetic, { subsets: 10 });
});

Deno.bench(
  "precision, recall, density, coverage, 2 x 2,000 x 512",
  { n: 3 },
  () => {
    prdc(real, synthetic);
  },
);

Deno.bench("angles of 2,000 x 512, all pairs", { n: 3 }, () => {
  angleDistributions(real, labels);
});
