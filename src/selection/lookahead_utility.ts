/**
 * Eq. 12: what one step of training does to the loss of a synthetic sample.
 *
 * @module
 */
import { checkRange, checkShape, type Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/**
 * Loss of each sample as a function of weights: `(params, images, labels) -> [B]`.
 *
 * It borrows its arguments and must be pure. A network with batch normalisation computes with the statistics of the batch
 * or with stored ones, but keeps updates of the stored ones to itself: then the virtual step leaves them untouched.
 */
export type SampleLoss = (
  params: Params,
  images: tf.Tensor,
  labels: tf.Tensor1D,
) => tf.Tensor1D;

/** Images and their classes. A `type`, so that it can go through `jit`. */
export type LabelledBatch = {
  /** Images or whatever the loss takes, first axis B. */
  images: tf.Tensor;
  /** Class of each, int32, `[B]`. */
  labels: tf.Tensor1D;
};

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
}

/**
 * Lookahead utility of candidates: the change of their loss by one virtual step on the mixed batch.
 *
 * Δl(x̂) = l(w', x̂) - l(w, x̂), w' = w - η ∇_w mean L(batch) (eq. 12), with plain gradient descent whatever the optimiser
 * of training is (our reading). The smaller, the better the sample agrees with where training is going. Exact: one
 * backward pass on the batch and two forward passes on the candidates; weights and their statistics are not changed. Runs
 * inside `jit`.
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
  const { learningRate, trainable = () => true } = options;
  const { batch, candidates } = data;
  if (typeof learningRate === "number") {
    checkRange("look ahead", "learningRate", learningRate, {
      min: 0,
      exclusive: "min",
    });
  }
  checkShape("look ahead", "batch.labels", batch.labels, [
    batch.images.shape[0],
  ]);
  checkShape("look ahead", "candidates.labels", candidates.labels, [
    candidates.images.shape[0],
  ]);
  return tf.tidy(() => {
    // First, so that a loss of a wrong shape is refused before a gradient is taken: tfjs leaks when that throws.
    const before = sampleLosses(loss, params, candidates);
    const virtual = virtualStep(
      (weights) => tf.mean(sampleLosses(loss, weights, batch)),
      params,
      Object.keys(params).filter(trainable),
      learningRate,
    );
    const after = sampleLosses(loss, virtual, candidates);
    return tf.sub(after, before); // [C]
  });
}

/** w - η ∇ objective(w), for the named weights that the objective depends on; the others as they are. */
function virtualStep(
  objective: (params: Params) => tf.Tensor,
  params: Params,
  names: string[],
  learningRate: number | tf.Scalar,
): Params {
  const moved: Params = {};
  if (names.length > 0) {
    // tf.grads refuses weights without influence; its engine leaves their gradient out.
    const { grads } = tf.engine().gradients(
      () => objective(params) as tf.Scalar,
      names.map((name) => params[name]),
      undefined,
      true,
    );
    names.forEach((name, i) => {
      const gradient = grads[i] as tf.Tensor | null | undefined;
      if (gradient === null || gradient === undefined) return;
      moved[name] = tf.sub(params[name], tf.mul(gradient, learningRate));
    });
  }
  if (Object.keys(moved).length === 0) {
    throw new RangeError(
      `Cannot look ahead as 'trainable' must leave a weight that the loss depends on: current value is one of ${names.length} weights without influence`,
    );
  }
  return { ...params, ...moved };
}

function sampleLosses(
  loss: SampleLoss,
  params: Params,
  { images, labels }: LabelledBatch,
): tf.Tensor1D {
  const losses = loss(params, images, labels);
  checkShape("look ahead", "loss(params, images, labels)", losses, [
    images.shape[0],
  ]);
  return losses;
}
