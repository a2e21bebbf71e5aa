/**
 * From images to advantages: rewards, their combination, and all that is logged of them.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import { checkRange } from "../core/mod.ts";
import { advantages, groupRelativeAdvantages } from "../policy/mod.ts";
import { type RunningStatistics, scoreBatch } from "../rewards/mod.ts";
import { batchNumbers } from "./batch_numbers.ts";
import { checkAllFinite } from "./health.ts";
import type { Metrics } from "./objective.ts";
import type { PolicyOptions } from "./policy_gradient.ts";
import type { ReinforceOptions } from "./reinforce_options.ts";

/** What becomes of images. */
export interface SampleScore {
  /** What the policy gradient weighs the samples by, `[B]`. */
  advantage: tf.Tensor1D;
  /** Numbers for the log. */
  metrics: Metrics;
  /** Renewed statistics, where there were some. */
  statistics?: RunningStatistics;
}

/** Scores images. */
export interface SampleScorer {
  /** Scores a batch; arguments are borrowed, results owned by the caller. */
  score: (
    images: tf.Tensor4D,
    labels: tf.Tensor1D,
    statistics?: RunningStatistics,
  ) => SampleScore;
  /** Frees the traces. */
  dispose: () => void;
}

/**
 * The rewards' credits that go with a baseline: with the identity's own mean, a shared credit would vanish.
 *
 * @param baseline What is subtracted from a reward.
 * @returns Credits of eqs. 5 and 9.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { creditOptions } from "./score_samples.ts";
 *
 * assertEquals(creditOptions("identity").expressive.credit, "leaveOneOut");
 * ```
 */
export function creditOptions(baseline: "batch" | "identity"): {
  coverage: { credit: "mean" | "marginal" };
  expressive: { credit: "shared" | "leaveOneOut" };
} {
  return baseline === "identity"
    ? {
      coverage: { credit: "marginal" },
      expressive: { credit: "leaveOneOut" },
    }
    : { coverage: { credit: "mean" }, expressive: { credit: "shared" } };
}

/**
 * Prepares the scoring of batches.
 *
 * Logged are the numbers of `batchNumbers`; of each reward `<name>Standardized`, the mean size of its standardised part,
 * whose mean is 0 by definition (0: the reward had no say), and `<name>Weight`; `reward`, the mean size of the total; and
 * `own`, the mean of the own reward where there is one.
 *
 * @param options Those of `reinforce`.
 * @returns The scorer. To be disposed by the caller. It throws a NotFiniteError at images or features that are not finite.
 * @throws {RangeError} If a batch has too few samples or identities for its baseline.
 *
 * @example
 * ```ts
 * import type { ReinforceOptions } from "@outis/outis/stages";
 * import { scoreSamples } from "./score_samples.ts";
 *
 * // What the policy gradient does with every batch.
 * function prepare(options: ReinforceOptions) {
 *   return scoreSamples({ ...options, weights: "adaptive" });
 * }
 * console.log(prepare.length); // 1
 * ```
 */
export function scoreSamples(options: ReinforceOptions): SampleScorer {
  const { bank, embedder, weights, reward, samples = 16 } = options;
  const { baseline = "identity", statistics: kept } = options.policy ?? {};
  const running = kept === "running";
  const act = "take the policy gradient";
  // Of an identity's own samples one is left out and two have to stay (eq. 6); over the batch two identities are needed.
  const least = baseline === "identity"
    ? { samples: 3, identities: 1 }
    : { samples: 2, identities: running ? 1 : 2 };
  const whole = { integer: true };
  checkRange(act, "samples", samples, { min: least.samples, ...whole });
  checkRange(act, "identities", options.identities ?? 8, {
    min: least.identities,
    ...whole,
  });
  const advantageOf = advantageFunction(options.policy ?? {});

  const embed = jit(embedder.embed);
  const score = jit((
    images: tf.Tensor4D,
    features: tf.Tensor2D,
    labels: tf.Tensor1D,
    statistics: RunningStatistics | undefined,
  ) => {
    const scored = scoreBatch(features, labels, bank, {
      baseline,
      ...(weights === undefined ? {} : { weights }),
      ...(statistics === undefined ? {} : { statistics }),
      ...creditOptions(baseline),
      samplesPerIdentity: samples,
    });
    const own = reward?.(features, labels);
    const total = own ?? scored.total;
    const size = (values: tf.Tensor) => tf.mean(tf.abs(values)) as tf.Scalar;
    const names = ["semantic", "coverage", "expressive"] as const;
    const metrics: Metrics = {
      // Logged are the rewards as printed, whatever credits the samples got.
      ...batchNumbers(images, features, labels, options),
      ...Object.fromEntries(names.flatMap((name) => [
        [`${name}Standardized`, size(scored.standardized[name])],
        [`${name}Weight`, scored.weights[name]],
      ])),
      reward: size(total),
      ...(own === undefined ? {} : { own: tf.mean(own) as tf.Scalar }),
    };
    return {
      advantage: advantageOf(total, labels),
      metrics,
      statistics: scored.statistics,
    };
  });
  return {
    score: (images, labels, statistics) =>
      tf.tidy(() => {
        const features = embed(images) as tf.Tensor2D;
        checkAllFinite({ "the images": images, "the features": features });
        const kept = running ? statistics : undefined;
        return score(images, features, labels, kept);
      }),
    dispose() {
      embed.dispose();
      score.dispose();
    },
  };
}

function advantageFunction(
  { advantages: kind = "total", advantageClip: clip = Infinity }: PolicyOptions,
): (total: tf.Tensor1D, labels: tf.Tensor1D) => tf.Tensor1D {
  if (kind === "groupRelative") {
    return (total, labels) => groupRelativeAdvantages(total, labels, { clip });
  }
  const settings = kind === "total"
    ? { baseline: "none", scale: "none" } as const
    : kind;
  return (total, labels) => advantages(total, labels, { ...settings, clip });
}
