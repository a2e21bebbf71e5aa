/** The inner step of reinforcement: loss and gradient of one transition of 8 x 16 latents of the shipped prior's size. */
import { type tf, useBackend } from "../src/engine/mod.ts";
import { benchTensors } from "./bench_tensors.ts";
import { reinforceStep } from "./peers/reinforce_works.ts";

await useBackend("auto");
for (const trainable of ["labelEmbedding+adaLN", "all"] as const) {
  const work = reinforceStep(trainable);
  const { run } = work.start(work.tensors());
  // It does not wait for anything.
  const step = run as () => tf.Tensor[];
  benchTensors("jitted", step, { group: work.name, n: 8 });
}
