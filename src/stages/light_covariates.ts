/**
 * Covariates of light, found by looking at pictures.
 *
 * @module
 */
import {
  type Covariate,
  covariateDirection,
  type LatentModel,
} from "../brownian/mod.ts";
import { checkRange, type RandomStream } from "../core/mod.ts";
import { owned } from "../engine/mod.ts";
import { renderLatents } from "./render_latents.ts";

/** Options of {@linkcode lightCovariates}. */
export interface LightCovariatesOptions {
  /** Where the latents that are looked at come from. */
  random: RandomStream;
  /**
   * Latents that are looked at.
   *
   * @default {256}
   */
  count?: number;
  /**
   * s_d of each covariate.
   *
   * @default {1}
   */
  scale?: number;
  /**
   * Latents that go through the generator at a time.
   *
   * @default {64}
   */
  chunk?: number;
}

/**
 * Two directions for DisCo that any generator of pictures has: how bright a picture is, and how much brighter its right
 * half is than its left. Samples are labelled by which side of the median they lie on.
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
  options: LightCovariatesOptions,
): Covariate[] {
  const { random, count = 256, scale = 1, chunk = 64 } = options;
  checkRange("find covariates of light", "count", count, {
    min: 4,
    integer: true,
  });
  const { dimensions } = model;
  const streams = Array.from({ length: count }, (_, i) => random.fork(i));
  using sampled = owned(model.sample(streams));
  using middle = owned(model.mean());
  const latents = sampled.value.dataSync();
  const mean = middle.value.dataSync();
  const { pixels, height, width } = renderLatents(
    model,
    [],
    sampled.value,
    chunk,
  );
  const measures = [() => 1, (column: number) => column < width / 2 ? -1 : 1];
  return measures.map((weight) => {
    const values = Array.from({ length: count }, (_, i) => {
      let sum = 0;
      const from = i * height * width * 3;
      for (let k = 0; k < height * width * 3; k++) {
        sum += weight(Math.floor(k / 3) % width) * pixels[from + k];
      }
      return sum;
    });
    const median = values.toSorted((a, b) => a - b)[Math.floor(count / 2)];
    const direction = covariateDirection({
      latents,
      dimensions,
      labels: values.map((value) => value < median ? -1 : 1),
      mean,
    }, { cost: 0.1, tolerance: 1e-3 });
    return { direction, scale };
  });
}
