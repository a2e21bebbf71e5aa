/**
 * The method, stage by stage: plain functions that wire the rooms below together.
 *
 * @module
 */
export { autoencoderLatents } from "./autoencoder_latents.ts";
export { buildMemoryBank } from "./build_memory_bank.ts";
export { checkTarget } from "./check_target.ts";
export {
  coldStart,
  type ColdStartOptions,
  type Trainable,
} from "./cold_start.ts";
export {
  conditionLatents,
  type ConditionLatentsOptions,
} from "./condition_latents.ts";
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
export {
  exportGenerated,
  type ExportGeneratedOptions,
} from "./export_generated.ts";
export { exportImages, type ExportImagesOptions } from "./export_images.ts";
export {
  generate,
  generateChunks,
  type GenerateChunksOptions,
  type GeneratedChunk,
  type GenerateOptions,
  sampleKeys,
} from "./generate.ts";
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
  identitiesReport,
  type IdentitiesReportInput,
} from "./identities_report.ts";
export {
  type IdentityClasses,
  identityGenerator,
} from "./identity_generator.ts";
export {
  importGenerator,
  type ImportGeneratorOptions,
} from "./import_generator.ts";
export {
  lightCovariates,
  type LightCovariatesOptions,
} from "./light_covariates.ts";
export { loadEmbedder, type LoadEmbedderOptions } from "./load_embedder.ts";
export {
  PUBLISHED_MODELS,
  type PublishedEmbedder,
  publishedEmbedder,
  type PublishedModel,
  type PublishedNames,
  type PublishedSizes,
} from "./published_embedder.ts";
export {
  loadWeights,
  type LoadWeightsOptions,
  type WeightsSource,
} from "./load_weights.ts";
export {
  type Alarm,
  AlarmError,
  type AlarmName,
  type HealthOptions,
} from "./health.ts";
export { makeIdentities, type MakeIdentitiesInput } from "./make_identities.ts";
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
export {
  type SampledIdentity,
  sampleIdentities,
  type SampleIdentitiesOptions,
  type VariationOptions,
} from "./sample_identities.ts";
export {
  type ReferenceMethod,
  sampleReferences,
  type SampleReferencesOptions,
} from "./sample_references.ts";
export {
  readIdentity,
  type SavedIdentity,
  saveIdentity,
} from "./save_identity.ts";
export { type RenderedLatents, renderLatents } from "./render_latents.ts";
export { saveWeights, type SaveWeightsOptions } from "./save_weights.ts";
export { reinforce } from "./reinforce.ts";
export type { ReinforceOptions } from "./reinforce_options.ts";
export { checkOverlap, type TestOverlap } from "./check_overlap.ts";
export {
  type LeakKind,
  type PlantedLeak,
  plantLeaks,
  type PlantLeaksOptions,
} from "./plant_leaks.ts";
export {
  type RenderedPeople,
  renderPeople,
  type RenderPeopleOptions,
} from "./render_people.ts";
export { type WorldName } from "./render_person.ts";
export {
  type RecognitionRow,
  reproduce,
  type ReproduceInput,
  type ReproduceResult,
} from "./reproduce.ts";
export type { ReproduceSettings } from "./reproduce_settings.ts";
export { openRunImages, type RunImages } from "./run_images.ts";
export {
  makeSampler,
  type SampledTrajectory,
  type SampleKey,
  type Sampler,
  type SamplingOptions,
  type TransitionMean,
  type TransitionOf,
} from "./sampler.ts";
export {
  type StudyArm,
  type StudyCurve,
  studyReinforcement,
  type StudyReinforcementInput,
  type StudySettings,
} from "./study_reinforcement.ts";
export { studyPage, type StudyPageInput } from "./study_page.ts";
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
export type { LowRankTrainable } from "./tuned_weights.ts";
