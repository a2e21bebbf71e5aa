/**
 * The rewards of a batch (eqs. 2 to 11), all in one call and each equation alone: 8 identities with 64 references each, 512
 * features.
 */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { randomStream } from "../src/core/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import {
  adaptiveWeights,
  distributionalCoverage,
  expressiveDiversity,
  MemoryBank,
  rbfKernel,
  scoreBatch,
  semanticConsistency,
  totalReward,
} from "../src/rewards/mod.ts";
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

const reference = tf.slice(bank.tensors.references, [0, 0], [
  REFERENCES,
  WIDTH,
]);
const prototype = tf.squeeze<tf.Tensor1D>(
  tf.slice(bank.tensors.prototypes, [0, 0], [1, WIDTH]),
);
const sigma = bank.bandwidth;

for (const count of [64, 1024]) {
  const generated = features(`generated ${count}`, count);
  const labels = tf.tensor1d(labelsOf(count), "int32");
  const group = `scoreBatch, ${count} samples`;
  const samplesPerIdentity = count / IDENTITIES;
  const blocks = jit((generated: tf.Tensor2D, labels: tf.Tensor1D) =>
    scoreBatch(generated, labels, bank, { samplesPerIdentity })
  );
  const compiled = jit(
    (generated: tf.Tensor2D, labels: tf.Tensor1D) =>
      scoreBatch(generated, labels, bank, { samplesPerIdentity }),
    { compiler: "xla" },
  );
  const adaptive = jit((generated: tf.Tensor2D, labels: tf.Tensor1D) =>
    scoreBatch(generated, labels, bank, {
      samplesPerIdentity,
      weights: "adaptive",
    })
  );
  const masks = jit((generated: tf.Tensor2D, labels: tf.Tensor1D) =>
    scoreBatch(generated, labels, bank)
  );
  const calls = {
    "one by one, identities in blocks": () =>
      scoreBatch(generated, labels, bank, { samplesPerIdentity }),
    "jitted, identities in blocks": () => blocks(generated, labels),
    "the same, adaptive weights": () => adaptive(generated, labels),
    "the same by XLA": () => compiled(generated, labels),
    "jitted, any order": () => masks(generated, labels),
  };
  for (const [name, call] of Object.entries(calls)) {
    tf.dispose(call());
    benchTensors(name, call, {
      group,
      baseline: name.startsWith("jitted, id"),
    });
  }

  const { raw, standardized } = scoreBatch(generated, labels, bank, {
    samplesPerIdentity,
  });
  const kernels = {
    "semanticConsistency (eq. 3)": jit((x: tf.Tensor2D) =>
      semanticConsistency(x, prototype)
    ),
    "rbfKernel (eq. 4)": jit((x: tf.Tensor2D) =>
      rbfKernel(x, reference, sigma)
    ),
    "distributionalCoverage (eq. 5)": jit((x: tf.Tensor2D) =>
      distributionalCoverage(x, reference, { sigma })
    ),
    "expressiveDiversity (eqs. 6 to 9)": jit((x: tf.Tensor2D) =>
      expressiveDiversity(x, reference)
    ),
    "totalReward (eqs. 10 and 11)": jit((_: tf.Tensor2D) => totalReward(raw)),
    "adaptiveWeights": jit((_: tf.Tensor2D) => adaptiveWeights(standardized)),
  };
  for (const [name, kernel] of Object.entries(kernels)) {
    tf.dispose(kernel(generated));
    benchTensors(name, () => kernel(generated), {
      group: `one equation, ${count} samples of one identity`,
    });
  }
}
