/**
 * Eq. 12: what one step of training does to the loss of a synthetic sample.
 *
 * @module
 */
import {
  checkOneOf,
  checkRange,
  checkShape,
  type Params,
} from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import {
  batchGradient,
  type LabelledBatch,
  moveAlong,
  type SampleLoss,
  sampleLosses,
} from "./batch_gradient.ts";
import { directionalDerivative } from "./directional_derivative.ts";

/** Options of {@linkcode lookaheadUtility}. */
export interface LookaheadUtilityOptions {
  /**
   * Rate η of the virtual step, above 0: the current learning rate of training. A number, or a scalar where it changes
   * between calls of a jitted function. Borrowed.
   */
  learningRate: number | tf.Scalar;
  /**
   * Which weights the virtual step moves. Those that the loss does not depend on stay in any case; name stored statistics
   * of batch normalisation here if the loss reads them.
   * @default all
   */
  trainable?: (name: string) => boolean;
  /**
   * `"exact"`: losses before and after the virtual step. `"firstOrder"`: what they would change by if they were straight,
   * -η ⟨∇l(x̂), ∇L⟩ over all weights that are moved. It costs the same (two forward passes on the candidates, along the
   * gradient and against it), and says which part of the exact utility is direction and which is curvature; what is
   * cheaper is {@linkcode classifierUtility}.
   * @default "exact"
   */
  method?: "exact" | "firstOrder";
}

/**
 * Lookahead utility of candidates: the change of their loss by one virtual step on the mixed batch.
 *
 * Δl(x̂) = l(w', x̂) - l(w, x̂), w' = w - η ∇_w mean L(batch) (eq. 12), with plain gradient descent whatever the optimiser
 * of training is (our reading). The smaller, the better the sample agrees with where training is going. One backward pass
 * on the batch and two forward passes on the candidates; weights and their statistics are not changed. Runs inside `jit`.
 *
 * @param loss Loss of each sample.
 * @param params Weights w. Borrowed.
 * @param data `batch`, the mixed batch of real and synthetic samples; `candidates`, the synthetic samples to judge, C of
 * them. Borrowed.
 * @param options Rate of the virtual step and the weights it moves.
 * @returns Utility of each candidate, `[C]`, in nats; negative where the loss falls. Owned by the caller.
 * @throws {TypeError} If labels and images differ in number, or the loss returns another shape than `[B]`.
 * @throws {RangeError} If the rate is not above 0, or no weight is moved.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { lookaheadUtility } from "@outis/outis/selection";
 *
 * // One weight w, loss (w - x)² / 2: from w = 0 a step at x = 1 goes to 0.5.
 * const batch = { images: tf.tensor([1]), labels: tf.tensor1d([0], "int32") };
 * const utility = lookaheadUtility(
 *   ({ w }, x) => tf.div(tf.square(tf.sub(w, x)), 2) as tf.Tensor1D,
 *   { w: tf.scalar(0) },
 *   { batch, candidates: batch },
 *   { learningRate: 0.5 },
 * );
 * utility.print(); // [0.125 - 0.5]
 * ```
 */
export function lookaheadUtility(
  loss: SampleLoss,
  params: Params,
  data: { batch: LabelledBatch; candidates: LabelledBatch },
  options: LookaheadUtilityOptions,
): tf.Tensor1D {
  const { learningRate, trainable = () => true, method = "exact" } = options;
  const { batch, candidates } = data;
  checkRate(learningRate);
  checkOneOf("look ahead", "method", method, ["exact", "firstOrder"]);
  checkLabels("batch", batch);
  checkLabels("candidates", candidates);
  return tf.tidy(() => {
    // First, so that a loss of a wrong shape is refused before a gradient is taken: tfjs leaks when that throws.
    const before = method === "exact"
      ? sampleLosses(loss, params, candidates)
      : undefined;
    const gradients = batchGradient(loss, params, batch, {
      option: "trainable",
      includes: trainable,
    });
    if (before === undefined) {
      const slope = directionalDerivative(loss, params, gradients, candidates);
      return tf.neg(tf.mul(slope, learningRate)); // [C]
    }
    const virtual = moveAlong(params, gradients, tf.neg(learningRate));
    return tf.sub(sampleLosses(loss, virtual, candidates), before); // [C]
  });
}

/**
 * Checks the rate of a virtual step.
 *
 * @param learningRate The rate; a scalar is not looked at.
 * @throws {RangeError} If it is not above 0.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkRate } from "./lookahead_utility.ts";
 *
 * checkRate(0.1);
 * assertThrows(() => checkRate(0), RangeError);
 * ```
 */
export function checkRate(learningRate: number | tf.Scalar): void {
  if (typeof learningRate !== "number") return;
  const above = { min: 0, exclusive: "min" } as const;
  checkRange("look ahead", "learningRate", learningRate, above);
}

/**
 * Checks that a batch has as many labels as images.
 *
 * @param name Name of the batch.
 * @param batch Images and labels. Borrowed.
 * @throws {TypeError} If the numbers differ.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertThrows } from "@std/assert";
 * import { checkLabels } from "./lookahead_utility.ts";
 *
 * const labels = tf.tensor1d([0], "int32");
 * const images = tf.ones([2, 3]);
 * assertThrows(() => checkLabels("batch", { images, labels }), TypeError);
 * ```
 */
export function checkLabels(name: string, batch: LabelledBatch): void {
  checkShape("look ahead", `${name}.labels`, batch.labels, [
    batch.images.shape[0],
  ]);
}
