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
  transitionLogDensity,
  type TransitionLogDensityOptions,
} from "./log_density.ts";
export {
  type Denoise,
  type DrawOptions,
  sampleChain,
  type SampleChainOptions,
  type Trajectory,
} from "./sample_chain.ts";
export { sampleDdim, type SampleDdimOptions } from "./sample_ddim.ts";
export { sampleDdpm, type SampleDdpmOptions } from "./sample_ddpm.ts";
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
  spacedTimes,
  type SpacedTimesOptions,
  type Spacing,
} from "./spaced_times.ts";
export { type StepScalars, stepScalars, stepTensor } from "./step_tensor.ts";
export {
  denoisingTransition,
  type DenoisingTransitionOptions,
  type Transition,
  transitionMean,
} from "./transition.ts";
export {
  type PosteriorLevels,
  posteriorLevels,
  variationalBound,
  type VariationalBoundInput,
} from "./variational_bound.ts";
