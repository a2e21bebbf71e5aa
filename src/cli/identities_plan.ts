/**
 * What sampling of identities will do, and about how long that takes.
 *
 * @module
 */
import type { Generator } from "../stages/mod.ts";
import { denoiseSeconds, proceduralEmbedderSeconds } from "./costs.ts";
import type { Plan } from "./plan.ts";

/** What decides how much there is to do. */
export interface IdentitiesWork {
  /** Identities. */
  count: number;
  /** Iterations of the references; 0 where they are not moved. */
  steps: number;
  /** Variations of each; 0 for none. */
  variations: number;
  /** Transitions of the generator. */
  samplingSteps: number;
  /** Iterations of reinforcement afterwards. @default none */
  refine?: number;
  /** Whether a second embedder is trained to check with. */
  checks: boolean;
  /** The generator. */
  prior: { config: Pick<Generator["config"], "dit" | "autoencoder"> };
}

/** A gradient through a transition: one pass forward, two back. */
const GRADIENT = 3;
/** Decoder and embedder with their gradients, seconds for a pixel. */
const LOOK = 4.6e-6;
/** Iterations of variations, and faces that covariates are learned from. */
const VARIATION_STEPS = 20;
const COVARIATE_FACES = 384;
/** Samples of an iteration of reinforcement. */
const SAMPLES = 128;

/**
 * Plans a sampling of identities.
 *
 * @param work How many, how long.
 * @returns The plan.
 *
 * @example
 * ```ts
 * import { smallAutoencoder, smallDit } from "../models/mod.ts";
 * import { identitiesPlan } from "./identities_plan.ts";
 *
 * const { does } = identitiesPlan({
 *   count: 20,
 *   steps: 40,
 *   variations: 8,
 *   samplingSteps: 8,
 *   checks: false,
 *   prior: {
 *     config: {
 *       autoencoder: smallAutoencoder(),
 *       dit: smallDit({ classes: 6 }),
 *     },
 *   },
 * });
 * console.log(does); // Samples 20 identities with 8 variations each, 180 images
 * ```
 */
export function identitiesPlan(
  { count, steps, variations, samplingSteps, refine = 0, checks, prior }:
    IdentitiesWork,
): Plan {
  const { dit, autoencoder: { height, width } } = prior.config;
  const draw = samplingSteps * denoiseSeconds(dit);
  const gradient = GRADIENT * draw + LOOK * height * width;
  const images = count * (1 + variations);
  return {
    does: `Samples ${count} identities${
      variations > 0 ? ` with ${variations} variations each` : ""
    }, ${images} images`,
    referenceSeconds: count * steps * gradient +
      count * variations * VARIATION_STEPS * gradient +
      (images + COVARIATE_FACES) * draw +
      refine * SAMPLES * (1 + GRADIENT) * draw +
      (checks ? proceduralEmbedderSeconds(height * width) : 0) + 10,
    memory: 1500,
    disk: 2 + 0.02 * images,
  };
}
