/**
 * Losses of the recogniser (section 5.1 of the paper), one value per sample.
 *
 * @module
 */
export { crossEntropy, type CrossEntropyOptions } from "../engine/mod.ts";
export { adaFace, type AdaFaceOptions } from "./ada_face.ts";
export { arcFace, type ArcFaceOptions } from "./arc_face.ts";
export {
  batchHardTriplet,
  type BatchHardTripletOptions,
} from "./batch_hard_triplet.ts";
export { classCosines, cosFace, type CosFaceOptions } from "./cos_face.ts";
export {
  firstNormStatistics,
  type NormStatistics,
  normStatistics,
  type NormStatisticsOptions,
} from "./norm_statistics.ts";
