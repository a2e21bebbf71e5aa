/**
 * New identities: references that belong to nobody, and their variations.
 *
 * @module
 */
import {
  AVOID_DISTANCE,
  type Avoidance,
  type Covariate,
  type DispersionOptions,
  dispersionStep,
  embeddedLatents,
  type LatentModel,
  startCovariates,
} from "../brownian/mod.ts";
import {
  checkRange,
  type Embedder,
  type RandomStream,
  randomStream,
} from "../core/mod.ts";
import { owned, tf } from "../engine/mod.ts";
import { bringBack, redrawReferences, type SampledModel } from "./keep_away.ts";
import { type RenderedLatents, renderLatents } from "./render_latents.ts";
import {
  brownianMetrics,
  sampleReferences,
  type SampleReferencesOptions,
} from "./sample_references.ts";
import type { StepMetrics, TrainingOptions } from "./training_loop.ts";

/** How the variations of an identity are sampled. */
export interface VariationOptions extends Omit<DispersionOptions, "avoid"> {
  /** n, variations of each identity beside its reference. */
  count: number;
  /**
   * Iterations, T.
   *
   * @default {20}
   */
  steps?: number;
  /**
   * σ_0 of the start, in units of the latents.
   *
   * @default {0.2}
   */
  spread?: number;
  /**
   * Directions to start along: DisCo. Without any it is Dispersion.
   *
   * @default {[]}
   */
  covariates?: readonly Covariate[];
}

