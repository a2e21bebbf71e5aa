/**
 * Where the features of real and synthetic images lie (Figure 4): spheres to look at, and numbers.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import { type ImageSet, subsetImages } from "../data/mod.ts";
import { dosnesFigure, type Figure } from "../figures/mod.ts";
import { dosnes, separability, unitFeatures } from "../metrics/mod.ts";
import { embedImages } from "./recognizer_embedder.ts";

/** Options of {@linkcode featureSpheres}. */
export interface FeatureSpheresOptions {
  /** Identities shown, the first ones. @default 10 */
  identities?: number;
  /** Title of the figure. @default "Features of ten identities", by their number */
  title?: string;
  /** Steps of DOSNES. @default 1000 */
  steps?: number;
  /** Seed of DOSNES. @default 0 */
  seed?: number;
  /** Ends the work. */
  signal?: AbortSignal | undefined;
  /** Called after each step of DOSNES. */
  onStep?: (done: number, total: number) => void;
}

/** How the features of one set lie. */
export interface FeatureSpread {
  /** The set. */
  set: string;
  /** Its images that are shown. */
  images: number;
  /** Mean cosine of two images of one identity, in [-1, 1]. */
  same: number;
  /** Mean cosine of images of different identities. */
  different: number;
  /** Mean cosine of an image with its identity's centre among the images of the first set: how true it stays to it. */
  toFirst: number;
  /** Mean over identities of the variance of unit features, all directions together (eq. 8): how diverse it is. */
  spread: number;
}

/** Features of sets of images on spheres. */
export interface FeatureSpheres {
  /** A sphere for each set; points that are near each other may be trusted, distances between groups may not. */
  figure: Figure;
  /** Numbers of the features themselves, which no projection has bent. */
  sets: FeatureSpread[];
  /** Kullback-Leibler divergence of the projection, nats. */
  divergence: number;
  /** How far the rows of the similarities are from summing to 1, the worst of them. */
  residual: number;
  /** Points on the unit sphere, `[N][3]`, of all sets in their order. */
  points: number[][];
  /** Set and identity of each point. */
  of: { set: string; identity: string }[];
}

/**
 * Projects the features of several sets of images of the same people onto one sphere, and draws a sphere for each set.
 *
 * @param sets Images by name, of the same identities in the same order; the first are the real ones.
 * @param embedder Whose features: best one that gives no reward, trained on other people. Borrowed.
 * @param options How many identities, and how DOSNES works.
 * @returns Figure and numbers.
 * @throws {RangeError} If there are fewer than four images, or an identity has a single one in a set.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { featureSpheres, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 16, width: 16 }));
 * using embedder = await recognizerEmbedder(model, model.init(randomStream(1)));
 * const faces = { identities: 2, imagesPerIdentity: 3, size: 16 };
 * const { sets } = await featureSpheres({
 *   real: proceduralFaces(faces),
 *   other: proceduralFaces({ ...faces, seed: 1 }),
 * }, embedder, { steps: 20 });
 * console.log(sets.map(({ set }) => set)); // real, other
 * ```
 */
export async function featureSpheres(
  sets: { [name: string]: ImageSet },
  embedder: Embedder,
  options: FeatureSpheresOptions = {},
): Promise<FeatureSpheres> {
  const { identities = 10, steps, seed = 0, signal, onStep } = options;
  const entries = Object.entries(sets).map(([name, set]) => {
    const shown = [...set.labels.keys()]
      .filter((i) => set.labels[i] < identities);
    const own = subsetImages(set, shown);
    return { name, set: own, features: embedImages(embedder, own) };
  });
  const { width } = entries[0].features;
  const data = new Float32Array(
    entries.reduce((sum, { features }) => sum + features.data.length, 0),
  );
  let at = 0;
  for (const { features } of entries) {
    data.set(features.data, at);
    at += features.data.length;
  }
  const { points, divergence, residual } = await dosnes({ data, width }, {
    seed,
    ...(steps !== undefined && { steps }),
    ...(signal && { signal }),
    ...(onStep && { onStep }),
  });
  const of = entries.flatMap(({ name, set }) =>
    Array.from(set.labels, (label) => ({
      set: name,
      identity: set.identities[label],
    }))
  );
  const people = new Set(of.map(({ identity }) => identity)).size;
  const centres = centresOf(entries[0]);
  let from = 0;
  const figure = dosnesFigure({
    title: options.title ?? `Features of ${people} identities`,
    note: `DOSNES of all sets together, divergence ${
      divergence.toFixed(2)
    } nats, residual ${residual.toExponential(0)}; a colour for each identity`,
    panels: entries.map(({ name, set }) => ({
      name,
      points: points.subarray(3 * from, 3 * (from += set.count)),
      identities: Array.from(set.labels, (label) => set.identities[label]),
    })),
  });
  return {
    figure,
    sets: entries.map(({ name, set, features }) => ({
      set: name,
      images: set.count,
      ...spreadOf(features, set.labels, centres),
    })),
    divergence,
    residual,
    points: of.map((_, i) => Array.from(points.subarray(3 * i, 3 * i + 3))),
    of,
  };
}

type Embedded = {
  set: ImageSet;
  features: { data: Float32Array; width: number };
};

/** Mean of the unit features of each identity. */
function centresOf({ set, features }: Embedded): Map<number, Float64Array> {
  const unit = unitFeatures(features);
  const { width } = features;
  const centres = new Map<number, Float64Array>();
  const counts = new Map<number, number>();
  set.labels.forEach((label, i) => {
    const centre = centres.get(label) ?? new Float64Array(width);
    centres.set(label, centre);
    counts.set(label, (counts.get(label) ?? 0) + 1);
    for (let d = 0; d < width; d++) centre[d] += unit[i * width + d];
  });
  for (const [label, centre] of centres) {
    centre.forEach((sum, d) => centre[d] = sum / counts.get(label)!);
  }
  return centres;
}

function spreadOf(
  features: Embedded["features"],
  labels: ArrayLike<number>,
  first: Map<number, Float64Array>,
): Pick<FeatureSpread, "same" | "different" | "toFirst" | "spread"> {
  const { width } = features;
  const unit = unitFeatures(features);
  const own = centresOf({
    set: { labels: Int32Array.from(labels) } as ImageSet,
    features,
  });
  const counts = new Map<number, number>();
  const squares = new Map<number, number>();
  let toFirst = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    const [theirs, centre] = [first.get(label)!, own.get(label)!];
    let [product, norm, square] = [0, 0, 0];
    for (let d = 0; d < width; d++) {
      const value = unit[i * width + d];
      product += value * theirs[d];
      norm += theirs[d] ** 2;
      square += (value - centre[d]) ** 2;
    }
    toFirst += product / Math.sqrt(norm);
    counts.set(label, (counts.get(label) ?? 0) + 1);
    squares.set(label, (squares.get(label) ?? 0) + square);
  }
  const variances = Array.from(
    squares,
    ([label, square]) => square / (counts.get(label)! - 1),
  );
  const { same, different } = separability(features, labels);
  return {
    same,
    different,
    toFirst: toFirst / labels.length,
    spread: variances.reduce((a, b) => a + b) / variances.length,
  };
}
