/**
 * Features as points on a sphere, to be looked at.
 *
 * @module
 */
import { checkRange, randomStream } from "../core/mod.ts";
import { doublyStochastic } from "./doubly_stochastic.ts";
import { countFeatures } from "./feature_rows.ts";
import type { Features } from "./features.ts";
import { neighbourDivergence } from "./neighbour_divergence.ts";
import { neighbourGraph } from "./neighbour_graph.ts";
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";

/** Options of {@linkcode dosnes}. */
export interface DosnesOptions {
  /** Neighbours each vector has, in effect. @default 30, and at most a third of the others */
  perplexity?: number;
  /**
   * Nearest others that have a similarity at all: the neighbour-graph form, in memory of N times this; three times the
   * perplexity lose nothing that could be seen. @default all others, the exact form, in memory of N²
   */
  neighbours?: number;
  /** Whether features are scaled to unit length first, as recognition compares them. @default true */
  normalize?: boolean;
  /** Steps of gradient descent. @default 1000 */
  steps?: number;
  /** Length of a step, in units of the gradient. @default N / 4, at least 50 */
  rate?: number;
  /** What similarities are multiplied by in the first tenth of the steps. @default 4 */
  exaggeration?: number;
  /** Seed of the places points start from. @default 0 */
  seed?: number;
  /** Called after each step. */
  onStep?: (step: number, steps: number) => void;
  /** Ends the work with an `AbortError` at the next step. */
  signal?: AbortSignal;
}

/** Points on a sphere, made by {@linkcode dosnes}. */
export interface Dosnes {
  /** Unit vectors, `[N, 3]`, in the order of the features. */
  points: Float64Array;
  /** Radius of the sphere on which distances mean what they say; the points are shown on one of radius 1. */
  radius: number;
  /** Kullback-Leibler divergence of the similarities from those on that sphere, in nats: lower is truer. */
  divergence: number;
  /** How far the rows of the similarities are from summing to 1, the worst of them. */
  residual: number;
  /** Scalings that took. */
  scalings: number;
  /** How it was made. */
  protocol: ProtocolRecord;
}

/**
 * Doubly stochastic neighbour embedding on spheres (Lu, Corander and Yang, "Doubly Stochastic Neighbor Embedding on
 * Spheres", Pattern Recognition Letters 2019; Figure 4 of the paper).
 *
 * As t-SNE, but every point has as much similarity as every other (Sinkhorn-Knopp), so that none is drawn to the middle,
 * and the points lie on a sphere, which has no middle. After each step of gradient descent the points are put back on a
 * sphere as large as their mean distance from its centre; so the radius is found along with them. What is near may be
 * trusted; how far apart distant groups are, and where on the sphere, may not.
 *
 * Descent is that of van der Maaten and Hinton: momentum 0.5, then 0.8; a gain for each coordinate that grows while its
 * sign stays; similarities multiplied at first. All of it is float64: the same seed gives the same numbers.
 *
 * @param features Feature vectors, at least four. Borrowed.
 * @param options Perplexity, form, steps, seed.
 * @returns Points, and how well they say what they should.
 * @throws {RangeError} If there are fewer than four vectors, a value is not finite, or an option is out of range.
 * @throws {DOMException} `AbortError`, if the signal says so.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { dosnes } from "@outis/outis/metrics";
 *
 * const features = { data: new Float32Array([1, 0, 1, 0.1, 0, 1, 0.1, 1]), width: 2 };
 * const { points, residual } = await dosnes(features, { perplexity: 1.5, steps: 50, seed: 1 });
 * assert(residual < 1e-9);
 * assert(Math.abs(Math.hypot(points[0], points[1], points[2]) - 1) < 1e-12);
 * ```
 */
export async function dosnes(
  features: Features,
  options: DosnesOptions = {},
): Promise<Dosnes> {
  const count = countFeatures("features", features);
  const act = "embed on a sphere";
  checkRange(act, "features", count, { min: 4, integer: true });
  const {
    perplexity = Math.min(30, (count - 1) / 3),
    neighbours = count - 1,
    normalize = true,
    steps = 1000,
    rate = Math.max(50, count / 4),
    exaggeration = 4,
    seed = 0,
    onStep,
    signal,
  } = options;
  checkRange(act, "neighbours", neighbours, {
    min: 2,
    max: count - 1,
    integer: true,
  });
  checkRange(act, "perplexity", perplexity, { min: 1, max: neighbours });
  checkRange(act, "steps", steps, { min: 1, integer: true });
  checkRange(act, "rate", rate, { min: 0 });
  checkRange(act, "exaggeration", exaggeration, { min: 1 });

  const pause = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
    signal?.throwIfAborted();
  };
  await pause();
  const similarities = await neighbourGraph(features, {
    perplexity,
    neighbours,
    normalize,
    onRows: pause,
  });
  const { graph, residual, steps: scalings } = doublyStochastic(similarities);

  const points = randomStream(seed, "dosnes").normals(3 * count);
  const y = Float64Array.from(points);
  let radius = toSphere(y, START);
  const gradient = new Float64Array(y.length);
  const velocity = new Float64Array(y.length);
  const gains = new Float64Array(y.length).fill(1);
  const early = Math.floor(steps / 10);
  const stepsPerPause = Math.ceil(PAIRS_PER_PAUSE / count ** 2);
  for (let step = 0; step < steps; step++) {
    const isEarly = step < early;
    neighbourDivergence(graph, y, {
      gradient,
      exaggeration: isEarly ? exaggeration : 1,
      objective: false,
    });
    const momentum = isEarly ? 0.5 : 0.8;
    for (let i = 0; i < y.length; i++) {
      const turned = gradient[i] * velocity[i] > 0;
      gains[i] = Math.max(0.01, turned ? gains[i] * 0.8 : gains[i] + 0.2);
      velocity[i] = momentum * velocity[i] - rate * gains[i] * gradient[i];
      y[i] += velocity[i];
    }
    radius = toSphere(y);
    onStep?.(step + 1, steps);
    signal?.throwIfAborted();
    if (step % stepsPerPause === 0) await pause();
  }
  const divergence = neighbourDivergence(graph, y, { gradient });
  toSphere(y, 1);
  return {
    points: y,
    radius,
    divergence,
    residual,
    scalings,
    protocol: protocolRecord({
      name: "dosnes",
      parameters: {
        perplexity,
        neighbours,
        normalize,
        steps,
        rate,
        exaggeration,
        seed,
      },
      counts: { features: count, width: features.width },
    }),
  };
}

/** Pairs of points that take some milliseconds. */
const PAIRS_PER_PAUSE = 2e6;

/** Radius of the sphere on which points start: so small that all are near each other. */
const START = 1e-2;

/** Puts points on a sphere around the origin, in place: one of their mean distance from it, or of the radius given. */
function toSphere(points: Float64Array, wanted?: number): number {
  const lengths = new Float64Array(points.length / 3);
  let sum = 0;
  for (let i = 0; i < lengths.length; i++) {
    lengths[i] = Math.hypot(
      points[3 * i],
      points[3 * i + 1],
      points[3 * i + 2],
    );
    sum += lengths[i];
  }
  const radius = wanted ?? sum / lengths.length;
  for (let i = 0; i < points.length; i++) {
    points[i] *= radius / lengths[Math.floor(i / 3)];
  }
  return radius;
}