/** Options of {@linkcode sampleIdentities}. */
export interface SampleIdentitiesOptions
  extends
    Omit<SampleReferencesOptions, keyof TrainingOptions | "random">,
    Pick<TrainingOptions, "checkpoint" | "checkpointEvery" | "signal"> {
  /** Variations of each identity. Without them there are references alone. */
  variations?: VariationOptions;
  /**
   * Real people: nothing that is sampled ends within `distance` of them, and they push from a quarter farther, as the force
   * fades towards its end.
   */
  avoid?: Avoidance;
  /** A second embedder, which no force knows, to check with. */
  auditor?: Embedder;
  /**
   * Seed. The variations of an identity depend on seed, number and reference alone.
   *
   * @default {0}
   */
  seed?: number;
  /**
   * Latents that go through the generator at a time.
   *
   * @default {64}
   */
  chunk?: number;
  /**
   * Candidates at most for a reference that came too near to a real person.
   *
   * @default {640}
   */
  redraws?: number;
  /**
   * Whether an identity is there already and need not be made.
   *
   * @default {none is}
   */
  isDone?: (number: number) => boolean;
  /** Called after each iteration, and after each identity; `liveCurves` of figures/ draws it in a notebook. */
  onStep?: (
    part: "references" | "identities",
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void | Promise<void>;
}

/** A sampled identity: its reference first, then its variations. */
export interface SampledIdentity extends Omit<RenderedLatents, "embeddings"> {
  /** Number of the identity, from 0. */
  number: number;
  /** w, `[1 + n, D]` in row-major order. */
  latents: Float32Array;
  /** Features of the images, `[1 + n, E]` in row-major order. */
  embeddings: Float32Array;
  /** The same by the second embedder. @default none */
  audited?: Float32Array;
  /** Nearest real person of each image, and the angle to them in radians. @default nobody to avoid */
  nearestReal?: { angles: Float64Array; indices: Int32Array };
  /** Whether the reference had come too near to a real person and was drawn anew. */
  redrawn: boolean;
  /** How many variations had, and were drawn back towards the reference. */
  drawnBack: number;
}

/**
 * Samples new identities, one after the other: references by Langevin or another method, then the variations of each by
 * Dispersion or DisCo. The source's constraint is made a promise: real people push softly, and what still lies within
 * their reach at the end, judged by the image as it is saved, is rejected. A reference is then drawn anew (of the first
 * candidates that are far enough, the one farthest from the other identities), a variation is brought back towards its
 * reference by halves.
 *
 * To refine identities by rewards: `rewards`' class prototype is the reference's embedding, so that
 * `MemoryBank.fromFeatures` of these takes the place of real people's features.
 *
 * @param model The generator. Borrowed.
 * @param embedder The embedder whose angles count; it takes the generator's images. Borrowed.
 * @param options How many, how, whom to avoid.
 * @returns The identities that are not done, in the order of their numbers.
 * @throws {RangeError} If an option is out of range, or no candidate is far enough from the real people.
 * @throws The signal's reason, if it fired: references are resumed from `checkpoint`, identities by `isDone`.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { plainPreprocessing } from "@outis/outis/core";
 * import { sampleIdentities } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * // Pictures of one pixel whose colour is the identity.
 * const model = {
 *   dimensions: 3,
 *   mean: () => tf.zeros([3]) as tf.Tensor1D,
 *   sample: (streams: readonly { normals(n: number): Float32Array }[]) =>
 *     tf.tensor2d(streams.map((stream) => Array.from(stream.normals(3)))),
 *   decode: (w: tf.Tensor2D) => tf.tanh(tf.reshape(w, [-1, 1, 1, 3])) as tf.Tensor4D,
 * };
 * const embedder = {
 *   embed: (images: tf.Tensor4D) => tf.reshape(images, [-1, 3]) as tf.Tensor2D,
 *   width: 3,
 *   preprocessing: plainPreprocessing(1, 1),
 *   fingerprint: "colours",
 * };
 * const options = { count: 2, steps: 2, variations: { count: 3, steps: 2 } };
 * for await (const { number, pixels } of sampleIdentities(model, embedder, options)) {
 *   console.log(number, pixels.length / 3); // 0 4, then 1 4
 * }
 * ```
 */
export async function* sampleIdentities(
  model: LatentModel,
  embedder: Embedder,
  options: SampleIdentitiesOptions,
): AsyncGenerator<SampledIdentity> {
  const { count, variations, avoid, auditor, seed = 0, chunk = 64 } = options;
  const { isDone = () => false, onStep, signal, redraws = 640 } = options;
  const { truncation } = options;
  const act = "sample identities";
  checkRange(act, "redraws", redraws, { min: 1, integer: true });
  checkRange(act, "chunk", chunk, { min: 1, integer: true });
  if (variations !== undefined) {
    const whole = { min: 1, integer: true };
    checkRange(act, "variations.count", variations.count, whole);
    checkRange(act, "variations.steps", variations.steps ?? 20, whole);
  }
  const random = randomStream(seed, "identities");
  using latents = embeddedLatents(model, embedder);
  using sampled = owned(
    await sampleReferences(latents, {
      ...options,
      ...(avoid && { avoid: reachingFarther(avoid) }),
      langevin: { chunk, ...options.langevin },
      random: random.fork("references"),
      onStep: (done, steps, metrics) =>
        onStep?.("references", done, steps, metrics),
    }),
  );
  const sampledModel = { model, embedder, latents };
  const { references, redrawn } = avoid === undefined
    ? {
      references: sampled.value.dataSync() as Float32Array,
      redrawn: new Set<number>(),
    }
    : redrawReferences(sampledModel, sampled.value, {
      avoid,
      random: random.fork("redraws"),
      chunk,
      redraws,
      truncation,
    });
  const embedders = auditor === undefined ? [embedder] : [embedder, auditor];
  const { dimensions } = model;
  for (let number = 0; number < count; number++) {
    if (!isDone(number)) {
      signal?.throwIfAborted();
      const reference = references.subarray(
        number * dimensions,
        (number + 1) * dimensions,
      );
      const { w, statistics } = spreadOut(
        sampledModel,
        reference,
        random.fork("variations", number),
        options,
      );
      const far = bringBack(model, embedders, w, { chunk, avoid });
      const { embeddings: [embeddings, audited], ...images } = far.rendered;
      yield {
        number,
        ...images,
        latents: far.latents,
        embeddings,
        ...(audited && { audited }),
        ...(far.nearest && { nearestReal: far.nearest }),
        redrawn: redrawn.has(number),
        drawnBack: far.drawnBack,
      };
      await onStep?.("identities", number + 1, count, statistics);
    }
    // Lets signal handlers run.
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** The force fades towards its end: with the radius itself, what it moves would come to rest just inside. */
function reachingFarther(avoid: Avoidance): Avoidance {
  const { distance = AVOID_DISTANCE } = avoid;
  return { ...avoid, distance: Math.min(3.14, 1.25 * distance) };
}

/** A reference and its variations, `[1 + n, D]`, and statistics of the last step. */
function spreadOut(
  { model, embedder, latents }: SampledModel,
  reference: Float32Array,
  random: RandomStream,
  { variations, avoid, chunk = 64 }: SampleIdentitiesOptions,
): { w: Float32Array; statistics: StepMetrics } {
  if (variations === undefined) return { w: reference, statistics: {} };
  const { count, steps = 20, spread, covariates = [], ...dispersion } =
    variations;
  const { dimensions } = model;
  const w = new Float32Array((1 + count) * dimensions);
  w.set(reference);
  using centre = owned(tf.tensor1d(reference));
  using row = owned(tf.tensor2d(reference, [1, dimensions]));
  const { embeddings: [e] } = renderLatents(model, [embedder], row.value, 1);
  using identity = owned(tf.tensor1d(e));
  let current = startCovariates(centre.value, covariates, {
    count,
    random,
    ...(spread !== undefined && { spread }),
  });
  let statistics: StepMetrics = {};
  for (let t = 0; t < steps; t++) {
    const next = dispersionStep(latents, current, identity.value, t, random, {
      chunk,
      ...dispersion,
      ...(avoid && { avoid: reachingFarther(avoid) }),
    });
    current.dispose();
    current = next.latents;
    statistics = brownianMetrics(next.statistics);
  }
  w.set(current.dataSync(), dimensions);
  current.dispose();
  return { w, statistics };
}
