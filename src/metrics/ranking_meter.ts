/**
 * Ranks of the right gallery images, one query at a time.
 *
 * @module
 */
import {
  checkFinite,
  checkLength,
  checkOneOf,
  checkRange,
} from "../core/mod.ts";
import {
  averagePrecision,
  type AveragePrecisionRule,
} from "./average_precision.ts";
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";

/** Who is on the images of a search. */
export interface RankingLabels {
  /** Identity of each query, a whole number from 0 on; -1 is nobody, so such a query finds nothing. */
  queryIds: ArrayLike<number>;
  /** Identity of each gallery image, a whole number from 0 on; -1 is junk, which is ignored. */
  galleryIds: ArrayLike<number>;
  /** Camera of each query, a whole number. @default none: the camera-less mode */
  queryCams?: ArrayLike<number>;
  /** Camera of each gallery image. @default none: the camera-less mode */
  galleryCams?: ArrayLike<number>;
}

/** Options of {@linkcode rankingMeter} and `rankingMetrics`. */
export interface RankingMetricsOptions {
  /** How precision is averaged over recall. @default "step" */
  averagePrecision?: AveragePrecisionRule;
  /** Ranks of the curve of cumulative matches, at least 1. @default 50 */
  ranks?: number;
}

/** Result of {@linkcode rankingMeter} and `rankingMetrics`. A figure that cannot be computed is not there. */
export interface RankingMetrics {
  /** Mean average precision, in (0, 1]. */
  mAP?: number;
  /** Cumulative matches: `cmc[k - 1]` is the share of queries with a right image among the first k, in [0, 1]. */
  cmc?: Float64Array<ArrayBuffer>;
  /** Mean inverse negative penalty, n / (rank of the last of n right images), in (0, 1]. */
  mINP?: number;
  /** Average precision of each query, in their order; NaN where there is nothing to be found. */
  averagePrecisions: Float64Array<ArrayBuffer>;
  /** Number of queries that the means are taken over: those with something to be found. */
  queries: number;
  /** What was done, to be printed beside the numbers. */
  protocol: ProtocolRecord;
  /** Why a figure is not there, by its name. */
  absent: { [figure: string]: string };
}

/** Takes the distances of one query after the other. */
export interface RankingMeter {
  /** Adds the next query: its distance to each gallery image, smaller is nearer. Not kept. */
  add(distances: ArrayLike<number>): void;
  /** The metrics, once all queries are in. */
  result(): RankingMetrics;
}

/**
 * Measures a ranking while its distances are made: nothing of `[queries, gallery]` is kept.
 *
 * The ranks are those of a stable sort, equal distances by index; they are counted instead, since only the places of the
 * few right images matter. See `rankingMetrics` for the protocol.
 *
 * @param labels Identities and cameras.
 * @param options Kind of average, length of the curve.
 * @returns The meter.
 * @throws {TypeError} If there are not as many cameras as identities, or only one side has cameras.
 * @throws {RangeError} If there is no query or gallery image, an identity is no whole number from -1 on, a camera no whole
 *   number, or an option is out of range; from `add`, if a distance is not finite or there are no more queries; from
 *   `result`, if queries are missing.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { rankingMeter } from "@outis/outis/metrics";
 *
 * const meter = rankingMeter({ queryIds: [7], galleryIds: [3, 7] });
 * meter.add([0.2, 0.1]);
 * assert(meter.result().mAP === 1);
 * ```
 */
