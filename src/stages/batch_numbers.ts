/**
 * What is logged of the images of a batch, whatever they are rewarded for.
 *
 * @module
 */
import { l2Normalize, tf } from "../engine/mod.ts";
import { scoreBatch, setRewards } from "../rewards/mod.ts";
import type { Metrics } from "./objective.ts";
import type { ReinforceOptions } from "./reinforce_options.ts";

/**
 * The raw rewards as printed, means over the batch, the spread within identities, and the second embedder's opinion.
 *
 * `semantic`, `coverage`, `expressive`: eqs. 3, 5 and 9. `spread`: the mean over the batch's identities of S_g (eq. 8).
 * `auditor`: eq. 3 by the second embedder, where there is one.
 *
 * @param images Images of the batch, an identity's in a row, `[B, H, W, 3]`. Borrowed.
 * @param features What the embedder says of them, `[B, D]`. Borrowed.
 * @param labels Their identities, `[B]`. Borrowed.
 * @param options Bank, second embedder, samples of each identity.
 * @returns Scalars. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { MemoryBank } from "@outis/outis/rewards";
 * import { batchNumbers } from "./batch_numbers.ts";
 *
 * const features = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 0]]);
 * const labels = tf.tensor1d([0, 0, 1, 1], "int32");
 * using bank = MemoryBank.fromFeatures(features, [0, 0, 1, 1], {
 *   fingerprint: "an embedder's",
 * });
 * const images = tf.zeros([4, 8, 8, 3]) as tf.Tensor4D;
 * batchNumbers(images, features, labels, { bank, samples: 2 }).spread.print(); // (1 + 0) / 2
 * ```
 */
export function batchNumbers(
  images: tf.Tensor4D,
  features: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: Pick<ReinforceOptions, "bank" | "auditor" | "samples">,
): Metrics {
  const { bank, auditor, samples = 16 } = options;
  return tf.tidy(() => {
    const sets = setRewards(features, labels, bank, {
      samplesPerIdentity: samples,
      smallGroups: "zeroSpread",
    });
    const average = (values: tf.Tensor) =>
      tf.sum(tf.mul(values, sets.share)) as tf.Scalar;
    const groups = tf.reshape(l2Normalize(features), [
      -1,
      samples,
      features.shape[1],
    ]); // [P, n, D]
    const centres = tf.sub(groups, tf.mean(groups, 1, true));
    const identities = features.shape[0] / samples;
    const spread = tf.div(
      tf.sum(tf.square(centres)),
      identities * Math.max(1, samples - 1),
    ) as tf.Scalar;
    const numbers: Metrics = {
      semantic: average(sets.semantic),
      coverage: average(sets.coverage),
      expressive: average(sets.expressive),
      spread,
    };
    if (auditor !== undefined) {
      const { raw } = scoreBatch(
        auditor.embedder.embed(images),
        labels,
        auditor.bank,
        { samplesPerIdentity: samples, smallGroups: "zeroSpread" },
      );
      numbers.auditor = tf.mean(raw.semantic) as tf.Scalar;
    }
    return numbers;
  });
}
