/**
 * Re-identification from features: distances and ranks together, tile by tile.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import {
  countFeatures,
  type FeatureRows,
  featureRows,
} from "./feature_rows.ts";
import type { LabelledFeatures } from "./identification.ts";
import { protocolRecord } from "./protocol_record.ts";
import {
  type RankingMeter,
  rankingMeter,
  type RankingMetrics,
  type RankingMetricsOptions,
} from "./ranking_meter.ts";
import {
  checkWidths,
  featureReRanker,
  type ReRankOptions,
} from "./re_ranker.ts";
import { squaredDistances, TILE_ROWS } from "./squared_distances.ts";

/** Features of images, and who and what took them. */
export interface SeenFeatures extends LabelledFeatures {
  /** Identity of each image, a whole number from 0 on; -1 is nobody: junk in the gallery. */
  labels: ArrayLike<number>;
  /** Camera of each image, a whole number. @default none: the camera-less mode */
  cameras?: ArrayLike<number>;
}

/** Options of {@linkcode rankFeatures}. */
export interface RankFeaturesOptions extends RankingMetricsOptions {
  /** Whether features are scaled to unit length, so that the order is the cosine's. @default true */
  normalize?: boolean;
  /** Whether distances are re-ranked, and how. @default false */
  reRank?: boolean | Omit<ReRankOptions, "normalize">;
  /** Called after each tile: queries that are ranked, and where re-ranking is on, images whose neighbours are found. */
  onProgress?: (done: number, total: number) => void;
  /** Stops it between two tiles. */
  signal?: AbortSignal;
}

/**
 * Searches each query in the gallery and scores the ranking, in float64.
 *
 * Distances are squared Euclidean ones, by default of unit features: 2 - 2 cos, which has the order of the cosine
 * distance. See `rankingMetrics` for the protocol and `reRank` for re-ranking, which takes place among queries and
 * gallery without junk. The products are the engine's, in tiles of 256 queries; where the backend is not TensorFlow they
 * are made in JavaScript. Beside the features given, the gallery is held in float64 (with re-ranking the queries, too),
 * and one tile of distances.
 *
 * @param query Features of the queries.
 * @param gallery Features of the gallery, of the same width.
 * @param options Kind of average, scale, re-ranking, progress.
 * @returns The figures and the protocol.
 * @throws {TypeError} If widths differ, labels or cameras are not as many as features, or only one side has cameras.
 * @throws {RangeError} If a side is empty, a feature is not finite, a label is no whole number from -1 on, or an option is
 *   out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { rankFeatures } from "@outis/outis/metrics";
 *
 * const query = { data: new Float32Array([1, 0]), width: 2, labels: [4] };
 * const gallery = { data: new Float32Array([0, 1, 3, 1]), width: 2, labels: [5, 4] };
 * const { mAP } = await rankFeatures(query, gallery);
 * assert(mAP === 1);
 * ```
 */
export async function rankFeatures(
  query: SeenFeatures,
  gallery: SeenFeatures,
  options: RankFeaturesOptions = {},
): Promise<RankingMetrics> {
  const { normalize = true, reRank = false } = options;
  checkWidths(query, gallery);
  const queries = featureRows(query, { name: "query", normalize });
  checkSide("query", query, queries.count);
  const all = countFeatures("gallery", gallery);
  checkSide("gallery", gallery, all);
  // Junk is not even compared. Where there is nothing else, the meter says so.
  const people = [...Array(all).keys()].filter((j) => gallery.labels[j] !== -1);
  const keep = people.length > 0 ? people : [...Array(all).keys()];
  const others = featureRows(gallery, { name: "gallery", normalize, keep });
  const kept = (values: ArrayLike<number>) =>
    Int32Array.from(keep, (j) => values[j]);
  const meter = rankingMeter({
    queryIds: query.labels,
    galleryIds: kept(gallery.labels),
    queryCams: query.cameras,
    galleryCams: gallery.cameras && kept(gallery.cameras),
  }, options);

  if (reRank === false) await rankPlainly(queries, others, meter, options);
  else {
    const how = reRank === true ? {} : reRank;
    await rankAgain(queries, others, meter, { ...options, reRank: how });
  }
  const metrics = meter.result();
  const { name, parameters, counts } = metrics.protocol;
  return {
    ...metrics,
    protocol: protocolRecord({
      name,
      parameters: {
        ...parameters,
        distance: normalize
          ? "squared Euclidean of unit features"
          : "squared Euclidean",
        reRank: reRank === false ? false : {
          k1: 20,
          k2: 6,
          lambda: 0.3,
          variant: "released",
          ...(reRank === true ? {} : reRank),
        },
      },
      counts: { ...counts, junk: counts.junk + all - keep.length },
    }),
  };
}

async function rankPlainly(
  query: FeatureRows,
  gallery: FeatureRows,
  meter: RankingMeter,
  { onProgress, signal }: RankFeaturesOptions,
): Promise<void> {
  using distances = squaredDistances(query, gallery);
  for (const [from, to] of tiles(query.count)) {
    await turn(signal);
    const tile = distances.tile(from, to);
    for (let at = 0; at < tile.length; at += gallery.count) {
      meter.add(tile.subarray(at, at + gallery.count));
    }
    onProgress?.(to, query.count);
  }
}

async function rankAgain(
  query: FeatureRows,
  gallery: FeatureRows,
  meter: RankingMeter,
  options: RankFeaturesOptions & { reRank: ReRankOptions },
): Promise<void> {
  const { onProgress, signal } = options;
  using ranker = featureReRanker(query, gallery, options.reRank);
  const total = ranker.images + query.count;
  for (const [from, to] of tiles(ranker.images)) {
    await turn(signal);
    ranker.find(from, to);
    onProgress?.(to, total);
  }
  ranker.encode();
  for (const [from, to] of tiles(query.count)) {
    await turn(signal);
    for (const row of ranker.rows(from, to)) meter.add(row);
    onProgress?.(ranker.images + to, total);
  }
}

function tiles(count: number): [from: number, to: number][] {
  return Array.from(
    { length: Math.ceil(count / TILE_ROWS) },
    (_, n) => [n * TILE_ROWS, Math.min((n + 1) * TILE_ROWS, count)],
  );
}

// Lets an interruption in.
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

function checkSide(name: string, side: SeenFeatures, count: number): void {
  const act = "rank features";
  checkLength(act, `${name}.labels`, side.labels, count);
  for (let i = 0; i < count; i++) {
    const label = side.labels[i];
    checkRange(act, `${name}.labels[${i}]`, label, { min: -1, integer: true });
  }
  if (side.cameras === undefined) return;
  checkLength(act, `${name}.cameras`, side.cameras, count);
  for (let i = 0; i < count; i++) {
    const camera = side.cameras[i];
    checkRange(act, `${name}.cameras[${i}]`, camera, { integer: true });
  }
}
