/**
 * Covariates of a generator, found by looking at its pictures.
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

/** A picture's pixels in [-1, 1], `[height, width, 3]` in row-major order. */
export interface Picture {
  /** The numbers. */
  pixels: Float32Array;
  /** Rows. */
  height: number;
  /** Columns. */
  width: number;
}

/** How much of something a picture shows; only the order of the numbers counts. */
export type PictureReader = (picture: Picture) => number;

/** Options of {@linkcode pictureCovariates}. */
export interface PictureCovariatesOptions {
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
   * Price of a violated margin: the smaller, the more samples have a say where there are fewer of them than dimensions.
   *
   * @default {0.1}
   */
  cost?: number;
  /**
   * Latents that go through the generator at a time.
   *
   * @default {64}
   */
  chunk?: number;
}

/**
 * Directions for DisCo of whatever can be read off a picture: samples of the generator are labelled by the side of the
 * median their reading lies on, and a direction separates their latents by label.
 *
 * @param model The generator. Borrowed.
 * @param readers What is read; a covariate for each.
 * @param options How many samples, from where.
 * @returns The covariates, in the order of the readers.
 * @throws {RangeError} If there are fewer than four samples, or pictures do not differ.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { conditionLatents, loadGenerator, pictureCovariates, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = conditionLatents(prior, { samplingSteps: 1 });
 * const redness = ({ pixels }: { pixels: Float32Array }) =>
 *   pixels.reduce((sum, value, k) => sum + (k % 3 === 0 ? value : -value / 2), 0);
 * const [red] = pictureCovariates(model, [redness], { random: randomStream(1), count: 8 });
 * console.log(red.direction.length); // 192
 * ```
 */
export function pictureCovariates(
  model: LatentModel,
  readers: readonly PictureReader[],
  options: PictureCovariatesOptions,
): Covariate[] {
  const { random, count = 256, scale = 1, cost = 0.1, chunk = 64 } = options;
  checkRange("find covariates", "count", count, { min: 4, integer: true });
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
  const size = height * width * 3;
  return readers.map((read) => {
    const values = Array.from({ length: count }, (_, i) =>
      read({
        pixels: pixels.subarray(i * size, (i + 1) * size),
        height,
        width,
      }));
    const median = values.toSorted((a, b) => a - b)[Math.floor(count / 2)];
    const direction = covariateDirection({
      latents,
      dimensions,
      labels: values.map((value) => value < median ? -1 : 1),
      mean,
    }, { cost, tolerance: 1e-3 });
    return { direction, scale };
  });
}
