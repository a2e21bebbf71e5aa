/**
 * Mean and covariance of features.
 *
 * @module
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { doubleProducts } from "../engine/mod.ts";
import type { Features } from "./features.ts";

/** Mean and covariance. */
export interface GaussianFit {
  /** Mean, `[width]`. */
  mean: Float64Array;
  /** A, `[rank or more, width]`, of which AᵀA is the covariance with n - 1. */
  factor: Matrix;
  /** Trace of the covariance. */
  trace: number;
}

/** Vectors whose products are added at a time. */
const BLOCK = 1024;

/**
 * Fits a normal distribution to features, in float64.
 *
 * The factor is the centred features over sqrt(n - 1) where they are few; else √Λ Vᵀ from the eigenvalues and eigenvectors
 * of the covariance, so that its size is the width's.
 *
 * @param features At least two vectors, checked.
 * @returns Mean, factor of the covariance, trace.
 *
 * @example
 * ```ts
 * import { gaussianFit } from "./gaussian_fit.ts";
 *
 * const { mean, trace } = gaussianFit({ data: new Float32Array([1, 0, 3, 0]), width: 2 });
 * console.log(mean[0], trace); // 2 2
 * ```
 */
export function gaussianFit(features: Features): GaussianFit {
  const { data, width } = features;
  const count = data.length / width;
  const mean = new Float64Array(width);
  for (let at = 0; at < data.length; at++) mean[at % width] += data[at];
  for (let i = 0; i < width; i++) mean[i] /= count;
  const scale = 1 / Math.sqrt(count - 1);
  const centred = (row: number, i: number): number =>
    (data[row * width + i] - mean[i]) * scale;
  let trace = 0;
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) trace += centred(row, i) ** 2;
  }
  if (count <= width) {
    const factor = new Matrix(count, width);
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < width; i++) factor.set(row, i, centred(row, i));
    }
    return { mean, factor, trace };
  }
  const covariance = new Matrix(width, width);
  for (let from = 0; from < count; from += BLOCK) {
    const rows = Math.min(BLOCK, count - from);
    const columns = new Float64Array(width * rows);
    for (let k = 0; k < rows; k++) {
      for (let i = 0; i < width; i++) {
        columns[i * rows + k] = centred(from + k, i);
      }
    }
    using products = doubleProducts({
      count: width,
      width: rows,
      rows: (first, end) => columns.subarray(first * rows, end * rows),
    });
    const sums = products.multiply(columns);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        covariance.set(i, j, covariance.get(i, j) + sums[i * width + j]);
      }
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    covariance,
    { assumeSymmetric: true },
  );
  const factor = eigenvectorMatrix.transpose();
  // Of a singular covariance, roundings have made eigenvalues of 0 a little more or less.
  const rounding = width * Number.EPSILON * Math.max(...realEigenvalues);
  realEigenvalues.forEach((value, k) =>
    factor.mulRow(k, value > rounding ? Math.sqrt(value) : 0)
  );
  return { mean, factor, trace };
}