export function rankingMeter(
  labels: RankingLabels,
  options: RankingMetricsOptions = {},
): RankingMeter {
  const { queryIds, galleryIds, queryCams, galleryCams } = labels;
  const { averagePrecision: rule = "step", ranks = 50 } = options;
  checkLabels(labels);
  checkOneOf("rank", "averagePrecision", rule, ["step", "trapezoidal"]);
  checkRange("rank", "ranks", ranks, { min: 1, integer: true });
  const places = placesOf(galleryIds);
  const junk = places.get(-1) ?? [];
  places.delete(-1);
  const averagePrecisions = new Float64Array(queryIds.length).fill(NaN);
  const cmc = new Float64Array(ranks);
  let penalties = 0;
  let counted = 0;
  let done = 0;

  return {
    add(distances) {
      checkRange("rank", "queries added", done + 1, { max: queryIds.length });
      checkLength("rank", `distances[${done}]`, distances, galleryIds.length);
      checkFinite("rank", `distances[${done}]`, distances);
      const query = done++;
      const own = places.get(queryIds[query]) ?? [];
      const isSeen = (j: number) =>
        galleryCams !== undefined && galleryCams[j] === queryCams![query];
      const right = own.filter((j) => !isSeen(j));
      if (right.length === 0) return;
      const found = ranksOf(distances, right, [...junk, ...own.filter(isSeen)]);
      const last = found[found.length - 1];
      averagePrecisions[query] = averagePrecision(found, rule);
      for (let k = found[0]; k <= ranks; k++) cmc[k - 1]++;
      penalties += right.length / last;
      counted++;
    },
    result(): RankingMetrics {
      checkRange("rank", "queries added", done, { min: queryIds.length });
      const without = queryIds.length - counted;
      const protocol = protocolRecord({
        name: "ranking",
        parameters: {
          averagePrecision: rule,
          cameras: galleryCams === undefined
            ? "none: nothing but junk is left out"
            : "the same identity from the same camera is left out",
          ties: "by index",
        },
        counts: {
          queries: counted,
          queriesWithoutPositives: without,
          gallery: galleryIds.length - junk.length,
          junk: junk.length,
          identities: places.size,
        },
      });
      const rest = { averagePrecisions, queries: counted, protocol };
      if (counted === 0) {
        const reason = `None of ${queryIds.length} queries has a right image ${
          galleryCams === undefined ? "" : "from another camera "
        }in the gallery.`;
        return { ...rest, absent: { mAP: reason, cmc: reason, mINP: reason } };
      }
      const sum = averagePrecisions.reduce((a, b) => b >= 0 ? a + b : a, 0);
      return {
        mAP: sum / counted,
        cmc: cmc.map((matches) => matches / counted),
        mINP: penalties / counted,
        ...rest,
        absent: {},
      };
    },
  };
}

/** Parts of the range of right distances; most hold no right image. */
const PARTS = 1024;

/** Ranks of the right images, ascending from 1, among all but the ignored. */
function ranksOf(
  distances: ArrayLike<number>,
  right: number[],
  ignored: number[],
): Float64Array {
  // One type of array keeps the loop below fast.
  const row = distances instanceof Float64Array
    ? distances
    : Float64Array.from(distances);
  const order = Int32Array.from(right)
    .sort((a, b) => row[a] - row[b] || a - b);
  const bounds = Float64Array.from(order, (j) => row[j]);
  const n = order.length;
  const last = bounds[n - 1];
  // Where a distance falls among equal parts of [first, last]: only the bounds in that part are to be looked through.
  const first = bounds[0];
  const scale = PARTS / (last - first);
  const partOf = (distance: number) => ((distance - first) * scale) | 0;
  const starts = new Int32Array(PARTS + 2);
  for (const bound of bounds) starts[partOf(bound) + 1]++;
  for (let part = 1; part < starts.length; part++) {
    starts[part] += starts[part - 1];
  }
  // How many images come between a right one and the one before, itself included.
  const counts = new Float64Array(n + 1);

  function count(j: number, amount: number): void {
    const distance = row[j];
    const part = distance < first ? 0 : partOf(distance);
    let from = starts[part];
    let to = starts[part + 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      const bound = bounds[middle];
      if (bound > distance || (bound === distance && order[middle] >= j)) {
        to = middle;
      } else from = middle + 1;
    }
    counts[from] += amount;
  }
  for (let j = 0; j < row.length; j++) if (row[j] <= last) count(j, 1);
  for (const j of ignored) if (row[j] <= last) count(j, -1);
  for (let i = 1; i < n; i++) counts[i] += counts[i - 1];
  return counts.subarray(0, n);
}

function placesOf(ids: ArrayLike<number>): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (let j = 0; j < ids.length; j++) {
    const own = places.get(ids[j]);
    if (own === undefined) places.set(ids[j], [j]);
    else own.push(j);
  }
  return places;
}

function checkLabels(labels: RankingLabels): void {
  const { queryIds, galleryIds, queryCams, galleryCams } = labels;
  if ((queryCams === undefined) !== (galleryCams === undefined)) {
    const [given, missing] = queryCams === undefined
      ? ["galleryCams", "queryCams"]
      : ["queryCams", "galleryCams"];
    throw new TypeError(
      `Cannot rank as '${missing}' must be given where '${given}' is: current value is undefined`,
    );
  }
  for (
    const [name, ids, cams] of [
      ["query", queryIds, queryCams],
      ["gallery", galleryIds, galleryCams],
    ] as const
  ) {
    if (ids.length === 0) {
      throw new RangeError(
        `Cannot rank as '${name}Ids' must be at least one image: current value is none`,
      );
    }
    checkWhole(`${name}Ids`, ids, -1);
    if (cams !== undefined) {
      checkLength("rank", `${name}Cams`, cams, ids.length);
      checkWhole(`${name}Cams`, cams, -Infinity);
    }
  }
}

function checkWhole(
  name: string,
  values: ArrayLike<number>,
  min: number,
): void {
  for (let i = 0; i < values.length; i++) {
    checkRange("rank", `${name}[${i}]`, values[i], { min, integer: true });
  }
}
