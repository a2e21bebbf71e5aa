/**
 * New identities: Langevin, Dispersion and DisCo (arXiv 2405.00228), for any generator that an embedder looks at.
 *
 * @module
 */
export {
  type AngularRepulsion,
  angularRepulsion,
  type AngularRepulsionOptions,
} from "./angular_repulsion.ts";
export { rejectLatents, type RejectLatentsOptions } from "./baselines.ts";
export type { BrownianStatistics } from "./brownian_statistics.ts";
export {
  type Covariate,
  covariateDirection,
  type LabelledLatents,
  startCovariates,
} from "./covariates.ts";
export { type DispersionOptions, dispersionStep } from "./dispersion.ts";
export {
  type EmbeddedLatents,
  embeddedLatents,
  type EmbeddedLatentsOptions,
  type PullBack,
} from "./embedded_latents.ts";
export { AVOID_DISTANCE, type Avoidance } from "./force.ts";
export {
  type IdentitySpring,
  identitySpring,
  type IdentitySpringOptions,
} from "./identity_spring.ts";
export { type LangevinOptions, langevinStep } from "./langevin.ts";
export { smallestLatentDistance } from "./latent_distances.ts";
export type { LatentModel } from "./latent_model.ts";
export {
  type LatentRepulsion,
  latentRepulsion,
  type LatentRepulsionOptions,
} from "./latent_repulsion.ts";
export {
  type LinearSvm,
  linearSvm,
  type LinearSvmOptions,
} from "./linear_svm.ts";
export { rowNoise } from "./row_noise.ts";
export { type SpsaOptions, spsaPullBack } from "./spsa.ts";
export { startLatents } from "./start_latents.ts";
export { startVariations } from "./start_variations.ts";
export { identityToy, linearToy } from "./toys.ts";
