// DOSNES of 2,000 features of width 128, ten identities, in full: neighbours, Sinkhorn-Knopp, 1,000 steps.
import { randomStream } from "../src/core/mod.ts";
import { useBackend } from "../src/engine/mod.ts";
import { dosnes } from "../src/metrics/mod.ts";

const [count, width, identities] = [2000, 128, 10];
const random = randomStream(0, "bench");
const centres = random.normals(identities * width);
const features = {
  width,
  data: random.normals(count * width).map((value, k) => {
    const identity = Math.floor(k / width) % identities;
    return 1.5 * value + centres[identity * width + k % width];
  }),
};
await useBackend();

for (const neighbours of [90, count - 1]) {
  Deno.bench({
    name: `DOSNES, 2,000 x 128, ${neighbours} neighbours, 1,000 steps`,
    group: "dosnes",
    n: 1,
    warmup: 0,
    fn: async () => {
      await dosnes(features, { neighbours });
    },
  });
}
