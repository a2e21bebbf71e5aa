/**
 * Covariates of light, which the pictures of any generator have.
 *
 * @module
 */
import type { Covariate, LatentModel } from "../brownian/mod.ts";
import {
  pictureCovariates,
  type PictureCovariatesOptions,
  type PictureReader,
} from "./picture_covariates.ts";

/**
 * Two directions for DisCo: how bright a picture is, and how much brighter its right half is than its left.
 *
 * @param model The generator. Borrowed.
 * @param options How many samples, from where.
 * @returns Brightness, then side.
 * @throws {RangeError} If there are fewer than four samples, or pictures do not differ.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { conditionLatents, lightCovariates, loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = conditionLatents(prior, { samplingSteps: 1 });
 * const [brightness] = lightCovariates(model, { random: randomStream(1), count: 8 });
 * console.log(brightness.direction.length); // 192
 * ```
 */
export function lightCovariates(
  model: LatentModel,
  options: PictureCovariatesOptions,
): Covariate[] {
  const brightness = weighted(() => 1);
  const side = weighted((column, width) => column < width / 2 ? -1 : 1);
  return pictureCovariates(model, [brightness, side], options);
}

function weighted(
  weight: (column: number, width: number) => number,
): PictureReader {
  return ({ pixels, width }) =>
    pixels.reduce(
      (sum, value, k) => sum + weight(Math.floor(k / 3) % width, width) * value,
      0,
    );
}
