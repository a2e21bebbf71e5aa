/**
 * The rewards of a batch: eqs. 3 to 11 against a bank that is ready.
 *
 * @module
 */
import { type Params, randomStream } from "../../src/core/mod.ts";
import { jit, tf } from "../../src/engine/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { MemoryBank, scoreBatch } from "../../src/rewards/mod.ts";
import type { Work } from "./work.ts";

/** Identities of the bank, references of each, width of features. */
const [IDENTITIES, REFERENCES, WIDTH] = [8, 64, 512];

/** Samples of eight identities against 64 references each: raw and standardised rewards and their total. */
export function rewardBatch({ samples }: { samples: number }): Work {
  return {
    name: `rewards of ${samples} samples, 8 x 64 references`,
    peer: "rewardBatch",
    variants: ["compile"],
    repeats: 20,
    tensors(): Params {
      const random = randomStream(1);
      const centres = normalTensor(
        random,
        "centres",
        [IDENTITIES, 1, WIDTH],
        1,
      );
      // Identities differ in spread, else eq. 9 is the same for all and eq. 10 makes its rounding visible.
      const spread = tf.linspace(0.4, 1.2, IDENTITIES).reshape([-1, 1, 1]);
      const around = (name: string, count: number): tf.Tensor =>
        tf.tidy(() => {
          const shape = [IDENTITIES, count / IDENTITIES, WIDTH];
          const noise = tf.mul(normalTensor(random, name, shape, 1), spread);
          return tf.reshape(tf.add(centres, noise), [count, WIDTH]);
        });
      const tensors = {
        features: around("generated", samples),
        labels: labelsOf(samples),
        references: around("references", IDENTITIES * REFERENCES),
        referenceLabels: labelsOf(IDENTITIES * REFERENCES),
      };
      tf.dispose([centres, spread]);
      return tensors;
    },
    start({ features, labels, references, referenceLabels }) {
      const bank = MemoryBank.fromFeatures(
        references as tf.Tensor2D,
        referenceLabels.dataSync(),
        { fingerprint: "normal numbers" },
      );
      const score = jit(
        (features: tf.Tensor2D, labels: tf.Tensor1D) =>
          scoreBatch(features, labels, bank, {
            samplesPerIdentity: samples / IDENTITIES,
            coverage: { sigma: 1 },
          }),
        { compiler: "xla" },
      );
      return {
        run() {
          const { total, raw, standardized, weights } = score(
            features as tf.Tensor2D,
            labels as tf.Tensor1D,
          );
          tf.dispose(weights);
          return [total, ...inOrder(raw), ...inOrder(standardized)];
        },
        dispose() {
          score.dispose();
          bank[Symbol.dispose]();
        },
      };
    },
  };
}

function inOrder(
  { semantic, coverage, expressive }: Record<string, tf.Tensor>,
): tf.Tensor[] {
  return [semantic, coverage, expressive];
}

function labelsOf(count: number): tf.Tensor1D {
  const labels = Int32Array.from(
    { length: count },
    (_, i) => Math.floor(i * IDENTITIES / count),
  );
  return tf.tensor1d(labels, "int32");
}
