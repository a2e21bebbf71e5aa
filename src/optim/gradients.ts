/**
 * Records of gradients: how to take them and how to bound them.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";

/** What a loss may return: the scalar to differentiate, or that and further tensors to look at. */
export type LossParts = {
  /** What is differentiated, a scalar. */
  loss: tf.Tensor;
  /** What else is handed out. */
  [name: string]: tf.Tensor;
};

/**
 * The value of a loss and its gradient with respect to every tensor of a record.
 *
 * TensorFlow.js differentiates either by all `tf.Variable`s or by a flat list of arguments; this is the list form with
 * names, so that weights can stay plain tensors, and intermediate results can be handed out.
 *
 * @param loss A function of the record that returns a scalar, or a record whose `loss` is the scalar to differentiate.
 * @param params Where the gradient is taken. Borrowed.
 * @returns The loss, the other `parts` of the record it returned, and one gradient per tensor, zeros where the loss does
 * not depend on it. Owned by the caller.
 * @throws {TypeError} If the loss is no scalar.
 *
 * @example
 * ```ts
 * import { valueAndGradients } from "@outis/outis/optim";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const { value, gradients } = valueAndGradients(
 *   ({ w }) => tf.sum(tf.square(w)),
 *   { w: tf.tensor1d([1, 2]) },
 * );
 * console.log(value.arraySync(), gradients.w.arraySync()); // 5, [2, 4]
 * ```
 */
export function valueAndGradients(
  loss: (params: Params) => tf.Tensor | LossParts,
  params: Params,
): {
  value: tf.Scalar;
  parts: { [name: string]: tf.Tensor };
  gradients: Params;
} {
  const names = Object.keys(params);
  return tf.tidy(() => {
    const inputs = names.map((name) => params[name]);
    let parts: { [name: string]: tf.Tensor } = {};
    // `allowNoGradients`: a frozen branch or an unused row is no mistake here.
    const { value, grads } = tf.engine().gradients(
      () => {
        const result = loss(
          Object.fromEntries(names.map((name, i) => [name, inputs[i]])),
        );
        if (result instanceof tf.Tensor) return result;
        const { loss: scalar, ...rest } = result;
        // Clones, as a part may be the loss itself or one of the params.
        parts = Object.fromEntries(
          Object.entries(rest).map((
            [name, part],
          ) => [name, tf.keep(tf.clone(part))]),
        );
        return scalar;
      },
      inputs,
      undefined,
      true,
    );
    // Kept through the gradient's own scope only; from here on they belong to this one.
    const engine = tf.engine() as unknown as { track(part: tf.Tensor): void };
    for (const part of Object.values(parts)) {
      part.kept = false;
      engine.track(part);
    }
    // Of a larger loss TensorFlow.js silently differentiates the sum.
    if (value.rank !== 0) {
      throw new TypeError(
        `Cannot take gradients as 'loss' must be a scalar: current value is shape [${value.shape}]`,
      );
    }
    const gradients = Object.fromEntries(
      names.map((name, i) => [name, grads[i] ?? tf.zerosLike(inputs[i])]),
    );
    return { value: value as tf.Scalar, parts, gradients };
  });
}

/**
 * Scales a record of gradients so that its norm over all tensors is at most `maximum`.
 *
 * g ← g · min(1, maximum / ‖g‖)
 *
 * @param gradients Borrowed.
 * @param maximum Largest norm, above 0; `Infinity` only measures.
 * @returns The scaled gradients and the norm before, a scalar. Owned by the caller.
 * @throws {RangeError} If `maximum` is not above 0.
 *
 * @example
 * ```ts
 * import { clipByNorm } from "@outis/outis/optim";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const { gradients, norm } = clipByNorm({ w: tf.tensor1d([3, 4]) }, 1);
 * console.log(norm.arraySync(), gradients.w.arraySync()); // 5, [0.6, 0.8]
 * ```
 */
export function clipByNorm(
  gradients: Params,
  maximum: number,
): { gradients: Params; norm: tf.Scalar } {
  if (!(maximum > 0)) {
    throw new RangeError(
      `Cannot clip gradients as 'maximum' must be above 0: current value is ${maximum}`,
    );
  }
  return tf.tidy(() => {
    const squares = Object.values(gradients).map((g) => tf.sum(tf.square(g)));
    const norm = tf.sqrt(tf.addN(squares)) as tf.Scalar;
    if (maximum === Infinity) {
      const same = Object.entries(gradients).map(([name, g]) => [
        name,
        tf.clone(g),
      ]);
      return { gradients: Object.fromEntries(same), norm };
    }
    const factor = tf.minimum(1, tf.div(maximum, tf.maximum(norm, 1e-12)));
    const scaled = Object.entries(gradients).map(([name, g]) => [
      name,
      tf.mul(g, factor),
    ]);
    return { gradients: Object.fromEntries(scaled), norm };
  });
}
