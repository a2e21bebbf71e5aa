/**
 * Adam and AdamW.
 *
 * | symbol | here |
 * | --- | --- |
 * | β₁, β₂ | `beta1`, `beta2` |
 * | ε | `epsilon` |
 * | m, v | state `m/<name>`, `v/<name>` |
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@linkcode adam}. */
export interface AdamOptions {
  /**
   * Decay of the mean of gradients, in [0, 1).
   *
   * @default {0.9}
   */
  beta1?: number;
  /**
   * Decay of the mean of squared gradients, in [0, 1).
   *
   * @default {0.999}
   */
  beta2?: number;
  /**
   * Added to the root before dividing.
   *
   * @default {1e-8}
   */
  epsilon?: number;
  /**
   * Weight decay.
   *
   * @default {0}
   */
  weightDecay?: number;
  /**
   * Where the decay acts: on the gradient (Adam with L2, PyTorch's `Adam`) or on the weights (`AdamW`).
   *
   * @default {"decoupled"}
   */
  decay?: "coupled" | "decoupled";
}

/**
 * Adam (Kingma and Ba, 2015), with PyTorch's conventions.
 *
 * m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g²,
 * w ← w - rate · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
 *
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { adam } from "@outis/outis/optim";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const optimizer = adam();
 * const params = { w: tf.tensor1d([1]) };
 * const state = optimizer.init(params);
 * const next = optimizer.update(params, { w: tf.tensor1d([3]) }, state, tf.scalar(0.1));
 * console.log(next.params.w.arraySync()); // [0.9]: the first step has the size of the rate
 * ```
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0,
    decay = "decoupled",
  } = options;
  for (const [name, beta] of [["beta1", beta1], ["beta2", beta2]] as const) {
    if (!(beta >= 0 && beta < 1)) {
      throw new RangeError(
        `Cannot make an Adam optimiser as '${name}' must be in [0, 1): current value is ${beta}`,
      );
    }
  }
  return {
    init(params) {
      const state: Params = { step: tf.scalar(0) };
      for (const [name, w] of Object.entries(params)) {
        state[`m/${name}`] = tf.zerosLike(w);
        state[`v/${name}`] = tf.zerosLike(w);
      }
      return state;
    },
    update: (params, gradients, state, rate) =>
      tf.tidy(() => {
        const step = tf.add(state.step, 1);
        const correction1 = tf.sub(1, tf.pow(beta1, step));
        const rootCorrection2 = tf.sqrt(tf.sub(1, tf.pow(beta2, step)));
        // rate · m̂ / (√v̂ + ε) with the corrections gathered into two scalars.
        const size = tf.div(tf.mul(rate, rootCorrection2), correction1);
        const floor = tf.mul(epsilon, rootCorrection2);
        const nextParams: Params = {};
        const nextState: Params = { step };
        for (const [name, w] of Object.entries(params)) {
          let g = gradients[name];
          if (weightDecay > 0 && decay === "coupled") {
            g = tf.add(g, tf.mul(weightDecay, w));
          }
          const m = lerp(state[`m/${name}`], g, 1 - beta1);
          const v = lerp(state[`v/${name}`], tf.square(g), 1 - beta2);
          const change = tf.mul(size, tf.div(m, tf.add(tf.sqrt(v), floor)));
          const kept = weightDecay > 0 && decay === "decoupled"
            ? tf.mul(w, tf.sub(1, tf.mul(rate, weightDecay)))
            : w;
          nextParams[name] = tf.sub(kept, change);
          nextState[`m/${name}`] = m;
          nextState[`v/${name}`] = v;
        }
        return { params: nextParams, state: nextState };
      }),
  };
}

/** a + t (b - a) */
function lerp(a: tf.Tensor, b: tf.Tensor, t: number): tf.Tensor {
  return tf.add(a, tf.mul(t, tf.sub(b, a)));
}
