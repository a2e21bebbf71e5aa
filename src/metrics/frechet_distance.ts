/**
 * The Fréchet distance between features of real and of synthetic images (FID, on whatever embedder's features).
 *
 * @module
 */
import { Matrix, SVD } from "ml-matrix";
import { doubleProducts } from "../engine/mod.ts";
import type { Features } from "./features.ts";
import { checkSets } from "./feature_sets.ts";
import { gaussianFit } from "./gaussian_fit.ts";
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";

/** Result of {@linkcode frechetDistance}. */
export interface FrechetDistance {
  /** Squared Fréchet distance of the two normal distributions, at least 0, in squared units of the features. */
  distance: number;
  /** The part of the means, |μ - m|². */
  means: number;
  /** The part of the covariances. */
  covariances: number;
  /** What was done. */
  protocol: ProtocolRecord;
  /** What to mind about the number, where there is something: too few images for the width. */
  caution?: string;
}

/**
 * d² = |μ - m|² + tr(Σ + C - 2 (Σ C)^½), the squared Fréchet distance of the normal distributions with the means and
 * covariances (with n - 1) of the two sets; Heusel et al., 2017.
 *
 * In float64. With Σ = AᵀA and C = BᵀB from eigen-decompositions, the trace of (Σ C)^½ is the sum of the singular values
 * of A Bᵀ: never complex, and exact for singular covariances, which need no added diagonal.
 *
 * The estimate is biased: two samples of n images of the same distribution lie apart, by about a constant over n. Compare
 * numbers of the same n only, look at `kernelDistance` beside it, and mind `caution`. Decompositions take some seconds at
 * width 512, minutes at 2048 with as many images.
 *
 * @param real Features of real images.
 * @param synthetic Features of synthetic images.
 * @returns The distance and its two parts.
 * @throws {TypeError} If widths differ.
 * @throws {RangeError} If a set has fewer than two images or a feature is not finite.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { frechetDistance } from "@outis/outis/metrics";
 *
 * const real = { data: new Float32Array([0, 2]), width: 1 };
 * const synthetic = { data: new Float32Array([3, 3]), width: 1 };
 * // Means 1 and 3, variances 2 and 0.
 * assertAlmostEquals(frechetDistance(real, synthetic).distance, 4 + 2);
 * ```
 */
export function frechetDistance(
  real: Features,
  synthetic: Features,
): FrechetDistance {
  const counts = checkSets(
    "measure the Fréchet distance",
    { real, synthetic },
    2,
  );
  const a = gaussianFit(real);
  const b = gaussianFit(synthetic);
  let means = 0;
  for (let i = 0; i < counts.width; i++) means += (a.mean[i] - b.mean[i]) ** 2;
  const covariances = Math.max(
    0,
    a.trace + b.trace - 2 * nuclearNorm(a.factor, b.factor),
  );
  const fewest = Math.min(counts.real, counts.synthetic);
  return {
    distance: means + covariances,
    means,
    covariances,
    protocol: protocolRecord({
      name: "Fréchet distance",
      parameters: { covariance: "n - 1", distance: "squared" },
      counts: { ...counts },
    }),
    ...(fewest <= counts.width && {
      caution:
        `${fewest} images cannot fill ${counts.width} dimensions: the covariance is singular and the distance too large.`,
    }),
  };
}

/** Sum of the singular values of A Bᵀ. */
function nuclearNorm(a: Matrix, b: Matrix): number {
  const width = a.columns;
  const right = Float64Array.from(b.to1DArray());
  using products = doubleProducts({
    count: b.rows,
    width,
    rows: (from, to) => right.subarray(from * width, to * width),
  });
  const product = products.multiply(Float64Array.from(a.to1DArray()));
  const matrix = Matrix.from1DArray(a.rows, b.rows, product);
  const { diagonal } = new SVD(matrix, {
    autoTranspose: true,
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
  });
  return diagonal.reduce((sum, value) => sum + value, 0);
}
