/**
 * Batch normalisation as a layer, with running statistics.
 *
 * @module
 */
import { batchNorm, stopGradient, tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { ShapedLayer } from "./layer.ts";

/** One forward pass through a network with batch normalisation. */
export interface Pass {
  /** Weights and running statistics of the whole network. Borrowed. */
  params: Params;
  /** Whether to normalise by the statistics of this batch, and renew the running ones. */
  training: boolean;
  /** Where layers put their renewed statistics, under their names; empty without training. */
  statistics: Params;
}

/** A part of such a network. */
export interface PassLayer<Input = tf.Tensor4D, Output = tf.Tensor4D>
  extends Pick<ShapedLayer, "shapes" | "init"> {
  /** Computes the output, owned by the caller. */
  apply: (pass: Pass, input: Input) => Output;
}

/** Options of {@linkcode batchNormalization}. */
export interface BatchNormalizationOptions {
  /** Channels of the input. */
  channels: number;
  /**
   * What is added to the variance.
   *
   * @default {1e-5}
   */
  epsilon?: number;
  /**
   * Scale or offset that gets no gradient and so stays as it is, beginning at 1 and 0.
   *
   * @default none
   */
  frozen?: "scale" | "offset";
}

/**
 * Batch normalisation of images `[B, H, W, channels]` or vectors `[B, channels]`.
 *
 * Weights: `<name>.weight` and `<name>.bias`; running statistics `<name>.running_mean` and `<name>.running_var`; all
 * `[channels]`. As PyTorch's layer, with momentum 0.1, but that a pass returns the renewed statistics and changes
 * nothing.
 *
 * @example
 * ```ts
 * import { batchNormalization } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const layer = batchNormalization<tf.Tensor2D>("bn", { channels: 1 });
 * const pass = { params: layer.init(randomStream(1)), training: true, statistics: {} };
 * layer.apply(pass, tf.tensor2d([[2], [4]])).print(); // [[-1], [1]]
 * console.log(Object.keys(pass.statistics)); // bn.running_mean, bn.running_var
 * ```
 */
export function batchNormalization<
  T extends tf.Tensor4D | tf.Tensor2D = tf.Tensor4D,
>(
  name: string,
  options: BatchNormalizationOptions,
): PassLayer<T, T> {
  const { channels, epsilon = 1e-5, frozen } = options;
  const [weight, bias, mean, variance] = [
    "weight",
    "bias",
    "running_mean",
    "running_var",
  ].map((part) => `${name}.${part}`);
  return {
    shapes: Object.fromEntries(
      [weight, bias, mean, variance].map((name) => [name, [channels]]),
    ),
    init: () => ({
      [weight]: tf.ones([channels]),
      [bias]: tf.zeros([channels]),
      [mean]: tf.zeros([channels]),
      [variance]: tf.ones([channels]),
    }),
    apply({ params, training, statistics }, x) {
      const vector = (name: string) => params[name] as tf.Tensor1D;
      const { output, runningMean, runningVariance } = batchNorm(x, {
        scale: frozen === "scale"
          ? stopGradient(vector(weight))
          : vector(weight),
        offset: frozen === "offset" ? stopGradient(vector(bias)) : vector(bias),
        mean: vector(mean),
        variance: vector(variance),
        training,
        epsilon,
      });
      if (training) {
        statistics[mean] = runningMean;
        statistics[variance] = runningVariance;
      }
      return output;
    },
  };
}
