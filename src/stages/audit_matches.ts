/**
 * What one matcher says about a synthetic set.
 *
 * @module
 */
import type { Embedder, RandomStream } from "../core/mod.ts";
import { groupByLabel } from "../data/mod.ts";
import { type Features, unitFeatures } from "../metrics/mod.ts";
import {
  approximateNeighbours,
  excessTest,
  identityCentroids,
  leastImpostorPairs,
  matchThreshold,
  nearestNeighbours,
  type Neighbours,
  type NeighbourSearch,
  rankThreshold,
} from "../privacy/mod.ts";
import type { EmbedderFindings, Nearness } from "./audit_privacy_options.ts";
import { namesakeTest } from "./namesake_test.ts";

/** Features of a set, and who they are of. */
export interface AuditedSet {
  /** Features of its images. */
  features: Features;
  /** Identity of each. */
  labels: Int32Array;
  /** Number of identities. */
  identities: number;
}

/** What {@linkcode auditMatches} needs. */
export interface AuditMatchesInput {
  /** Images that are to be released. */
  synthetic: AuditedSet;
  /** The people who must not be in them. */
  real: AuditedSet;
  /** Other people. */
  control?: AuditedSet;
  /** The matcher. */
  embedder: Embedder;
  /** Share of pairs of different people that match. */
  falseMatchRate: number;
  /** Labels of synthetic identities and of the real people whose names they bear; none are not tested. */
  namesakes: readonly (readonly [synthetic: number, real: number])[];
  /** How neighbours are found. */
  search: "exact" | "approximate";
  /** Draws pairs, permutations, samples. */
  random: RandomStream;
  /** Stops it. */
  signal?: AbortSignal;
  /** Called as the search goes on. */
  onStep?: (done: number, total: number) => void;
}

/** What {@linkcode auditMatches} finds. */
export interface MatchAudit {
  /** Numbers. */
  findings: EmbedderFindings;
  /** Nearest real image of each synthetic one. */
  nearest: Int32Array;
  /** All that were found near each. */
  neighbours: Neighbours;
  /** Cosine of that pair. */
  similarities: Float64Array;
  /** 1 for synthetic images that match a real image or centroid. */
  matched: Uint8Array;
}

/**
 * Sets the matcher's threshold, searches both ways, and tests for excess.
 *
 * @param input Features of the sets, rate, kind of search.
 * @returns Findings, and for each synthetic image its nearest real one.
 * @throws {RangeError} If there are too few pairs of different people for the rate, or too few people for a test.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { plainPreprocessing, randomStream } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { auditMatches } from "./audit_matches.ts";
 *
 * await useBackend("auto");
 * // People around a circle, two pictures each; the synthetic ones are those of the first three once more.
 * const people = (count: number) => {
 *   const labels = Int32Array.from({ length: 2 * count }, (_, i) => i >> 1);
 *   const angles = Array.from(labels, (label, i) => label * Math.PI / 12 + 0.02 * (i % 2));
 *   const data = Float32Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)]));
 *   return { features: { data, width: 2 }, labels, identities: count };
 * };
 * const { matched } = await auditMatches({
 *   synthetic: people(3),
 *   real: people(24),
 *   embedder: {
 *     embed: (images) => tf.reshape(images, [images.shape[0], -1]),
 *     width: 2,
 *     preprocessing: plainPreprocessing(1, 1),
 *     fingerprint: "angles",
 *   },
 *   falseMatchRate: 0.01,
 *   namesakes: [],
 *   search: "exact",
 *   random: randomStream(1),
 * });
 * console.log(Array.from(matched)); // [1, 1, 1, 1, 1, 1]
 * ```
 */
