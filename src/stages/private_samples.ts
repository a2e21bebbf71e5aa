/**
 * What a private training draws for the units of a batch.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";
import { groupByLabel } from "../data/mod.ts";
import type { DiffusionSchedule } from "../diffusion/mod.ts";
import type { LatentSet } from "./encode_images.ts";
import type { PrivacyPlan } from "./privacy_plan.ts";

/** Samples of some units, `draws` of each, one unit after the other; what only fills up has `present` 0. */
export interface PrivateSamples {
  /** Latents, by number. */
  indices: Int32Array;
  /** Classes, or the null class. */
  labels: Int32Array;
  /** Time steps. */
  times: number[];
  /** ε of each, in the order of the latents' values. */
  noise: Float32Array;
  /** 1 for a unit, 0 for filling, one number per unit. */
  present: Float32Array;
}

/** Options of {@linkcode privateSamples}. */
export interface PrivateSamplesOptions {
  /** Unit and number of draws. */
  plan: Pick<PrivacyPlan, "unit" | "draws">;
  /** Share of the labels replaced by the null class. */
  labelDropout: number;
  /** Its number. */
  nullClass: number;
  /** Times are drawn from all its steps. */
  schedule: DiffusionSchedule;
}

/**
 * Prepares the drawing of samples. A unit's samples depend on the step's stream and the unit alone: on nobody else in the
 * batch, as the clipping takes for granted.
 *
 * @param latents Of `encodeImages`: all images, then their mirror images.
 * @param options Unit, draws, times.
 * @returns Draws the samples of some units, filled up to a number of units, from a step's stream.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { diffusionSchedule } from "@outis/outis/diffusion";
 * import { privateSamples } from "./private_samples.ts";
 *
 * const latents = {
 *   values: new Float32Array(4),
 *   shape: [1, 1, 1] as [number, number, number],
 *   count: 4, // two images and their mirror images
 *   labels: new Int32Array([0, 1, 0, 1]),
 * };
 * const samplesOf = privateSamples(latents, {
 *   plan: { unit: "image", draws: 1 },
 *   labelDropout: 0,
 *   nullClass: 2,
 *   schedule: diffusionSchedule(),
 * });
 * console.log(samplesOf([1], 2, randomStream(1)).present); // [1, 0]
 * ```
 */
export function privateSamples(
  latents: LatentSet,
  options: PrivateSamplesOptions,
): (
  units: ArrayLike<number>,
  filledTo: number,
  random: RandomStream,
) => PrivateSamples {
  const { plan: { unit, draws }, labelDropout, nullClass, schedule } = options;
  const images = latents.count / 2;
  const size = latents.shape[0] * latents.shape[1] * latents.shape[2];
  const { labels } = latents;
  const groups = unit === "image"
    ? Array.from({ length: images }, (_, i) => [i])
    : [...groupByLabel(labels.subarray(0, images)).values()].map((group) =>
      Array.from(group)
    );

  return (units, filledTo, random) => {
    const count = filledTo * draws;
    const samples: PrivateSamples = {
      indices: new Int32Array(count),
      labels: new Int32Array(count),
      times: new Array(count).fill(0),
      noise: new Float32Array(count * size),
      present: new Float32Array(filledTo),
    };
    for (let k = 0; k < units.length; k++) {
      const group = groups[units[k]];
      const draw = random.fork("unit", units[k]);
      const noise = draw.fork("noise").normals(draws * size);
      samples.noise.set(noise, k * draws * size);
      samples.present[k] = 1;
      const times = draw.fork("times").uniforms(draws);
      const drops = draw.fork("drop").uniforms(draws);
      const mirrors = draw.fork("mirror").uniforms(draws);
      const order = draw.fork("images").permutation(group.length);
      for (let j = 0; j < draws; j++) {
        const at = k * draws + j;
        const image = group[order[j % group.length]];
        samples.indices[at] = mirrors[j] < 0.5 ? image : images + image;
        samples.times[at] = Math.floor(times[j] * schedule.steps);
        samples.labels[at] = drops[j] < labelDropout
          ? nullClass
          : labels[image];
      }
    }
    return samples;
  };
}
