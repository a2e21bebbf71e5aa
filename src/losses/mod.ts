/**
 * Losses of the recogniser (section 5.1 of the paper), one value per sample.
 *
 * @module
 */
export { crossEntropy, type CrossEntropyOptions } from "../engine/mod.ts";
export {
  batchHardTriplet,
  type BatchHardTripletOptions,
} from "./batch_hard_triplet.ts";
export { classCosines, cosFace, type CosFaceOptions } from "./cos_face.ts";