export async function auditMatches(
  input: AuditMatchesInput,
): Promise<MatchAudit> {
  const { synthetic, real, control, embedder, falseMatchRate, random } = input;
  const known = control === undefined ? real : together(real, control);
  const threshold = matchThreshold(known.features, known.labels, {
    falseMatchRate,
    random: random.fork("pairs"),
  });
  const centroids = identityCentroids(
    real.features,
    real.labels,
    real.identities,
  );
  const centroidThreshold = await thresholdOfCentroids(known, falseMatchRate);

  const sets = [synthetic.features, real.features, control?.features];
  const [s, r, c] = sets.map((set) =>
    set === undefined ? 0 : set.data.length / set.width
  );
  // All pairs that are compared, for the display.
  const total = s * r + (control === undefined ? r * r : s * c + c * r);
  let before = 0;
  const search = async (
    queries: Features,
    gallery: Features,
  ): Promise<NeighbourSearch & { recall?: number }> => {
    const { signal, onStep } = input;
    const pairs = queries.data.length / queries.width * gallery.data.length /
      gallery.width;
    const options = {
      threshold: threshold.threshold,
      ...(signal && { signal }),
      onProgress: (done: number, all: number) =>
        onStep?.(Math.round(before + pairs * done / all), total),
    };
    const found = input.search === "exact"
      ? await nearestNeighbours(queries, gallery, options)
      : await approximateNeighbours(queries, gallery, {
        ...options,
        random: random.fork("recall"),
      });
    before += pairs;
    return found;
  };
  const leaks = await search(synthetic.features, real.features);
  const rates = ratesOf(leaks.backwardMatches, real, s);
  let strangers: NeighbourSearch | undefined;
  let reference: Float64Array;
  let strangerRates: Float64Array;
  if (control === undefined) {
    // Whom an image bears the name of is among the real people: too strict by that one, not too lax.
    strangerRates = Float64Array.from(leaks.forwardMatches, (n) => n / r);
    reference = ownRates(
      await search(real.features, real.features),
      real,
      threshold.threshold,
    );
  } else {
    const others = await search(synthetic.features, control.features);
    reference = ratesOf(others.backwardMatches, control, s);
    strangerRates = Float64Array.from(others.forwardMatches, (n) => n / c);
    strangers = await search(control.features, real.features);
  }
  const toCentroids = await nearestNeighbours(synthetic.features, centroids, {
    backward: false,
  });
  const ofCentroids = await nearestNeighbours(
    real.features,
    identityCentroids(
      synthetic.features,
      synthetic.labels,
      synthetic.identities,
    ),
    { backward: false },
  );
  const isNear = (similarity: number) =>
    centroidThreshold !== undefined && similarity >= centroidThreshold;
  const similarities = firsts(leaks.forward);
  const matched = Uint8Array.from(
    similarities,
    (similarity, i) =>
      similarity >= threshold.threshold ||
        isNear(toCentroids.forward.similarities[i])
        ? 1
        : 0,
  );
  return {
    nearest: Int32Array.from(
      { length: s },
      (_, i) => leaks.forward.indices[i * leaks.forward.count],
    ),
    neighbours: leaks.forward,
    similarities,
    matched,
    findings: {
      fingerprint: embedder.fingerprint,
      threshold,
      ...(centroidThreshold !== undefined && { centroidThreshold }),
      test: excessTest(rates, reference, {
        paired: control === undefined,
        random: random.fork("test"),
      }),
      ...(input.namesakes.length > 0 && {
        namesakes: namesakeTest({
          synthetic,
          real,
          threshold: threshold.threshold,
          strangerRates,
          random: random.fork("namesakes"),
        }, input.namesakes),
      }),
      matched: [...matched.keys()].filter((i) => matched[i] === 1),
      ...(strangers && {
        matchedStrangers: countOf(strangers.forwardMatches, (n) => n > 0),
      }),
      matchedPeople: countOf(rates, (rate) => rate > 0),
      realNearSynthetic: countOf(ofCentroids.forward.similarities, isNear),
      nearest: {
        syntheticToReal: nearness(similarities),
        realToSynthetic: nearness(firsts(leaks.backward)),
        ...(strangers &&
          { controlToReal: nearness(firsts(strangers.forward)) }),
      },
      ...(leaks.recall !== undefined && { searchRecall: leaks.recall }),
    },
  };
}

