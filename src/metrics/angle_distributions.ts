/**
 * Angles between features: of one identity, and of different ones.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import { featureRows } from "./feature_rows.ts";
import { countRows } from "./feature_sets.ts";
import type { Features } from "./features.ts";
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";
import { squaredDistances, TILE_ROWS } from "./squared_distances.ts";

/** A distribution of angles, in radians. */
export interface AngleDistribution {
  /** Number of pairs. */
  count: number;
  /** Mean angle. */
  mean: number;
  /** Population standard deviation of the angles. */
  std: number;
  /** Smallest angle. */
  min: number;
  /** Largest angle. */
  max: number;
  /** Pairs in each of the equal parts of [0, π]; the last one holds π itself. */
  histogram: number[];
}

/** Options of {@linkcode angleDistributions}. */
export interface AngleDistributionsOptions {
  /** Parts of the histograms. @default 90, of two degrees each */
  bins?: number;
}

/** Result of {@linkcode angleDistributions}. */
export interface AngleDistributions {
  /** Pairs of images of the same identity; absent, with its reason, where there is none. */
  intra?: AngleDistribution;
  /** Pairs of images of different identities; absent, with its reason, where there is none. */
  inter?: AngleDistribution;
  /** What was done. */
  protocol: ProtocolRecord;
  /** Why a distribution is absent. */
  absent: { [figure: string]: string };
}

/**
 * Distributions of the angles arccos(f̂ · ĝ) over all pairs within identities and all pairs between them.
 *
 * In float64, in tiles: nothing is kept but the histograms and moments. Angles are sure to 10⁻⁷ rad near 0 and π, and to
 * rounding elsewhere.
 *
 * @param features Features of any norm.
 * @param labels Identity of each.
 * @param options Parts of the histograms.
 * @returns Both distributions.
 * @throws {TypeError} If labels and features differ in number.
 * @throws {RangeError} If there are fewer than two features, or one is not finite or all zeros: it has no direction.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { angleDistributions } from "@outis/outis/metrics";
 *
 * const features = { data: new Float32Array([1, 0, 1, 1, 0, 2]), width: 2 };
 * const { intra, inter } = angleDistributions(features, [7, 7, 8]);
 * assertAlmostEquals(intra!.mean, Math.PI / 4);
 * assertAlmostEquals(inter!.max, Math.PI / 2);
 * ```
 */
export function angleDistributions(
  features: Features,
  labels: ArrayLike<number>,
  options: AngleDistributionsOptions = {},
): AngleDistributions {
  const { bins = 90 } = options;
  const act = "measure angles";
  checkRange(act, "bins", bins, { min: 1, integer: true });
  const count = countRows(act, "features", features, 2);
  checkLength(act, "labels", labels, count);
  const rows = featureRows(features, { name: "features", normalize: true });
  rows.squares.forEach((square, row) =>
    checkRange(act, `length of feature ${row}`, square, {
      min: 0,
      exclusive: "min",
    })
  );
  const [intra, inter] = [angleMeter(bins), angleMeter(bins)];
  using distances = squaredDistances(rows, rows);
  for (let from = 0; from < count; from += TILE_ROWS) {
    const to = Math.min(count, from + TILE_ROWS);
    const tile = distances.tile(from, to);
    for (let a = from; a < to; a++) {
      for (let b = a + 1; b < count; b++) {
        const cosine = 1 - tile[(a - from) * count + b] / 2;
        const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
        (labels[a] === labels[b] ? intra : inter).add(angle);
      }
    }
  }
  const found = { intra: intra.result(), inter: inter.result() };
  return {
    ...(found.intra && { intra: found.intra }),
    ...(found.inter && { inter: found.inter }),
    protocol: protocolRecord({
      name: "angle distributions",
      parameters: { pairs: "all", unit: "radians", bins },
      counts: {
        images: count,
        identities: new Set(Array.from(labels)).size,
        intra: found.intra?.count ?? 0,
        inter: found.inter?.count ?? 0,
      },
    }),
    absent: {
      ...(!found.intra && { intra: "No identity has two images." }),
      ...(!found.inter && { inter: "There is one identity only." }),
    },
  };
}

function angleMeter(bins: number): {
  add: (angle: number) => void;
  result: () => AngleDistribution | undefined;
} {
  const histogram: number[] = new Array(bins).fill(0);
  let [count, mean, squares] = [0, 0, 0];
  let [min, max] = [Infinity, -Infinity];
  return {
    add(angle) {
      count++;
      // Welford's running moments: sums of squares would cancel.
      const before = angle - mean;
      mean += before / count;
      squares += before * (angle - mean);
      if (angle < min) min = angle;
      if (angle > max) max = angle;
      histogram[Math.min(bins - 1, Math.floor(angle / Math.PI * bins))]++;
    },
    result: () =>
      count === 0 ? undefined : {
        count,
        mean,
        std: Math.sqrt(squares / count),
        min,
        max,
        histogram,
      },
  };
}
