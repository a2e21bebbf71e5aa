/**
 * The method, stage by stage: plain functions that wire the rooms below together.
 *
 * @module
 */
export { buildMemoryBank } from "./build_memory_bank.ts";
export { checkTarget } from "./check_target.ts";
export {
  coldStart,
  type ColdStartOptions,
  type Trainable,
} from "./cold_start.ts";
export type { DirectOptions } from "./direct_gradient.ts";
export {
  encodeImages,
  type EncodeImagesOptions,
  type LatentSet,
} from "./encode_images.ts";
export {
  type EvaluatedVerification,
  evaluateVerification,
  type EvaluateVerificationOptions,
} from "./evaluate_verification.ts";
export { exportImages, type ExportImagesOptions } from "./export_images.ts";
export { generate, type GenerateOptions, sampleKeys } from "./generate.ts";
export {
  type Generator,
  type GeneratorConfig,
  loadGenerator,
  makeGenerator,
  priorUrl,
  saveGenerator,
  type SaveGeneratorOptions,
} from "./generator.ts";
export {
  compareRewards,
  type MeasuredRewards,
  type RewardChange,
  type RewardMeter,
  rewardMeter,
  type RewardMeterOptions,
  type RewardName,
} from "./measure_rewards.ts";
export type { PolicyOptions } from "./policy_gradient.ts";
export { pretrain, type PretrainOptions } from "./pretrain.ts";
export {
  embedImages,
  type EmbedImagesOptions,
  recognizerEmbedder,
} from "./recognizer_embedder.ts";
export { loadAuditor, saveAuditor } from "./recognizer_file.ts";
export { reinforce, type ReinforceOptions } from "./reinforce.ts";
export { renderPeople, type RenderPeopleOptions } from "./render_people.ts";
export {
  type RecognitionRow,
  reproduce,
  type ReproduceInput,
  type ReproduceResult,
} from "./reproduce.ts";
export type { ReproduceSettings } from "./reproduce_settings.ts";
export {
  makeSampler,
  type SampleKey,
  type Sampler,
  type SamplingOptions,
  type TransitionMean,
} from "./sampler.ts";
export {
  trainAutoencoder,
  type TrainAutoencoderOptions,
} from "./train_autoencoder.ts";
export { trainDenoiser, type TrainDenoiserOptions } from "./train_denoiser.ts";
export { trainAuditor, type TrainAuditorOptions } from "./train_auditor.ts";
export {
  type TrainedRecognizer,
  trainRecognizer,
  type TrainRecognizerOptions,
} from "./train_recognizer.ts";
export type { StepMetrics, TrainingOptions } from "./training_loop.ts";
