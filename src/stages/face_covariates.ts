/**
 * Covariates of pose, expression and light.
 *
 * @module
 */
import type { Covariate, LatentModel } from "../brownian/mod.ts";
import { faceReaders, type FaceReadersOptions } from "./face_readers.ts";
import {
  pictureCovariates,
  type PictureCovariatesOptions,
} from "./picture_covariates.ts";

/**
 * Directions for DisCo: turning, nodding, smiling, an open mouth, where light comes from and how much.
 *
 * @param model The generator, of faces. Borrowed.
 * @param options How many samples, from where; and of the readers.
 * @returns The covariates, in the order of {@linkcode FACE_COVARIATES}, or of `names`.
 * @throws {RangeError} If a number is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { conditionLatents, loadGenerator, priorUrl, faceCovariates } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = conditionLatents(prior, { samplingSteps: 1, noise: "latent" });
 * // The smallest there can be.
 * const [yaw] = await faceCovariates(model, {
 *   random: randomStream(1),
 *   count: 8,
 *   size: 64,
 *   names: ["yaw"],
 *   people: 2,
 * });
 * console.log(yaw.direction.length); // 192 + 8 * 8 * 12
 * ```
 */
export async function faceCovariates(
  model: LatentModel,
  options: PictureCovariatesOptions & FaceReadersOptions,
): Promise<Covariate[]> {
  return pictureCovariates(model, await faceReaders(options), {
    cost: 0.01,
    ...options,
  });
}
