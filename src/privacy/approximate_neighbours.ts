/**
 * Nearest neighbours by an index that looks at few of them.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";
import type { Features } from "../metrics/mod.ts";
import { type Directions, directions, dot } from "./directions.ts";
import {
  nearestNeighbours,
  type NearestNeighboursOptions,
  type NeighbourSearch,
} from "./nearest_neighbours.ts";

/** Options of {@linkcode approximateNeighbours}. */
export interface ApproximateNeighboursOptions
  extends Omit<NearestNeighboursOptions, "tile" | "backward"> {
  /**
   * Neighbours looked for; matches beyond them are not counted.
   *
   * @default {16}
   */
  count?: number;
  /**
   * Vectors looked at in building and in searching: more find more and take longer.
   *
   * @default {128}
   */
  effort?: number;
  /**
   * Queries whose nearest neighbour is searched exactly, too, to measure the recall.
   *
   * @default {500}
   */
  sample?: number;
  /** Draws them. */
  random: RandomStream;
}

/** What {@linkcode approximateNeighbours} finds. */
export interface ApproximateSearch extends NeighbourSearch {
  /** Share of the sampled queries whose nearest gallery vector was found, in [0, 1]. */
  recall: number;
}

/** Vectors added or searched at a time. */
const CHUNK = 1024;

/**
 * Finds the nearest neighbours of two sets by usearch's index (hierarchical navigable small world graphs), both ways.
 *
 * What is found has exact cosines, but some neighbours are missed; how many is measured on a sample. Building the index
 * takes longer than comparing all pairs of some ten thousand vectors: worth it from about a million.
 *
 * @param queries Vectors of any norm, `[N, D]`. Borrowed.
 * @param gallery Vectors of any norm, `[M, D]`. Borrowed.
 * @param options How many neighbours, what counts as a match, effort.
 * @returns Neighbours and matches in both directions, and the recall.
 * @throws {RangeError} If a set is empty or holds a number that is not finite, or an option is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { approximateNeighbours } from "@outis/outis/privacy";
 *
 * await useBackend("auto");
 * const data = new Float32Array([1, 0, 0, 2, 3, 3]);
 * const { forward, recall } = await approximateNeighbours(
 *   { data, width: 2 },
 *   { data, width: 2 },
 *   { count: 1, random: randomStream(1) },
 * );
 * console.log(forward.indices, recall); // [0, 1, 2] 1
 * ```
 */
export async function approximateNeighbours(
  queries: Features,
  gallery: Features,
  options: ApproximateNeighboursOptions,
): Promise<ApproximateSearch> {
  const { count = 16, threshold, effort = 128, sample = 500 } = options;
  const { random, onProgress, signal } = options;
  const act = "search neighbours";
  checkRange(act, "count", count, { min: 1, integer: true });
  checkRange(act, "effort", effort, { min: 1, integer: true });
  checkRange(act, "sample", sample, { min: 1, integer: true });
  const a = directions(act, "queries", queries);
  const b = directions(act, "gallery", gallery);
  const total = 2 * (a.count + b.count);
  let done = 0;
  const search = async (from: Directions, among: Directions) =>
    await searchIndex(from, among, {
      count,
      effort,
      step: async (some) => {
        onProgress?.(done += some, total);
        await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
        signal?.throwIfAborted();
      },
    });
  const forward = await search(a, b);
  const backward = await search(b, a);
  const forwardMatches = new Uint32Array(threshold === undefined ? 0 : a.count);
  const backwardMatches = new Uint32Array(
    threshold === undefined ? 0 : b.count,
  );
  for (const [at, similarity] of forward.similarities.entries()) {
    if (threshold === undefined || similarity < threshold) continue;
    forwardMatches[Math.floor(at / count)]++;
    backwardMatches[forward.indices[at]]++;
  }
  const chosen = random.permutation(a.count).subarray(0, sample);
  const exact = await nearestNeighbours(
    {
      data: Float32Array.from(
        { length: chosen.length * a.width },
        (_, k) =>
          a.data[chosen[Math.floor(k / a.width)] * a.width + k % a.width],
      ),
      width: a.width,
    },
    gallery,
    { backward: false, ...(signal && { signal }) },
  );
  let found = 0;
  for (const [k, i] of chosen.entries()) {
    // Another one that is as near is as good.
    const best = forward.similarities[i * count];
    if (best >= exact.forward.similarities[k] - 1e-6) found++;
  }
  return {
    forward,
    backward,
    forwardMatches,
    backwardMatches,
    recall: found / chosen.length,
  };
}

async function searchIndex(
  from: Directions,
  among: Directions,
  { count, effort, step }: {
    count: number;
    effort: number;
    step: (some: number) => Promise<void>;
  },
): Promise<NeighbourSearch["forward"]> {
  // Native code: loaded where it is asked for, so that all else runs where there is none.
  const { default: { Index, MetricKind, ScalarKind } } = await import(
    "usearch"
  );
  const index = new Index({
    metric: MetricKind.IP,
    quantization: ScalarKind.F32,
    dimensions: among.width,
    connectivity: 16,
    expansion_add: effort,
    expansion_search: effort,
    multi: false,
  });
  for (let at = 0; at < among.count; at += CHUNK) {
    const height = Math.min(CHUNK, among.count - at);
    const keys = BigUint64Array.from(
      { length: height },
      (_, i) => BigInt(at + i),
    );
    index.add(keys, among.unit(at, height), 0);
    await step(height);
  }
  const indices = new Int32Array(from.count * count).fill(-1);
  const similarities = new Float64Array(from.count * count).fill(-Infinity);
  const wanted = Math.min(count, among.count);
  for (let at = 0; at < from.count; at += CHUNK) {
    const height = Math.min(CHUNK, from.count - at);
    const matches = index.search(from.unit(at, height), wanted, 0);
    for (let i = 0; i < height; i++) {
      const first = i * wanted;
      const found = Array.from(
        matches.keys.subarray(first, first + wanted),
        (key) => ({
          index: Number(key),
          similarity: dot(from, at + i, among, Number(key)),
        }),
      ).sort((x, y) => y.similarity - x.similarity || x.index - y.index);
      for (const [k, { index, similarity }] of found.entries()) {
        indices[(at + i) * count + k] = index;
        similarities[(at + i) * count + k] = similarity;
      }
    }
    await step(height);
  }
  return { count, indices, similarities };
}
