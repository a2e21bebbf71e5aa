/**
 * Sizes of vision transformers.
 *
 * @module
 */

/** Sizes of a `vit`. */
export interface VitConfig {
  /** Image height, pixels, a multiple of `patch`. */
  height: number;
  /** Image width, pixels, a multiple of `patch`. */
  width: number;
  /** Side of a patch, pixels. */
  patch: number;
  /** Width of a token. */
  hidden: number;
  /** Number of blocks. */
  depth: number;
  /** Attention heads, a divisor of `hidden`. */
  heads: number;
  /** Number of classes of the classifier `head`; 0 for features alone. */
  classes: number;
}

/**
 * ViT-S/16: 384 features, 22 million weights.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { vitS16 } from "@outis/outis/models";
 *
 * console.log(vitS16({ height: 256, width: 128 }).hidden); // 384
 * ```
 */
export function vitS16(options: Partial<VitConfig> = {}): VitConfig {
  return {
    height: 224,
    width: 224,
    patch: 16,
    hidden: 384,
    depth: 12,
    heads: 6,
    classes: 0,
    ...options,
  };
}

/**
 * ViT-B/16: 768 features, 86 million weights.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { vitB16 } from "@outis/outis/models";
 *
 * console.log(vitB16({ height: 256, width: 128 }).hidden); // 768
 * ```
 */
export function vitB16(options: Partial<VitConfig> = {}): VitConfig {
  return vitS16({ hidden: 768, heads: 12, ...options });
}
