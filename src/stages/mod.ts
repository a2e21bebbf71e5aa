/**
 * The method, stage by stage: plain functions that wire the rooms below together.
 *
 * @module
 */
export * from "./autoencoder_latents.ts";
export * from "./build_memory_bank.ts";
export * from "./check_target.ts";
export type { ClassFeatures } from "./class_features.ts";
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
export * from "./export_generated.ts";
export * from "./export_images.ts";
export * from "./face_covariates.ts";
export * from "./face_readers.ts";
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
export * from "./identities_report.ts";
export * from "./identity_generator.ts";
export * from "./identity_bank.ts";
export type { IdentityArm, IdentityArmSettings } from "./identity_arm.ts";
export * from "./identity_latents.ts";
export * from "./identity_study_page.ts";
export * from "./import_generator.ts";
export * from "./light_covariates.ts";
export * from "./load_embedder.ts";
export * from "./published_embedder.ts";
export * from "./load_weights.ts";
export {
  type Alarm,
  AlarmError,
  type AlarmName,
  type HealthOptions,
} from "./health.ts";
export * from "./make_identities.ts";
export * from "./measure_prior.ts";
export * from "./prior_card.ts";
export * from "./measure_rewards.ts";
export * from "./paper_rows.ts";
export * from "./picture_covariates.ts";
export type { PolicyOptions } from "./policy_gradient.ts";
export * from "./procedural_table.ts";
export * from "./read_table.ts";
export * from "./run_table.ts";
export * from "./table_generators.ts";
export * from "./claims_page.ts";
export * from "./judge_claims.ts";
export * from "./paper_claims.ts";
export * from "./feature_spheres.ts";
export * from "./figure_methods.ts";
export * from "./people_picture.ts";
export * from "./picture_results.ts";
export * from "./steps_results.ts";
export * from "./table_groups_judge.ts";
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
export * from "./table_persons_judge.ts";
export {
  type TableResults,
  tableResults,
  type TableResultsInput,
} from "./table_results.ts";
export * from "./table_settings.ts";
export * from "./table_summary.ts";
export type { TableJudge, TableScores, TableTarget } from "./table_target.ts";
export * from "./pretrain.ts";
export * from "./recognizer_embedder.ts";
export * from "./recognizer_file.ts";
export * from "./sample_identities.ts";
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
export * from "./render_latents.ts";
export * from "./save_recognizer.ts";
export * from "./start_weights.ts";
export * from "./save_weights.ts";
export * from "./refine_identities.ts";
export * from "./reinforce.ts";
export * from "./reinforce_options.ts";
export * from "./audit_images.ts";
export * from "./audit_evidence.ts";
export * from "./audit_page.ts";
export * from "./audit_privacy.ts";
export * from "./audit_privacy_options.ts";
export { type AuditSets, checkAuditSets } from "./check_audit.ts";
export * from "./clean_dataset.ts";
export * from "./check_overlap.ts";
export * from "./denoising_losses.ts";
export * from "./infer_membership.ts";
export * from "./membership_page.ts";
export * from "./run_generators.ts";
export * from "./people_grid.ts";
export * from "./picture_of.ts";
export * from "./pictures_of.ts";
export * from "./plant_leaks.ts";
export * from "./render_people.ts";
export { type WorldName, WORLDS } from "./render_person.ts";
export {
  type RecognitionRow,
  reproduce,
  type ReproduceInput,
  type ReproduceResult,
} from "./reproduce.ts";
export * from "./reproduce_settings.ts";
export * from "./run_images.ts";
export * from "./sampler.ts";
export * from "./study_reinforcement.ts";
export * from "./study_identities.ts";
export * from "./study_audit.ts";
export * from "./study_audit_page.ts";
export * from "./study_page.ts";
export * from "./recognition_page.ts";
export * from "./study_recognition.ts";
export * from "./recognizer_recipes.ts";
export * from "./train_autoencoder.ts";
export * from "./train_denoiser.ts";
export * from "./train_denoiser_privately.ts";
export * from "./privacy_plan.ts";
export * from "./check_study_privacy.ts";
export * from "./study_judges.ts";
export * from "./study_privacy.ts";
export * from "./study_privacy_page.ts";
export * from "./study_privacy_settings.ts";
export * from "./train_auditor.ts";
export * from "./train_judges.ts";
export * from "./table_training.ts";
export * from "./train_recognizer.ts";
export * from "./train_recognizer_options.ts";
export type { StepMetrics, TrainingOptions } from "./training_loop.ts";
export type { LowRankTrainable } from "./tuned_weights.ts";
export * from "./verify_dataset.ts";
export * from "./person_samples.ts";
export * from "./withdraw_person.ts";
export * from "./withdrawal.ts";
export { type RetiredWeights } from "./retire_class.ts";
