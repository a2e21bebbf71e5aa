/**
 * Feature vectors in plain memory: evaluation is float64.
 *
 * @module
 */
import { checkFinite, checkRange } from "../core/mod.ts";

/** Feature vectors, one a row. */
export interface Features {
  /** Values, `[count, width]` in row-major order, any norm. */
  data: Float32Array | Float64Array;
  /** D, the number of features. */
  width: number;
}

/**
 * Scales every feature vector to unit length, in float64.
 *
 * A vector of zeros stays one, as in scikit-learn's `normalize`.
 *
 * @param features Vectors of any norm. Not changed.
 * @returns Unit vectors, `[count, width]` in row-major order.
 * @throws {RangeError} If the width is no whole number above 0, does not divide the values, or a value is not finite.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { unitFeatures } from "@outis/outis/metrics";
 *
 * const unit = unitFeatures({ data: new Float32Array([3, 4]), width: 2 });
 * assert(unit[0] === 0.6 && unit[1] === 0.8);
 * ```
 */
export function unitFeatures(features: Features): Float64Array<ArrayBuffer> {
  const { data, width } = features;
  checkRange("use features", "width", width, { min: 1, integer: true });
  checkRange("use features", "data.length / width", data.length / width, {
    integer: true,
  });
  checkFinite("use features", "data", data);
  const unit = Float64Array.from(data);
  for (let row = 0; row < unit.length; row += width) {
    let squares = 0;
    for (let i = row; i < row + width; i++) squares += unit[i] * unit[i];
    const norm = Math.sqrt(squares) || 1;
    for (let i = row; i < row + width; i++) unit[i] /= norm;
  }
  return unit;
}
