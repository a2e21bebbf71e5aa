/**
 * Re-ranking some images at a time, so that others may have their turn between.
 *
 * @module
 */
import { checkOneOf, checkRange } from "../core/mod.ts";
import { type FeatureRows, joinRows } from "./feature_rows.ts";
import { kReciprocal, type ReRankVariant } from "./k_reciprocal.ts";
import {
  type SquaredDistances,
  squaredDistances,
} from "./squared_distances.ts";

/** Options of `reRank`. */
export interface ReRankOptions {
  /** Neighbours that must be reciprocal, at least 1. @default 20 */
  k1?: number;
  /** Neighbours that an encoding is averaged over, the image itself included; 1 for no averaging. @default 6 */
  k2?: number;
  /** Weight of the original distance, in [0, 1]. @default 0.3 */
  lambda?: number;
  /**
   * Reading of the paper. The released code, by which published numbers are made, scales encodings to a sum of one and
   * takes in neighbours that agree by more than two thirds; the equations as printed do not scale, and say at least two
   * thirds.
   *
   * @default "released"
   */
  variant?: ReRankVariant;
  /** Whether features are scaled to unit length first. @default true */
  normalize?: boolean;
}

/** A re-ranking under way: `find` for all images, `encode`, then `rows` of any queries. */
export interface ReRanker extends Disposable {
  /** Number of queries. */
  queries: number;
  /** Number of queries and gallery images. */
  images: number;
  /** Finds the neighbours of the images `from` to `to - 1`; the queries come first. All, in order. */
  find(from: number, to: number): void;
  /** Compares the neighbourhoods. */
  encode(): void;
  /** Final distances of the queries `from` to `to - 1` to the gallery. */
  rows(from: number, to: number): Float64Array<ArrayBuffer>[];
}

/** Where squared distances come from. */
interface DistanceSource extends Partial<Disposable> {
  queries: number;
  gallery: number;
  /** Squared distance of two images; the queries come first. */
  distance: (i: number, j: number) => number;
  /** All distances of the images `from` to `to - 1`. @default made by `distance` */
  tile?: (from: number, to: number) => Float64Array;
}

/**
 * Re-ranks by distances that are there.
 *
 * @param source Numbers of images, and their squared distances.
 * @param options Neighbours, weight, reading.
 * @returns The re-ranking.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { distanceReRanker } from "./re_ranker.ts";
 *
 * const distance = (i: number, j: number) => (i - j) ** 2;
 * using ranker = distanceReRanker({ queries: 1, gallery: 2, distance }, { k1: 1, k2: 1, lambda: 1 });
 * ranker.find(0, 3);
 * ranker.encode();
 * assertEquals([...ranker.rows(0, 1)[0]], [0.25, 1]);
 * ```
 */
export function distanceReRanker(
  source: DistanceSource,
  options: ReRankOptions,
): ReRanker {
  const { k1 = 20, k2 = 6, lambda = 0.3, variant = "released" } = options;
  const act = "re-rank";
  checkRange(act, "k1", k1, { min: 1, integer: true });
  checkRange(act, "k2", k2, { min: 1, integer: true });
  checkRange(act, "lambda", lambda, { min: 0, max: 1 });
  checkOneOf(act, "variant", variant, ["released", "paper"]);
  const { queries, gallery, distance } = source;
  const images = queries + gallery;
  const encoder = kReciprocal({
    queries,
    count: images,
    k1,
    k2,
    variant,
    distance,
  });
  const tile = source.tile ?? ((from: number, to: number) => {
    const all = new Float64Array((to - from) * images);
    return all.map((_, n) =>
      distance(from + Math.floor(n / images), n % images)
    );
  });
  return {
    queries,
    images,
    find(from, to) {
      const distances = tile(from, to);
      for (let at = 0; at < distances.length; at += images) {
        encoder.add(distances.subarray(at, at + images));
      }
    },
    encode: encoder.encode,
    rows(from, to) {
      const distances = tile(from, to);
      return Array.from({ length: to - from }, (_, n) => {
        const original = n * images + queries;
        const largest = encoder.largest[from + n];
        return encoder.jaccard(from + n).map((jaccard, j) => {
          const own = largest > 0 ? distances[original + j] / largest : 0;
          return (1 - lambda) * jaccard + lambda * own;
        });
      });
    },
    [Symbol.dispose]: () => source[Symbol.dispose]?.(),
  };
}

/**
 * Re-ranks by features, whose distances are made tile by tile and not kept.
 *
 * @param query Features of the queries.
 * @param gallery Features of the gallery, of the same width.
 * @param options Neighbours, weight, reading.
 * @returns The re-ranking.
 * @throws {TypeError} If the widths differ.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { featureRows } from "./feature_rows.ts";
 * import { featureReRanker } from "./re_ranker.ts";
 *
 * const features = { data: new Float32Array([1, 0, 0.9, 0.1]), width: 2 };
 * const rows = featureRows(features, { name: "query", normalize: true });
 * using ranker = featureReRanker(rows, rows, { k1: 1 });
 * console.log(ranker.images); // 4
 * ```
 */
export function featureReRanker(
  query: FeatureRows,
  gallery: FeatureRows,
  options: ReRankOptions,
): ReRanker {
  checkWidths(query, gallery);
  const all = joinRows(query, gallery);
  let distances: SquaredDistances | undefined;
  const [one, other] = [0, 1].map(() => new Float64Array(all.width));
  let held = -1;
  return distanceReRanker({
    queries: query.count,
    gallery: gallery.count,
    distance(i, j) {
      // Asked for one image and its neighbours, then for the next.
      if (held !== i) all.copy(held = i, one);
      all.copy(j, other);
      let product = 0;
      for (let k = 0; k < one.length; k++) product += one[k] * other[k];
      return Math.max(0, all.squares[i] + all.squares[j] - 2 * product);
    },
    // Made when needed: nothing is held where an option is refused.
    tile: (from, to) =>
      (distances ??= squaredDistances(all, all)).tile(from, to),
    [Symbol.dispose]: () => distances?.[Symbol.dispose](),
  }, options);
}

/**
 * Checks that the features of queries and gallery go together.
 *
 * @param query Features of the queries.
 * @param gallery Features of the gallery.
 * @throws {TypeError} If the widths differ.
 *
 * @example
 * ```ts
 * import { checkWidths } from "./re_ranker.ts";
 *
 * checkWidths({ width: 128 }, { width: 128 });
 * ```
 */
export function checkWidths(
  query: { width: number },
  gallery: { width: number },
): void {
  if (query.width !== gallery.width) {
    throw new TypeError(
      `Cannot rank features as 'gallery.width' must be ${query.width} as in the query: current value is ${gallery.width}`,
    );
  }
}
