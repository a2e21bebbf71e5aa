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
export * from "./evaluate_reid.ts";
export * from "./evaluate_bias.ts";
export * from "./evaluate_generation.ts";
export * from "./evaluate_verification.ts";
export * from "./evaluate_verification_sets.ts";
export type { ReadTestOptions } from "./verification_task.ts";
export {
  exportGenerated,
  type ExportGeneratedOptions,
} from "./export_generated.ts";
export { exportImages, type ExportImagesOptions } from "./export_images.ts";
export { faceCovariates } from "./face_covariates.ts";
export {
  FACE_COVARIATES,
  type FaceCovariate,
  faceReaders,
  type FaceReadersOptions,
} from "./face_readers.ts";
export {
  generate,
  generateChunks,
  type GenerateChunksOptions,
  type GeneratedChunk,
  type GenerateOptions,
  sampleKeys,
} from "./generate.ts";
export * from "./generator.ts";
export {
  loadGenerator,
  priorUrl,
  saveGenerator,
  type SaveGeneratorOptions,
} from "./generator_files.ts";
export {
  identitiesReport,
  type IdentitiesReportInput,
} from "./identities_report.ts";
export {
  type IdentityClasses,
  identityGenerator,
} from "./identity_generator.ts";
export { identityBank } from "./identity_bank.ts";
export type { IdentityArm, IdentityArmSettings } from "./identity_arm.ts";
export {
  identityLatents,
  type IdentityLatentsOptions,
  LATENT_CONSTANTS,
  LATENT_KINDS,
  type LatentConstants,
  type LatentKind,
} from "./identity_latents.ts";
export {
  identityStudyPage,
  type IdentityStudyPageInput,
} from "./identity_study_page.ts";
export {
  importGenerator,
  type ImportGeneratorOptions,
} from "./import_generator.ts";
export { lightCovariates } from "./light_covariates.ts";
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
export {
  type PrintedRow,
  type PrintedTable,
  printedTable,
  TABLE_NUMBERS,
  type TableNumber,
} from "./paper_rows.ts";
export {
  type Picture,
  pictureCovariates,
  type PictureCovariatesOptions,
  type PictureReader,
} from "./picture_covariates.ts";
export type { PolicyOptions } from "./policy_gradient.ts";
export {
  proceduralTable,
  type ProceduralTableOptions,
  type ProceduralTablePeople,
} from "./procedural_table.ts";
export { readTable, type ReadTableOptions } from "./read_table.ts";
export {
  runTable,
  type RunTableInput,
  type TableCellResult,
  type TableCells,
} from "./run_table.ts";
export { groupsJudge } from "./table_groups_judge.ts";
export {
  setsJudge,
  type TableJudgeOptions,
  type VerificationSets,
} from "./table_judges.ts";
export {
  TABLE_FILES,
  type TableFormat,
  tablePage,
  type TablePageInput,
} from "./table_page.ts";
export {
  personsJudge,
  type PersonsJudgeOptions,
} from "./table_persons_judge.ts";
export {
  ablationMethods,
  type TableMethod,
  tableMethods,
  type TableRecognizer,
  type TableSettings,
} from "./table_settings.ts";
export {
  type TableComparison,
  type TableRow,
  type TableScore,
  type TableSummary,
  tableSummary,
} from "./table_summary.ts";
export type { TableJudge, TableScores, TableTarget } from "./table_target.ts";
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
export { loadRecognizer, saveRecognizer } from "./save_recognizer.ts";
export { startWeights } from "./start_weights.ts";
export { saveWeights, type SaveWeightsOptions } from "./save_weights.ts";
export {
  type RefinedIdentities,
  refineIdentities,
  type RefineIdentitiesInput,
} from "./refine_identities.ts";
export { reinforce } from "./reinforce.ts";
export type { ReinforceOptions } from "./reinforce_options.ts";
export {
  type AuditImages,
  auditImageSet,
  auditRecords,
} from "./audit_images.ts";
export {
  type AuditEvidence,
  gatherEvidence,
  type GatherEvidenceOptions,
} from "./audit_evidence.ts";
export { auditPage, type AuditPageInput } from "./audit_page.ts";
export { auditPrivacy } from "./audit_privacy.ts";
export * from "./audit_privacy_options.ts";
export { type AuditSets, checkAuditSets } from "./check_audit.ts";
export { cleanDataset, type CleanDatasetOptions } from "./clean_dataset.ts";
export { checkOverlap, type TestOverlap } from "./check_overlap.ts";
export {
  type DenoisingLosses,
  denoisingLosses,
  type DenoisingLossesOptions,
} from "./denoising_losses.ts";
export {
  inferMembership,
  type InferMembershipInput,
  type InferMembershipOptions,
  type MembershipAttack,
} from "./infer_membership.ts";
export {
  type AttackedGenerator,
  membershipPage,
  type MembershipPageInput,
} from "./membership_page.ts";
export {
  type RunGenerator,
  runGenerators,
  type RunGeneratorsOptions,
} from "./run_generators.ts";
export { peopleGrid, type PeopleGridOptions } from "./people_grid.ts";
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
export {
  type IdentityStudyResult,
  type IdentityStudySettings,
  studyIdentities,
  type StudyIdentitiesInput,
} from "./study_identities.ts";
export {
  type AuditStudy,
  type FoundLeaks,
  type StudiedWorld,
  studyAudit,
  type StudyAuditInput,
  type StudySet,
  type StudyWorld,
} from "./study_audit.ts";
export {
  studyAuditPage,
  type StudyAuditPageInput,
} from "./study_audit_page.ts";
export { studyPage, type StudyPageInput } from "./study_page.ts";
export {
  recognitionPage,
  type RecognitionPageInput,
} from "./recognition_page.ts";
export {
  type RecognitionArm,
  type RecognitionResult,
  type RecognitionStudySet,
  studyRecognition,
  type StudyRecognitionInput,
} from "./study_recognition.ts";
export {
  faceRecipe,
  personRecipe,
  type RecognizerRecipe,
} from "./recognizer_recipes.ts";
export {
  trainAutoencoder,
  type TrainAutoencoderOptions,
} from "./train_autoencoder.ts";
export { trainDenoiser, type TrainDenoiserOptions } from "./train_denoiser.ts";
export {
  trainDenoiserPrivately,
  type TrainDenoiserPrivatelyOptions,
} from "./train_denoiser_privately.ts";
export {
  type PlannedTraining,
  type PrivacyOptions,
  type PrivacyPlan,
  privacyPlan,
  type PrivacyRecord,
} from "./privacy_plan.ts";
export { checkStudyPrivacy } from "./check_study_privacy.ts";
export {
  type StudyJudges,
  trainStudyJudges,
  type TrainStudyJudgesOptions,
} from "./study_judges.ts";
export {
  type PrivacyPoint,
  studyPrivacy,
  type StudyPrivacyInput,
} from "./study_privacy.ts";
export {
  type StudyPrivacyPage,
  studyPrivacyPage,
  type StudyPrivacyPageInput,
} from "./study_privacy_page.ts";
export type { PrivacyStudySettings } from "./study_privacy_settings.ts";
export { trainAuditor, type TrainAuditorOptions } from "./train_auditor.ts";
export {
  type RewardJudges,
  trainJudges,
  type TrainJudgesOptions,
} from "./train_judges.ts";
export {
  readSynthetic,
  type TrainingImages,
  trainingImages,
  type TrainingImagesOptions,
} from "./table_training.ts";
export {
  type TrainedNetwork,
  type TrainedRecognizer,
  trainRecognizer,
} from "./train_recognizer.ts";
export type {
  ClassificationLoss,
  MixingRamp,
  RateSchedule,
  RecognitionLoss,
  RecognizerSampler,
  RecognizerValidation,
  TrainRecognizerOptions,
} from "./train_recognizer_options.ts";
export type { StepMetrics, TrainingOptions } from "./training_loop.ts";
export type { LowRankTrainable } from "./tuned_weights.ts";
export {
  type DatasetFault,
  type DatasetFinding,
  type VerifiedDataset,
  verifyDataset,
  type VerifyDatasetOptions,
} from "./verify_dataset.ts";
export {
  type PersonSample,
  personSamples,
  type PersonSamplesInput,
} from "./person_samples.ts";
export { withdrawPerson, type WithdrawPersonInput } from "./withdraw_person.ts";
export {
  type ReauditedPlace,
  type Retraining,
  sealWithdrawal,
  type Withdrawal,
  withdrawalPage,
  type WithdrawnPlace,
} from "./withdrawal.ts";
export { type RetiredWeights } from "./retire_class.ts";
