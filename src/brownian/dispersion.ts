/**
 * Dispersion: variations of one identity (eqs. B6 to B9).
 *
 * @module
 */
import {
  checkOneOf,
  checkRange,
  checkShape,
  type RandomStream,
} from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import type { BrownianStatistics } from "./brownian_statistics.ts";
import type { EmbeddedLatents } from "./embedded_latents.ts";
import {
  type Avoidance,
  avoidance,
  embedInChunks,
  pulledForce,
} from "./force.ts";
import { identitySpring } from "./identity_spring.ts";
import { latentRepulsion } from "./latent_repulsion.ts";
import { rowNoise, rowStreams } from "./row_noise.ts";

/** Constants of {@linkcode dispersionStep}; the defaults are the source's. */
export interface DispersionOptions {
  /**
   * `"compat"` is the released behaviour: noise that scales with dt, a spring of k_e/4 θ², dt as given, though with it the
   * first step is a large kick. `"clean"`: noise with √dt, a spring of k_e/2 θ², and a dt under which the dynamics contract.
   *
   * @default {"clean"}
   */
  mode?: "clean" | "compat";
  /**
   * k_e, strength of the spring to the identity.
   *
   * @default {20}
   */
  identity?: number;
  /**
   * k_w, strength of the repulsion between variations, in latent space.
   *
   * @default {1}
   */
  stiffness?: number;
  /**
   * d_w: variations closer than that repel each other.
   *
   * @default {12}
   */
  distance?: number;
  /**
   * k_g, strength of the spring to the mean latent.
   *
   * @default {1}
   */
  pull?: number;
  /**
   * η_0, size of the noise.
   *
   * @default {0.05}
   */
  noise?: number;
  /**
   * μ, viscosity, above 0.
   *
   * @default {1}
   */
  viscosity?: number;
  /**
   * dt; the clean mode takes a smaller one where it has to.
   *
   * @default {0.05}
   */
  timestep?: number;
  /** Real people to keep away from (eq. B5). */
  avoid?: Avoidance;
  /**
   * κ of the angles.
   *
   * @default {0.999999}
   */
  kappa?: number;
  /**
   * Latents that go through the generator at a time.
   *
   * @default {64}
   */
  chunk?: number;
}

/**
 * One step of all variations of one identity:
 *
 * F_a = -Jᵀ dU_emb/de_a - dU_pair/dw_a + k_g (w̄ - w_a)  (B8, without its noise)
 *
 * compat: w_a ← w_a + (dt/μ) (F_a + η_0 ξ_a)  (B9); clean: w_a ← w_a + (dt/μ) F_a + (√dt/μ) η_0 ξ_a with dt at most
 * 1/(n k_w + k_g), half of what is stable, and no variation going farther than d_w/4.
 *
 * @param model The generator.
 * @param latents w, `[n, D]`. Borrowed.
 * @param reference Embedding of the identity, `[E]`. Borrowed.
 * @param step Number of the step, from 0.
 * @param random Stream of the identity: variation a takes its noise from `random.fork("noise", step, a)`.
 * @param options Constants.
 * @returns The latents after the step, owned by the caller, and statistics of where it started; `overlaps` are pairs
 *   closer than d_w, `angles` those to the identity.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a constant is out of range, or an embedding is zero or not finite.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { dispersionStep, identityToy } from "@outis/outis/brownian";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const { latents } = dispersionStep(
 *   identityToy(2),
 *   tf.tensor2d([[10, 5], [10, -5]]),
 *   tf.tensor1d([10, 0]),
 *   0,
 *   randomStream(1),
 *   { mode: "compat", noise: 0, kappa: 1 },
 * );
 * latents.print(); // [[9.509, 4.831], [9.509, -4.831]]
 * ```
 */
export function dispersionStep(
  model: EmbeddedLatents,
  latents: tf.Tensor2D,
  reference: tf.Tensor1D,
  step: number,
  random: RandomStream,
  options: DispersionOptions = {},
): { latents: tf.Tensor2D; statistics: BrownianStatistics } {
  const {
    mode = "clean",
    identity = 20,
    stiffness = 1,
    distance = 12,
    pull = 1,
    noise = 0.05,
    viscosity = 1,
    timestep = 0.05,
    avoid,
    kappa,
    chunk = 64,
  } = options;
  const act = "take a Dispersion step";
  checkOneOf(act, "mode", mode, ["clean", "compat"]);
  checkShape(act, "latents", latents, [null, model.dimensions]);
  checkShape(act, "reference", reference, [model.width]);
  const constants = { identity, stiffness, distance, pull, noise, timestep };
  for (const [name, value] of Object.entries(constants)) {
    checkRange(act, name, value, { min: 0 });
  }
  checkRange(act, "viscosity", viscosity, { min: 0, exclusive: "min" });
  checkRange(act, "chunk", chunk, { min: 1, integer: true });
  const [count, dimensions] = latents.shape;
  let statistics: BrownianStatistics | undefined;
  const next = tf.tidy(() => {
    const embeddings = embedInChunks(model, latents, chunk);
    const spring = identitySpring(embeddings, reference, {
      stiffness: mode === "compat" ? identity / 2 : identity,
      ...(kappa === undefined ? {} : { kappa }),
    });
    const away = avoid === undefined
      ? undefined
      : avoidance(embeddings, avoid, kappa);
    const gradient = away === undefined
      ? spring.gradient
      : tf.add(spring.gradient, away.gradient) as tf.Tensor2D;
    const apart = latentRepulsion(latents, { distance, stiffness });
    const force = tf.addN([
      pulledForce(model, latents, gradient, chunk),
      apart.force,
      tf.mul(pull, tf.sub(model.mean(), latents)),
    ]);
    const norms = tf.norm(force, 2, 1).dataSync() as Float32Array;
    const most = norms.reduce((a, b) => Math.max(a, b), 0);
    const stable = viscosity / Math.max(count * stiffness + pull, 1e-30);
    const short = distance * viscosity / (4 * Math.max(most, 1e-30));
    const dt = mode === "compat"
      ? timestep
      : Math.min(timestep, stable, distance > 0 ? short : Infinity);
    statistics = {
      energy: spring.energy + apart.energy + (away?.energy ?? 0),
      overlaps: apart.overlaps,
      angles: spring.angles,
      latentDistance: apart.nearest,
      force: { mean: norms.reduce((a, b) => a + b, 0) / count, max: most },
      dt,
      nearestReal: away === undefined ? NaN : away.angles.min,
    };
    const moved = tf.add(latents, tf.mul(dt / viscosity, force));
    if (noise === 0 || dt === 0) return moved;
    const time = mode === "compat" ? dt : Math.sqrt(dt);
    const shaken = rowNoise(
      rowStreams(count, (a) => random.fork("noise", step, a)),
      dimensions,
    );
    return tf.add(moved, tf.mul(time / viscosity * noise, shaken));
  }) as tf.Tensor2D;
  return { latents: next, statistics: statistics! };
}
