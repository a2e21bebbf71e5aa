/**
 * Self-attention as a layer.
 *
 * @module
 */
import { attention, tf } from "../engine/mod.ts";
import { dense } from "./dense.ts";
import { initAll, type ShapedLayer, shapesOf } from "./layer.ts";

/** Options of {@linkcode selfAttention}. */
export interface SelfAttentionOptions {
  /** Width of a token. */
  width: number;
  /** Number of heads, a divisor of `width`. */
  heads: number;
}

/**
 * Multi-head self-attention (Vaswani et al., 2017) of tokens `[B, T, width]`.
 *
 * Weights: `<name>.qkv` `[width, 3 width]`, queries, keys and values of all heads behind each other, and `<name>.proj`
 * `[width, width]`, both with `.weight` and `.bias`.
 *
 * @throws {RangeError} If `heads` does not divide `width`.
 *
 * @example
 * ```ts
 * import { selfAttention } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const layer = selfAttention("attn", { width: 8, heads: 2 });
 * const params = layer.init(randomStream(1));
 * console.log(layer.apply(params, tf.ones([1, 5, 8])).shape); // [1, 5, 8]
 * ```
 */
export function selfAttention(
  name: string,
  options: SelfAttentionOptions,
): ShapedLayer<tf.Tensor3D, tf.Tensor3D> {
  const { width, heads } = options;
  if (!(heads > 0 && width % heads === 0)) {
    throw new RangeError(
      `Cannot make self-attention as 'heads' must be a divisor of the width (${width}): current value is ${heads}`,
    );
  }
  const qkv = dense(`${name}.qkv`, { inputs: width, outputs: 3 * width });
  const projection = dense(`${name}.proj`, { inputs: width, outputs: width });
  const parts = [qkv, projection];
  return {
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply: (params, x) =>
      tf.tidy(() => {
        const [batch, count] = x.shape;
        let h = qkv.apply(params, x); // [B, T, 3 width]
        h = tf.reshape(h, [batch, count, 3, heads, width / heads]);
        const [q, k, v] = tf.unstack(tf.transpose(h, [2, 0, 3, 1, 4])); // [B, heads, T, d] each
        h = attention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D);
        h = tf.reshape(tf.transpose(h, [0, 2, 1, 3]), [batch, count, width]);
        return projection.apply(params, h) as tf.Tensor3D;
      }),
  };
}
