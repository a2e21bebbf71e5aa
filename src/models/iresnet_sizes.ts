/**
 * Sizes of insightface's residual networks.
 *
 * @module
 */

/** Sizes of an `iresnet`. */
export interface IresnetConfig {
  /** Blocks in each of the four stages. */
  depths: readonly [number, number, number, number];
  /** Channels of the first stage; each further stage has twice the channels of the one before. */
  channels: number;
  /** Height and width of an image, pixels, a multiple of 16. */
  size: number;
  /** Number of features. */
  features: number;
}

/**
 * IResNet-18: eight blocks, 24 million weights, for faces of 112 x 112 pixels.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { iresnet18 } from "@outis/outis/models";
 *
 * console.log(iresnet18().features); // 512
 * ```
 */
export function iresnet18(options: Partial<IresnetConfig> = {}): IresnetConfig {
  return {
    depths: [2, 2, 2, 2],
    channels: 64,
    size: 112,
    features: 512,
    ...options,
  };
}

/**
 * IResNet-50: twenty-four blocks, 44 million weights, for faces of 112 x 112 pixels.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { iresnet50 } from "@outis/outis/models";
 *
 * console.log(iresnet50().depths); // [3, 4, 14, 3]
 * ```
 */
export function iresnet50(options: Partial<IresnetConfig> = {}): IresnetConfig {
  return iresnet18({ depths: [3, 4, 14, 3], ...options });
}

/**
 * IResNet-100: forty-nine blocks, 65 million weights, for faces of 112 x 112 pixels.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { iresnet100 } from "@outis/outis/models";
 *
 * console.log(iresnet100().depths); // [3, 13, 30, 3]
 * ```
 */
export function iresnet100(
  options: Partial<IresnetConfig> = {},
): IresnetConfig {
  return iresnet18({ depths: [3, 13, 30, 3], ...options });
}
