/**
 * Re-ranking: who is near to whom among all images corrects the distances to the query.
 *
 * @module
 */
import { checkFinite, checkLength, checkRange } from "../core/mod.ts";
import type { Features } from "./features.ts";
import { featureRows } from "./feature_rows.ts";
import {
  distanceReRanker,
  featureReRanker,
  type ReRanker,
  type ReRankOptions,
} from "./re_ranker.ts";
import { TILE_ROWS } from "./squared_distances.ts";

export type { ReRankVariant } from "./k_reciprocal.ts";
export type { ReRankOptions } from "./re_ranker.ts";

/** Features to re-rank. */
export interface ReRankFeatures {
  /** Features of the queries. */
  query: Features;
  /** Features of the gallery, without junk. */
  gallery: Features;
}

/** Squared Euclidean distances to re-rank, a row per image. */
export interface ReRankDistances {
  /** From queries to gallery images. */
  queryGallery: readonly ArrayLike<number>[];
  /** From queries to queries. */
  queryQuery: readonly ArrayLike<number>[];
  /** From gallery images to gallery images. */
  galleryGallery: readonly ArrayLike<number>[];
}

/**
 * k-reciprocal re-ranking: Z. Zhong, L. Zheng, D. Cao and S. Li, "Re-ranking person re-identification with k-reciprocal
 * encoding", CVPR 2017. In float64, ties by index.
 *
 * With N(p, k) the image p and its k nearest among queries and gallery,
 *
 * - R(p, k) = those g of N(p, k) for which p is in N(g, k);
 * - R*(p, k1) = R(p, k1) and every R(q, k1 / 2), q in R(p, k1), that shares more than two thirds with R(p, k1);
 * - V_p(g) = exp(-d(p, g)) for g in R*(p, k1), else 0, scaled to a sum of one; then its mean over the first k2 of N(p, .);
 * - d_J(p, g) = 1 - sum_j min(V_p(j), V_g(j)) / sum_j max(V_p(j), V_g(j));
 * - d* = (1 - lambda) d_J + lambda d.
 *
 * d is the squared Euclidean distance over the largest one of p. The paper leaves that scale open: it is the released
 * code's, and so are the scaled sum and "more than" (see `variant`).
 *
 * From features the matrix of all distances is never kept. With n images the time grows with n^2 and the memory with
 * n k1, beside the features in float64 and the result.
 *
 * @param input Features, or squared distances. Not changed.
 * @param options Neighbours, weight, reading.
 * @returns d*, a row per query with a value per gallery image, smaller is nearer.
 * @throws {TypeError} If widths or lengths differ.
 * @throws {RangeError} If an option is out of range, a feature or distance is not finite, or a side is empty.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { reRank } from "@outis/outis/metrics";
 *
 * const query = { data: new Float32Array([0, 1]), width: 2 };
 * const gallery = { data: new Float32Array([1, 0, 0.1, 1, 1, 0.1]), width: 2 };
 * const [[far, near]] = reRank({ query, gallery }, { k1: 1, k2: 1 });
 * assert(near < far);
 * ```
 */
export function reRank(
  input: ReRankFeatures | ReRankDistances,
  options: ReRankOptions = {},
): Float64Array<ArrayBuffer>[] {
  using ranker = "query" in input
    ? fromFeatures(input, options)
    : fromDistances(input, options);
  const { queries, images } = ranker;
  for (let from = 0; from < images; from += TILE_ROWS) {
    ranker.find(from, Math.min(from + TILE_ROWS, images));
  }
  ranker.encode();
  const rows: Float64Array<ArrayBuffer>[] = [];
  for (let from = 0; from < queries; from += TILE_ROWS) {
    rows.push(...ranker.rows(from, Math.min(from + TILE_ROWS, queries)));
  }
  return rows;
}

function fromFeatures(
  { query, gallery }: ReRankFeatures,
  options: ReRankOptions,
): ReRanker {
  const { normalize = true } = options;
  return featureReRanker(
    featureRows(query, { name: "query", normalize }),
    featureRows(gallery, { name: "gallery", normalize }),
    options,
  );
}

function fromDistances(
  distances: ReRankDistances,
  options: ReRankOptions,
): ReRanker {
  const { queryGallery, queryQuery, galleryGallery } = distances;
  const [queries, gallery] = [queryGallery.length, galleryGallery.length];
  const act = "re-rank";
  checkRange(act, "queryGallery.length", queries, { min: 1 });
  checkRange(act, "galleryGallery.length", gallery, { min: 1 });
  checkLength(act, "queryQuery", queryQuery, queries);
  for (
    const [name, rows, length] of [
      ["queryGallery", queryGallery, gallery],
      ["queryQuery", queryQuery, queries],
      ["galleryGallery", galleryGallery, gallery],
    ] as const
  ) {
    rows.forEach((row, i) => {
      checkLength(act, `${name}[${i}]`, row, length);
      checkFinite(act, `${name}[${i}]`, row);
    });
  }
  const distance = (i: number, j: number) => {
    if (i >= queries) {
      return j >= queries
        ? galleryGallery[i - queries][j - queries]
        : queryGallery[j][i - queries];
    }
    return j >= queries ? queryGallery[i][j - queries] : queryQuery[i][j];
  };
  return distanceReRanker({ queries, gallery, distance }, options);
}
