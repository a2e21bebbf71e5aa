/**
 * The dense layer.
 *
 * @module
 */
import { linear, tf } from "../engine/mod.ts";
import type { Params, RandomStream } from "../core/mod.ts";
import type { ShapedLayer } from "./layer.ts";
import { uniformTensor } from "./initial.ts";

/** Options of {@linkcode dense}. */
export interface DenseOptions {
  /** Width of the input. */
  inputs: number;
  /** Width of the output. */
  outputs: number;
  /**
   * Whether an offset is added.
   *
   * @default {true}
   */
  bias?: boolean;
  /**
   * First weights: Xavier-uniform as in the transformers of this project, or zeros (the last layer of a gated branch).
   *
   * @default {"xavier"}
   */
  initial?: "xavier" | "zeros";
}

/**
 * y = x W + b on the last axis: `[..., inputs]` to `[..., outputs]`.
 *
 * Weights: `<name>.weight` `[inputs, outputs]` (PyTorch stores the transpose) and `<name>.bias` `[outputs]`. Where a record
 * has `<name>.offsets` of y's shape, they are added, too: the gradient with respect to offsets of zeros is the slope of
 * every row of y, which is what gradients of single samples are made from. No network has them on its own.
 *
 * @example
 * ```ts
 * import { dense } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const layer = dense("fc", { inputs: 4, outputs: 2 });
 * const params = layer.init(randomStream(1));
 * console.log(layer.apply(params, tf.ones([3, 4])).shape); // [3, 2]
 * ```
 */
export function dense(name: string, options: DenseOptions): ShapedLayer {
  const { inputs, outputs, bias = true, initial = "xavier" } = options;
  return {
    shapes: {
      [`${name}.weight`]: [inputs, outputs],
      ...(bias ? { [`${name}.bias`]: [outputs] } : {}),
    },
    init(random: RandomStream): Params {
      const bound = initial === "zeros" ? 0 : Math.sqrt(6 / (inputs + outputs));
      const weight = `${name}.weight`;
      return {
        [weight]: uniformTensor(random, weight, [inputs, outputs], bound),
        ...(bias ? { [`${name}.bias`]: tf.zeros([outputs]) } : {}),
      };
    },
    apply(params, x) {
      const y = linear(
        x,
        params[`${name}.weight`] as tf.Tensor2D,
        params[`${name}.bias`] as tf.Tensor1D | undefined,
      );
      const offsets = params[`${name}.offsets`];
      return offsets === undefined ? y : tf.add(y, offsets);
    },
  };
}
