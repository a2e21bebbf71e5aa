/**
 * Langevin: N identities that part from each other (eqs. B1 to B5).
 *
 * @module
 */
import { checkRange, checkShape, type RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { angularRepulsion } from "./angular_repulsion.ts";
import type { BrownianStatistics } from "./brownian_statistics.ts";
import type { EmbeddedLatents } from "./embedded_latents.ts";
import {
  type Avoidance,
  avoidance,
  embedInChunks,
  pulledForce,
} from "./force.ts";
import { smallestLatentDistance } from "./latent_distances.ts";
import { rowNoise, rowStreams } from "./row_noise.ts";

/** Constants of {@linkcode langevinStep}; the defaults are the source's. */
export interface LangevinOptions {
  /**
   * d_0, radians: identities closer than that repel each other.
   *
   * @default {1.4}
   */
  distance?: number;
  /**
   * k_0, strength of the repulsion.
   *
   * @default {1}
   */
  stiffness?: number;
  /**
   * dt where positive; where negative, τ = -timestep is the share of the smallest latent distance that the fastest
   * particle may go in a step.
   *
   * @default {-0.3}
   */
  timestep?: number;
  /**
   * μ, viscosity, above 0.
   *
   * @default {1}
   */
  viscosity?: number;
  /**
   * η_0, standard deviation of the noise after unit time.
   *
   * @default {0.01}
   */
  noise?: number;
  /**
   * k_l, strength of the spring to the mean latent.
   *
   * @default {0.1}
   */
  pull?: number;
  /** Real people to keep away from (eq. B5). */
  avoid?: Avoidance;
  /**
   * κ of the angles.
   *
   * @default {0.999999}
   */
  kappa?: number;
  /**
   * Latents that go through the generator at a time; the result does not depend on it but for rounding.
   *
   * @default {64}
   */
  chunk?: number;
}

/**
 * One step of all particles at once:
 *
 * F_i = -Jᵀ dU/de_i + k_l (w̄ - w_i)  (B2)
 *
 * w_i ← w_i + (dt/μ) F_i + (√dt/μ) η_0 ξ_i,  ξ ~ N(0, I)  (B3)
 *
 * with dt = τ μ min ‖w_i - w_j‖ / max ‖F_i‖ where `timestep` = -τ. Particle i takes its noise from
 * `random.fork("noise", i, step)`, so that it does not depend on how many others there are.
 *
 * @param model The generator.
 * @param latents w, `[N, D]`. Borrowed.
 * @param step Number of the step, from 0.
 * @param random Stream of the run.
 * @param options Constants.
 * @returns The latents after the step, owned by the caller, and statistics of where it started.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a constant is out of range, or an embedding is zero or not finite.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { identityToy, langevinStep } from "@outis/outis/brownian";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const right = tf.tensor2d([[1, 0], [0, 1]]);
 * const { latents, statistics } = langevinStep(identityToy(2), right, 0, randomStream(1), {
 *   distance: 1.7,
 *   noise: 0,
 *   pull: 0,
 * });
 * latents.print();
 * console.log(statistics.overlaps); // 1
 * ```
 */
export function langevinStep(
  model: EmbeddedLatents,
  latents: tf.Tensor2D,
  step: number,
  random: RandomStream,
  options: LangevinOptions = {},
): { latents: tf.Tensor2D; statistics: BrownianStatistics } {
  const {
    distance = 1.4,
    stiffness = 1,
    timestep = -0.3,
    viscosity = 1,
    noise = 0.01,
    pull = 0.1,
    avoid,
    kappa,
    chunk = 64,
  } = options;
  const act = "take a Langevin step";
  checkShape(act, "latents", latents, [null, model.dimensions]);
  checkRange(act, "timestep", timestep);
  checkRange(act, "viscosity", viscosity, { min: 0, exclusive: "min" });
  checkRange(act, "noise", noise, { min: 0 });
  checkRange(act, "pull", pull, { min: 0 });
  checkRange(act, "chunk", chunk, { min: 1, integer: true });
  const [count, dimensions] = latents.shape;
  let statistics: BrownianStatistics | undefined;
  const next = tf.tidy(() => {
    const embeddings = embedInChunks(model, latents, chunk);
    const apart = angularRepulsion(embeddings, {
      distance,
      stiffness,
      ...(kappa === undefined ? {} : { kappa }),
    });
    const away = avoid === undefined
      ? undefined
      : avoidance(embeddings, { stiffness, ...avoid }, kappa);
    const gradient = away === undefined
      ? apart.gradient
      : tf.add(apart.gradient, away.gradient) as tf.Tensor2D;
    const spring = tf.mul(pull, tf.sub(model.mean(), latents));
    const force = tf.add(pulledForce(model, latents, gradient, chunk), spring);
    const norms = tf.norm(force, 2, 1).dataSync() as Float32Array;
    const latentDistance = smallestLatentDistance(latents);
    const most = norms.reduce((a, b) => Math.max(a, b), 0);
    const dt = timeOfStep(timestep, { viscosity, latentDistance, most });
    statistics = {
      energy: apart.energy + (away?.energy ?? 0),
      overlaps: apart.overlaps,
      angles: apart.angles,
      latentDistance,
      force: { mean: norms.reduce((a, b) => a + b, 0) / count, max: most },
      dt,
      nearestReal: away === undefined ? NaN : away.angles.min,
    };
    const moved = tf.add(latents, tf.mul(dt / viscosity, force));
    if (noise === 0 || dt === 0) return moved;
    const shaken = rowNoise(
      rowStreams(count, (i) => random.fork("noise", i, step)),
      dimensions,
    );
    const size = Math.sqrt(dt) / viscosity * noise;
    return tf.add(moved, tf.mul(size, shaken));
  }) as tf.Tensor2D;
  return { latents: next, statistics: statistics! };
}

/** dt of a step: as given, or τ μ min ‖w_i - w_j‖ / max ‖F_i‖; a particle alone has τ itself. */
function timeOfStep(
  timestep: number,
  { viscosity, latentDistance, most }: {
    viscosity: number;
    latentDistance: number;
    most: number;
  },
): number {
  if (timestep >= 0) return timestep;
  if (most === 0) return 0;
  if (latentDistance === Infinity) return -timestep;
  return -timestep * viscosity * latentDistance / most;
}
