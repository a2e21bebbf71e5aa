/**
 * Reference latents of new identities.
 *
 * @module
 */
import {
  AVOID_DISTANCE,
  type Avoidance,
  type BrownianStatistics,
  type EmbeddedLatents,
  type LangevinOptions,
  langevinStep,
  rejectLatents,
  startLatents,
} from "../brownian/mod.ts";
import { checkOneOf, checkRange, type RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { trainingLoop, type TrainingOptions } from "./training_loop.ts";

/** How references are found. */
export type ReferenceMethod = "langevin" | "random" | "reject" | "repulse";

/** Options of {@linkcode sampleReferences}. */
export interface SampleReferencesOptions extends TrainingOptions {
  /** How many. */
  count: number;
  /** Stream of the run: particle i takes nothing but its own forks of it. */
  random: RandomStream;
  /**
   * `"langevin"`: the dynamics of eqs. B1 to B5. `"repulse"`: the same without noise and without the spring to the mean.
   * `"reject"`: drawn again until apart. `"random"`: as they come.
   *
   * @default {"langevin"}
   */
  method?: ReferenceMethod;
  /**
   * Iterations of the dynamics, T.
   *
   * @default {100}
   */
  steps?: number;
  /**
   * ψ of the start, in (0, 1].
   *
   * @default {0.7}
   */
  truncation?: number;
  /** Constants of the dynamics; `distance` is that of `"reject"` as well. */
  langevin?: Omit<LangevinOptions, "avoid">;
  /** Real people to keep away from. */
  avoid?: Avoidance;
}

/**
 * Samples references; of the dynamics every iteration is told, with statistics, and can be stopped at and resumed from,
 * to the same bits. Where nothing pushes any more they stand still.
 *
 * @param latents The generator, seen through an embedder.
 * @param options How many, how.
 * @returns w, `[count, D]`. Owned by the caller.
 * @throws {RangeError} If an option is out of range, there is no room for so many by rejection, or the checkpoint is of
 *   another size.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { identityToy } from "@outis/outis/brownian";
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { sampleReferences } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const w = await sampleReferences(identityToy(4), {
 *   count: 3,
 *   steps: 2,
 *   random: randomStream(1),
 *   onStep: (done, steps, { smallestAngle }) => console.log(done, steps, smallestAngle),
 * });
 * console.log(w.shape); // [3, 4]
 * ```
 */
export async function sampleReferences(
  latents: EmbeddedLatents,
  options: SampleReferencesOptions,
): Promise<tf.Tensor2D> {
  const { count, random, method = "langevin", steps = 100 } = options;
  const { truncation, langevin = {}, avoid, ...loop } = options;
  const act = "sample references";
  checkOneOf(act, "method", method, [
    "langevin",
    "random",
    "reject",
    "repulse",
  ]);
  checkRange(act, "count", count, { min: 1, integer: true });
  checkRange(act, "steps", steps, { min: 1, integer: true });
  const start = { count, random, ...(truncation && { truncation }) };
  if (method === "random") return startLatents(latents, start);
  if (method === "reject") {
    const { distance = 1.4 } = langevin;
    const { distance: radius = AVOID_DISTANCE } = avoid ?? {};
    const found = rejectLatents(latents, {
      ...start,
      distance,
      ...(avoid && { avoid: { ...avoid, distance: radius } }),
    });
    found.embeddings.dispose();
    return found.latents;
  }
  const constants: LangevinOptions = {
    ...langevin,
    ...(method === "repulse" && { noise: 0, pull: 0 }),
    ...(avoid && { avoid }),
  };
  const state = await trainingLoop({
    ...loop,
    name: method,
    steps,
    state: { latents: startLatents(latents, start), still: tf.scalar(0) },
    step({ latents: w, still }, index) {
      if (still.dataSync()[0] === 1) {
        return {
          state: { latents: tf.clone(w), still: tf.clone(still) },
          metrics: { dt: tf.scalar(0) },
        };
      }
      const next = langevinStep(
        latents,
        w as tf.Tensor2D,
        index,
        random,
        constants,
      );
      const isStill = next.statistics.dt === 0;
      return {
        state: { latents: next.latents, still: tf.scalar(isStill ? 1 : 0) },
        metrics: asScalars(brownianMetrics(next.statistics)),
      };
    },
  });
  state.still.dispose();
  return state.latents as tf.Tensor2D;
}

/**
 * Statistics of a step under plain names, without those that there are none of.
 *
 * @param statistics Of a step.
 * @returns Finite numbers by name.
 *
 * @example
 * ```ts
 * import { brownianMetrics } from "./sample_references.ts";
 *
 * const metrics = brownianMetrics({
 *   energy: 0,
 *   overlaps: 0,
 *   angles: { min: 1, mean: 2, max: 3 },
 *   latentDistance: Infinity, // of a single latent
 *   force: { mean: 0, max: 0 },
 *   dt: 0,
 *   nearestReal: NaN, // nobody to avoid
 * });
 * console.log(Object.keys(metrics).includes("nearestReal")); // false
 * ```
 */
export function brownianMetrics(
  statistics: BrownianStatistics,
): { [name: string]: number } {
  const { angles, force, ...rest } = statistics;
  const all = {
    ...rest,
    smallestAngle: angles.min,
    meanAngle: angles.mean,
    largestAngle: angles.max,
    force: force.mean,
    largestForce: force.max,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => Number.isFinite(value)),
  );
}

function asScalars(
  metrics: { [name: string]: number },
): { [name: string]: tf.Scalar } {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, tf.scalar(value)]),
  );
}
