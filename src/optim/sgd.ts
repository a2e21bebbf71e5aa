/**
 * Stochastic gradient descent.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@linkcode sgd}. */
export interface SgdOptions {
  /**
   * Share of the last step that is kept, in [0, 1).
   *
   * @default {0}
   */
  momentum?: number;
  /**
   * L2 decay, added to the gradient as PyTorch's `SGD` does.
   *
   * @default {0}
   */
  weightDecay?: number;
}

/**
 * SGD with momentum, with PyTorch's conventions: u ← momentum · u + g + weightDecay · w, w ← w - rate · u.
 *
 * @throws {RangeError} If the momentum is out of its range.
 *
 * @example
 * ```ts
 * import { sgd } from "@outis/outis/optim";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const optimizer = sgd({ momentum: 0.9 });
 * const params = { w: tf.tensor1d([1]) };
 * const state = optimizer.init(params);
 * const next = optimizer.update(params, { w: tf.tensor1d([2]) }, state, tf.scalar(0.1));
 * console.log(next.params.w.arraySync()); // [0.8]
 * ```
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, weightDecay = 0 } = options;
  if (!(momentum >= 0 && momentum < 1)) {
    throw new RangeError(
      `Cannot make an SGD optimiser as 'momentum' must be in [0, 1): current value is ${momentum}`,
    );
  }
  return {
    init: (params) =>
      momentum === 0 ? {} : Object.fromEntries(
        Object.entries(params).map(([name, w]) => [
          `u/${name}`,
          tf.zerosLike(w),
        ]),
      ),
    update: (params, gradients, state, rate) =>
      tf.tidy(() => {
        const nextParams: Params = {};
        const nextState: Params = {};
        for (const [name, w] of Object.entries(params)) {
          let u = gradients[name];
          if (weightDecay > 0) u = tf.add(u, tf.mul(weightDecay, w));
          if (momentum > 0) {
            u = tf.add(tf.mul(momentum, state[`u/${name}`]), u);
            nextState[`u/${name}`] = u;
          }
          nextParams[name] = tf.sub(w, tf.mul(rate, u));
        }
        return { params: nextParams, state: nextState };
      }),
  };
}
