/**
 * Diffusion: schedules, the denoising chain with its densities, losses, guidance. Knows functions, never models.
 *
 * @module
 */
export {
  addNoise,
  denoisingLoss,
  type DenoisingLossOptions,
  type NoiseLevels,
  noiseLevels,
} from "./denoising_loss.ts";
export { guided, type GuidedOptions } from "./guidance.ts";
export {
  type Prediction,
  type SamplingStep,
  samplingSteps,
  type SamplingStepsOptions,
} from "./sampling_steps.ts";
export {
  type DiffusionSchedule,
  diffusionSchedule,
  type DiffusionScheduleOptions,
} from "./schedule.ts";
export {
  type StepScalars,
  stepScalars,
  stepTensor,
  transitionLogDensity,
  transitionMean,
} from "./transition.ts";
export {
  type PosteriorLevels,
  posteriorLevels,
  variationalBound,
  type VariationalBoundInput,
} from "./variational_bound.ts";
