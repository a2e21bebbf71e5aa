/**
 * What is subtracted from a reward before it is standardised.
 *
 * @module
 */
import { checkOneOf } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { type BatchLabels, labelTensor, sameIdentity } from "./batch_labels.ts";
import type {
  Baseline,
  StandardizeRewardsOptions,
} from "./standardize_rewards.ts";

/** What is subtracted from a reward before it is standardised over the batch. */
export interface BaselineOptions extends StandardizeRewardsOptions {
  /**
   * `"batch"`: the batch mean, as printed in eq. 10; over several identities that also rewards belonging to an easy one.
   * `"identity"`: the mean of the sample's own identity, which leaves only the choice between its samples (our reading);
   * needs `labels`.
   * @default "batch"
   */
  baseline?: "batch" | "identity";
  /** Identity of each sample, `[B]`; needed by the baseline `"identity"`. Borrowed. */
  labels?: BatchLabels;
}

/**
 * The baseline that the options ask for.
 *
 * @param count Number of samples B.
 * @param options Baseline and labels.
 * @returns The means of the samples' identities, or nothing where the batch mean is enough. It holds tensors of the
 * enclosing `tf.tidy`.
 * @throws {TypeError} If labels are missing or of another number.
 * @throws {RangeError} If the baseline is unknown.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { chooseBaseline } from "./baseline.ts";
 *
 * const baseline = chooseBaseline(3, { baseline: "identity", labels: [0, 1, 0] });
 * baseline?.(tf.tensor2d([[1, 5, 3]])).print(); // [[2, 5, 2]]
 * ```
 */
export function chooseBaseline(
  count: number,
  options: Pick<BaselineOptions, "baseline" | "labels">,
): Baseline | undefined {
  const { baseline = "batch", labels } = options;
  const act = "standardize rewards";
  checkOneOf(act, "baseline", baseline, ["batch", "identity"]);
  if (baseline === "batch") return undefined;
  if (labels === undefined) {
    throw new TypeError(
      `Cannot ${act} as 'labels' must be given with the baseline "identity": current value is undefined`,
    );
  }
  const same = sameIdentity(labelTensor(act, labels, count)); // [B, B]
  const averaging = tf.div(same, tf.sum(same, 0)); // [B, B], columns sum to 1
  return (rewards) => tf.matMul(rewards, averaging as tf.Tensor2D);
}

/**
 * The means of runs: those of identities whose samples come in a row, as many of each.
 *
 * @param samples Number of samples of an identity.
 * @returns The baseline.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { runMeans } from "./baseline.ts";
 *
 * runMeans(2)(tf.tensor2d([[1, 3, 5, 7]])).print(); // [[2, 2, 6, 6]]
 * ```
 */
export function runMeans(samples: number): Baseline {
  return (rewards) =>
    tf.tidy(() => {
      const [count, batch] = rewards.shape;
      const runs = tf.reshape(rewards, [count, batch / samples, samples]);
      const means = tf.tile(tf.mean(runs, 2, true), [1, 1, samples]);
      return tf.reshape(means, [count, batch]);
    });
}
