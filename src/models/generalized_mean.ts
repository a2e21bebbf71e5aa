/**
 * Generalised-mean pooling.
 *
 * | symbol | here |
 * | --- | --- |
 * | p | `power`, weight `<name>.p` |
 * | ε | `FLOOR` |
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { ShapedLayer } from "../nn/mod.ts";

/** Options of {@linkcode generalizedMean}. */
export interface GeneralizedMeanOptions {
  /** The power p, above 0: 1 is the mean, larger ones come closer to the maximum. 3 is usual. */
  power: number;
  /** Whether the power is trained, beginning there. */
  learned: boolean;
}

/** Values below count as this, so that every power has a gradient. */
const FLOOR = 1e-6;

/**
 * Generalised-mean pooling (GeM; Radenović et al., 2019) of maps `[B, H, W, C]` to `[B, C]`:
 * y = (mean of max(x, ε)ᵖ over the pixels)^(1/p), with ε = 1e-6.
 *
 * Weight, where the power is learned: `<name>.p` `[1]`.
 *
 * @throws {RangeError} If `power` is not above 0.
 *
 * @example
 * ```ts
 * import { generalizedMean } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const pool = generalizedMean("pool", { power: 2, learned: false });
 * const map = tf.tensor4d([[[[1], [7]]]]);
 * pool.apply({}, map).print(); // [[5]]: the root of (1 + 49) / 2
 * ```
 */
export function generalizedMean(
  name: string,
  options: GeneralizedMeanOptions,
): ShapedLayer<tf.Tensor4D, tf.Tensor2D> {
  const { power, learned } = options;
  if (!(power > 0 && power < Infinity)) {
    throw new RangeError(
      `Cannot make generalised-mean pooling as 'power' must be above 0: current value is ${power}`,
    );
  }
  const weight = `${name}.p`;
  return {
    shapes: learned ? { [weight]: [1] } : {},
    init: () => learned ? { [weight]: tf.fill([1], power) } : {},
    apply: (params, x) =>
      tf.tidy(() => {
        const floored = tf.maximum(x, FLOOR);
        if (!learned) {
          const mean = tf.mean(raised(floored, power), [1, 2]);
          return tf.pow(mean, 1 / power) as tf.Tensor2D;
        }
        const p = params[weight];
        const mean = tf.mean(tf.pow(floored, p), [1, 2]);
        return tf.pow(mean, tf.div(1, p)) as tf.Tensor2D;
      }),
  };
}

/** A map to a power; the usual one by multiplication, which is many times faster. */
function raised(x: tf.Tensor, power: number): tf.Tensor {
  return power === 3 ? tf.mul(x, tf.square(x)) : tf.pow(x, power);
}
