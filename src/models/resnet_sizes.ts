/**
 * Sizes of residual networks.
 *
 * @module
 */

import type { GeneralizedMeanOptions } from "./generalized_mean.ts";

/** Sizes of a `resnet`. */
export interface ResnetConfig {
  /** What the stages are made of: two 3 x 3 convolutions, or 1 x 1, 3 x 3 and 1 x 1 with four times the channels out. */
  block: "basic" | "bottleneck";
  /** Blocks in each of the four stages. */
  depths: readonly [number, number, number, number];
  /** Channels of the first stage; each further stage has twice the channels of the one before. */
  channels: number;
  /** Step of the last stage, pixels. 1 keeps its map twice as high and wide, as is usual for re-identification. */
  lastStride: 1 | 2;
  /** How the last map becomes a vector: the mean over its pixels, or a generalised one, which looks more at peaks. */
  pooling: "average" | GeneralizedMeanOptions;
  /** Whether the vector is normalised over the batch before it is classified and compared (BNNeck). */
  neck: boolean;
  /** Number of classes of the classifier `fc`; 0 for features alone. */
  classes: number;
}

/**
 * ResNet-18: eight basic blocks, 512 features, 11 million weights.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { resnet18 } from "@outis/outis/models";
 *
 * console.log(resnet18({ lastStride: 1 }).depths); // [2, 2, 2, 2]
 * ```
 */
export function resnet18(options: Partial<ResnetConfig> = {}): ResnetConfig {
  return {
    block: "basic",
    depths: [2, 2, 2, 2],
    channels: 64,
    lastStride: 2,
    pooling: "average",
    neck: false,
    classes: 0,
    ...options,
  };
}

/**
 * ResNet-34: sixteen basic blocks, 512 features, 21 million weights.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { resnet34 } from "@outis/outis/models";
 *
 * console.log(resnet34({ lastStride: 1 }).depths); // [3, 4, 6, 3]
 * ```
 */
export function resnet34(options: Partial<ResnetConfig> = {}): ResnetConfig {
  return resnet18({ depths: [3, 4, 6, 3], ...options });
}

/**
 * ResNet-50: sixteen bottlenecks, 2048 features, 24 million weights.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { resnet50 } from "@outis/outis/models";
 *
 * console.log(resnet50({ lastStride: 1 }).depths); // [3, 4, 6, 3]
 * ```
 */
export function resnet50(options: Partial<ResnetConfig> = {}): ResnetConfig {
  return resnet34({ block: "bottleneck", ...options });
}

/**
 * ResNet-101: thirty-three bottlenecks, 2048 features, 43 million weights.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { resnet101 } from "@outis/outis/models";
 *
 * console.log(resnet101({ lastStride: 1 }).depths); // [3, 4, 23, 3]
 * ```
 */
export function resnet101(options: Partial<ResnetConfig> = {}): ResnetConfig {
  return resnet50({ depths: [3, 4, 23, 3], ...options });
}
