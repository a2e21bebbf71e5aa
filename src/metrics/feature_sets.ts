/**
 * Two sets of features that are compared as distributions.
 *
 * @module
 */
import { checkFinite, checkRange } from "../core/mod.ts";
import type { Features } from "./features.ts";

/** Sizes of two sets. */
export interface SetSizes {
  /** Number of real images. */
  real: number;
  /** Number of synthetic images. */
  synthetic: number;
  /** Number of features of each. */
  width: number;
}

/**
 * Checks two sets of features.
 *
 * @param act What the caller is about to do.
 * @param sets The sets.
 * @param least Fewest images that either must have.
 * @returns Their sizes.
 * @throws {TypeError} If their widths differ.
 * @throws {RangeError} If a set is too small, a width does not fit, or a feature is not finite.
 *
 * @example
 * ```ts
 * import { checkSets } from "./feature_sets.ts";
 *
 * const set = { data: new Float32Array(6), width: 2 };
 * console.log(checkSets("compare", { real: set, synthetic: set }, 2).real); // 3
 * ```
 */
export function checkSets(
  act: string,
  sets: { real: Features; synthetic: Features },
  least: number,
): SetSizes {
  const { real, synthetic } = sets;
  if (real.width !== synthetic.width) {
    throw new TypeError(
      `Cannot ${act} as 'synthetic.width' must be ${real.width} as that of the real features: current value is ${synthetic.width}`,
    );
  }
  return {
    real: countRows(act, "real", real, least),
    synthetic: countRows(act, "synthetic", synthetic, least),
    width: real.width,
  };
}

/**
 * Checks features.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param features The features.
 * @param least Fewest vectors that there must be.
 * @returns Their number.
 * @throws {RangeError} If there are too few, the width does not fit, or a feature is not finite.
 *
 * @example
 * ```ts
 * import { countRows } from "./feature_sets.ts";
 *
 * console.log(countRows("compare", "real", { data: new Float32Array(6), width: 2 }, 2)); // 3
 * ```
 */
export function countRows(
  act: string,
  name: string,
  features: Features,
  least: number,
): number {
  const { data, width } = features;
  checkRange(act, `${name}.width`, width, { min: 1, integer: true });
  checkRange(act, `${name}.data.length / width`, data.length / width, {
    integer: true,
  });
  checkRange(act, `number of vectors in ${name}`, data.length / width, {
    min: least,
  });
  checkFinite(act, `${name}.data`, data);
  return data.length / width;
}
