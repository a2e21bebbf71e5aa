/** The rewards of a batch (eqs. 2 to 11): 8 identities with 64 references each, 512 features. */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { randomStream } from "../src/core/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { MemoryBank, scoreBatch } from "../src/rewards/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

const [IDENTITIES, REFERENCES, WIDTH] = [8, 64, 512];

await useBackend("auto");
const random = randomStream(1);
const features = (name: string, count: number) =>
  normalTensor(random, name, [count, WIDTH], 1) as tf.Tensor2D;
/** Identities in a row, as many of each. */
const labelsOf = (count: number) =>
  Int32Array.from(
    { length: count },
    (_, i) => Math.floor(i * IDENTITIES / count),
  );
const bank = MemoryBank.fromFeatures(
  features("references", IDENTITIES * REFERENCES),
  labelsOf(IDENTITIES * REFERENCES),
  { fingerprint: "random numbers" },
);

for (const count of [64, 1024]) {
  const generated = features(`generated ${count}`, count);
  const labels = tf.tensor1d(labelsOf(count), "int32");
  const group = `scoreBatch, ${count} samples`;
  const samplesPerIdentity = count / IDENTITIES;
  const blocks = jit((generated: tf.Tensor2D, labels: tf.Tensor1D) =>
    scoreBatch(generated, labels, bank, { samplesPerIdentity })
  );
  const masks = jit((generated: tf.Tensor2D, labels: tf.Tensor1D) =>
    scoreBatch(generated, labels, bank)
  );
  tf.dispose([blocks(generated, labels), masks(generated, labels)]);
  benchTensors(
    "one by one, identities in blocks",
    () => scoreBatch(generated, labels, bank, { samplesPerIdentity }),
    { group },
  );
  benchTensors(
    "jitted, identities in blocks",
    () => blocks(generated, labels),
    {
      group,
      baseline: true,
    },
  );
  benchTensors("jitted, any order", () => masks(generated, labels), { group });
}