/** Two sets as one, of different people. */
function together(a: AuditedSet, b: AuditedSet): AuditedSet {
  const data = new Float32Array(
    a.features.data.length + b.features.data.length,
  );
  data.set(a.features.data);
  data.set(b.features.data, a.features.data.length);
  return {
    features: { data, width: a.features.width },
    labels: Int32Array.from(
      { length: a.labels.length + b.labels.length },
      (_, i) => a.labels[i] ?? b.labels[i - a.labels.length] + a.identities,
    ),
    identities: a.identities + b.identities,
  };
}

/** Least cosine of an image and another person's centroid that the rate lets through; undefined with too few pairs. */
async function thresholdOfCentroids(
  { features, labels, identities }: AuditedSet,
  falseMatchRate: number,
): Promise<number | undefined> {
  const people = new Set(labels).size;
  if (labels.length * (people - 1) < leastImpostorPairs(falseMatchRate)) {
    return undefined;
  }
  const centroids = identityCentroids(features, labels, identities);
  // The largest cosines with others: each image's own person may be among them, and is left out.
  const most = Math.min(identities, 64);
  const { forward } = await nearestNeighbours(features, centroids, {
    count: most,
    backward: false,
  });
  const others: number[] = [];
  for (const [at, similarity] of forward.similarities.entries()) {
    if (forward.indices[at] !== labels[Math.floor(at / most)]) {
      others.push(similarity);
    }
  }
  // Pairs beyond the nearest count as pairs, too, though they are not looked at.
  const rate = falseMatchRate * labels.length * (people - 1) / others.length;
  return rankThreshold(Float64Array.from(others).sort(), Math.min(1, rate))
    .threshold;
}

/** Share of each person's pairs with `count` images that match; people without images are left out. */
function ratesOf(
  matches: Uint32Array,
  { labels }: AuditedSet,
  count: number,
): Float64Array {
  return Float64Array.from(groupByLabel(labels).values(), (images) => {
    const sum = images.reduce((total, i) => total + matches[i], 0);
    return sum / (images.length * count);
  });
}

/** Share of each person's pairs with other people that match. */
function ownRates(
  found: NeighbourSearch,
  { features, labels }: AuditedSet,
  threshold: number,
): Float64Array {
  const { width } = features;
  const groups = [...groupByLabel(labels).values()];
  return Float64Array.from(groups, (images) => {
    const unit = unitFeatures({
      data: Float64Array.from(
        { length: images.length * width },
        (_, k) =>
          features.data[images[Math.floor(k / width)] * width + k % width],
      ),
      width,
    });
    let own = 0;
    for (let a = 0; a < images.length; a++) {
      for (let b = 0; b < images.length; b++) {
        let sum = 0;
        for (let k = 0; k < width; k++) {
          sum += unit[a * width + k] * unit[b * width + k];
        }
        if (sum >= threshold) own++;
      }
    }
    const all = images.reduce((sum, i) => sum + found.forwardMatches[i], 0);
    const others = labels.length - images.length;
    return Math.max(0, all - own) / (images.length * Math.max(1, others));
  });
}

function firsts({ count, similarities }: Neighbours): Float64Array {
  return Float64Array.from(
    { length: similarities.length / count },
    (_, i) => similarities[i * count],
  );
}

function nearness(similarities: Float64Array): Nearness {
  const sorted = similarities.toSorted();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  return { median: at(0.5), upper: at(0.99), largest: at(1) };
}

function countOf(
  values: Uint32Array | Float64Array,
  counts: (value: number) => boolean,
): number {
  let count = 0;
  for (const value of values) if (counts(value)) count++;
  return count;
}
