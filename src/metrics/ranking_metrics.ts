/**
 * Re-identification as the field scores it: cumulative matches, mean average precision, mean inverse negative penalty.
 *
 * @module
 */
import { checkLength } from "../core/mod.ts";
import {
  rankingMeter,
  type RankingMetrics,
  type RankingMetricsOptions,
} from "./ranking_meter.ts";

/**
 * Scores a search of queries in a gallery, in float64.
 *
 * For each query the gallery is sorted by distance, equal distances by index. Junk (identity -1) is ignored, and so are
 * images of the query's own identity from its own camera; without cameras only junk is. What is left of the query's
 * identity at the ranks r_1 < ... < r_n is right:
 *
 * - CMC(k) is the share of queries with r_1 <= k (L. Zheng et al., "Scalable person re-identification", ICCV 2015);
 * - mAP the mean of their average precisions, see `averagePrecision` for the two kinds;
 * - mINP the mean of n / r_n (M. Ye et al., "Deep learning for person re-identification: a survey and outlook", 2021).
 *
 * A query with nothing right in the gallery is left out of the means and counted. Where that is so for all, the figures
 * are absent.
 *
 * @param distances A row per query: its distance to each gallery image, smaller is nearer. Not changed.
 * @param queryIds Identity of each query, a whole number from 0 on.
 * @param galleryIds Identity of each gallery image, a whole number from 0 on, or -1: junk.
 * @param queryCams Camera of each query; none for the camera-less mode, which the protocol then says.
 * @param galleryCams Camera of each gallery image; given where `queryCams` is.
 * @param options Kind of average precision, length of the curve.
 * @returns The figures, and the protocol to print beside them.
 * @throws {TypeError} If lengths differ, or only one side has cameras.
 * @throws {RangeError} If there is no query or no gallery image, a distance is not finite, an identity is no whole number
 *   from -1 on, a camera no whole number, or an option is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rankingMetrics } from "@outis/outis/metrics";
 *
 * // The nearest image of person 5 is from the query's own camera: left out. The next is of 6, then comes a right one.
 * const { mAP, cmc } = rankingMetrics([[0.1, 0.2, 0.3]], [5], [5, 6, 5], [1], [1, 2, 2]);
 * assertEquals([mAP, cmc?.[0], cmc?.[1]], [0.5, 0, 1]);
 * ```
 */
export function rankingMetrics(
  distances: readonly ArrayLike<number>[],
  queryIds: ArrayLike<number>,
  galleryIds: ArrayLike<number>,
  queryCams?: ArrayLike<number>,
  galleryCams?: ArrayLike<number>,
  options: RankingMetricsOptions = {},
): RankingMetrics {
  const labels = { queryIds, galleryIds, queryCams, galleryCams };
  const meter = rankingMeter(labels, options);
  checkLength("rank", "distances", distances, queryIds.length);
  for (const row of distances) meter.add(row);
  return meter.result();
}
