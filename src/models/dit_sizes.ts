/**
 * Named sizes of the diffusion transformer.
 *
 * The letter says how deep and wide, the digit the side of a token: `ditXL2()` has 256 tokens for latents of 32 x 32.
 *
 * @module
 */

/** Sizes of a `dit`. */
export interface DitConfig {
  /** Height of the latent grid, a multiple of `patch`. */
  height: number;
  /** Width of the latent grid, a multiple of `patch`. */
  width: number;
  /** Channels of the latent grid. */
  channels: number;
  /** Side of a token, grid cells. */
  patch: number;
  /** Width of a token inside. */
  hidden: number;
  /** Number of blocks. */
  depth: number;
  /** Attention heads; a divisor of `hidden`. */
  heads: number;
  /** Number of classes; the null class of guidance stands behind them as one more row. */
  classes: number;
  /** Whether a log-variance per channel is predicted, too: twice the output channels. */
  learnSigma: boolean;
  /**
   * Whether the blocks share one adaLN layer and have only a table of their own added to what it says (adaLN-single of
   * PixArt-α): a third fewer weights. Not in the published DiT.
   *
   * @default {false}
   */
  sharedModulation?: boolean;
}

/** Width, blocks and heads by the letter of the published sizes. */
export const DIT_SIZES = {
  S: { hidden: 384, depth: 12, heads: 6 },
  B: { hidden: 768, depth: 12, heads: 12 },
  L: { hidden: 1024, depth: 24, heads: 16 },
  XL: { hidden: 1152, depth: 28, heads: 16 },
} as const;

/** A published size for images of 256 x 256: latents of 32 x 32 x 4, the 1000 classes of ImageNet. */
function published(
  size: keyof typeof DIT_SIZES,
  patch: 2 | 4 | 8,
  options: Partial<DitConfig>,
): DitConfig {
  return {
    height: 32,
    width: 32,
    channels: 4,
    patch,
    ...DIT_SIZES[size],
    classes: 1000,
    learnSigma: true,
    ...options,
  };
}

/**
 * DiT-S/2: 12 blocks of width 384, 256 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditS2 } from "@outis/outis/models";
 *
 * console.log(ditS2({ height: 64, width: 64 }).hidden); // 384
 * ```
 */
export function ditS2(options: Partial<DitConfig> = {}): DitConfig {
  return published("S", 2, options);
}

/**
 * DiT-S/4: 12 blocks of width 384, 64 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditS4 } from "@outis/outis/models";
 *
 * console.log(ditS4({ height: 64, width: 64 }).hidden); // 384
 * ```
 */
export function ditS4(options: Partial<DitConfig> = {}): DitConfig {
  return published("S", 4, options);
}

/**
 * DiT-S/8: 12 blocks of width 384, 16 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditS8 } from "@outis/outis/models";
 *
 * console.log(ditS8({ height: 64, width: 64 }).hidden); // 384
 * ```
 */
export function ditS8(options: Partial<DitConfig> = {}): DitConfig {
  return published("S", 8, options);
}

/**
 * DiT-B/2: 12 blocks of width 768, 256 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditB2 } from "@outis/outis/models";
 *
 * console.log(ditB2({ height: 64, width: 64 }).hidden); // 768
 * ```
 */
export function ditB2(options: Partial<DitConfig> = {}): DitConfig {
  return published("B", 2, options);
}

/**
 * DiT-B/4: 12 blocks of width 768, 64 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditB4 } from "@outis/outis/models";
 *
 * console.log(ditB4({ height: 64, width: 64 }).hidden); // 768
 * ```
 */
export function ditB4(options: Partial<DitConfig> = {}): DitConfig {
  return published("B", 4, options);
}

/**
 * DiT-B/8: 12 blocks of width 768, 16 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditB8 } from "@outis/outis/models";
 *
 * console.log(ditB8({ height: 64, width: 64 }).hidden); // 768
 * ```
 */
export function ditB8(options: Partial<DitConfig> = {}): DitConfig {
  return published("B", 8, options);
}

/**
 * DiT-L/2: 24 blocks of width 1024, 256 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditL2 } from "@outis/outis/models";
 *
 * console.log(ditL2({ height: 64, width: 64 }).hidden); // 1024
 * ```
 */
export function ditL2(options: Partial<DitConfig> = {}): DitConfig {
  return published("L", 2, options);
}

/**
 * DiT-L/4: 24 blocks of width 1024, 64 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditL4 } from "@outis/outis/models";
 *
 * console.log(ditL4({ height: 64, width: 64 }).hidden); // 1024
 * ```
 */
export function ditL4(options: Partial<DitConfig> = {}): DitConfig {
  return published("L", 4, options);
}

/**
 * DiT-L/8: 24 blocks of width 1024, 16 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditL8 } from "@outis/outis/models";
 *
 * console.log(ditL8({ height: 64, width: 64 }).hidden); // 1024
 * ```
 */
export function ditL8(options: Partial<DitConfig> = {}): DitConfig {
  return published("L", 8, options);
}

/**
 * DiT-XL/2, the paper's backbone: 28 blocks of width 1152, 256 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditXL2 } from "@outis/outis/models";
 *
 * console.log(ditXL2({ height: 64, width: 64 }).hidden); // 1152
 * ```
 */
export function ditXL2(options: Partial<DitConfig> = {}): DitConfig {
  return published("XL", 2, options);
}

/**
 * DiT-XL/4: 28 blocks of width 1152, 64 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditXL4 } from "@outis/outis/models";
 *
 * console.log(ditXL4({ height: 64, width: 64 }).hidden); // 1152
 * ```
 */
export function ditXL4(options: Partial<DitConfig> = {}): DitConfig {
  return published("XL", 4, options);
}

/**
 * DiT-XL/8: 28 blocks of width 1152, 16 tokens for images of 256 x 256.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { ditXL8 } from "@outis/outis/models";
 *
 * console.log(ditXL8({ height: 64, width: 64 }).hidden); // 1152
 * ```
 */
export function ditXL8(options: Partial<DitConfig> = {}): DitConfig {
  return published("XL", 8, options);
}

/**
 * The sizes of the shipped prior of faces: 16 tokens of width 192, 6 blocks with one shared adaLN layer, 3 million weights
 * without the class table.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { smallDit } from "@outis/outis/models";
 *
 * console.log(smallDit({ classes: 30 }).hidden); // 192
 * ```
 */
export function smallDit(options: Partial<DitConfig> = {}): DitConfig {
  return {
    height: 8,
    width: 8,
    channels: 8,
    patch: 2,
    hidden: 192,
    depth: 6,
    heads: 6,
    classes: 1000,
    learnSigma: false,
    sharedModulation: true,
    ...options,
  };
}
