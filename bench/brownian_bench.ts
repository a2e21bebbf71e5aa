/** Forces between identities: all pairs in tiles (eq. B4), and the smallest distance of two latents. */
import {
  angularRepulsion,
  smallestLatentDistance,
} from "../src/brownian/mod.ts";
import { randomStream } from "../src/core/mod.ts";
import { tf, useBackend } from "../src/engine/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

await useBackend("auto");
const random = randomStream(1);

for (const count of [1024, 4096]) {
  const group = `${count} identities, 512 features`;
  const noise = normalTensor(random, `identities ${count}`, [count, 512], 1);
  const common = normalTensor(random, "common", [1, 512], 1);
  const apart = noise as tf.Tensor2D;
  const crowded = tf.add(noise, tf.mul(0.8, common)) as tf.Tensor2D;
  const forces = (embeddings: tf.Tensor2D) =>
    angularRepulsion(embeddings, { distance: 1.4 }).gradient;
  benchTensors("forces, few pairs act", () => forces(apart), { group, n: 5 });
  benchTensors("forces, all pairs act", () => forces(crowded), {
    group,
    n: 5,
    baseline: true,
  });
  benchTensors(
    "smallest distance",
    () => tf.scalar(smallestLatentDistance(apart)),
    { group, n: 5 },
  );
}
