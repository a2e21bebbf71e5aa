/**
 * Synthetic images of a generator's identities.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, randomStream, stopSignal } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import type { Generator, GeneratorConfig } from "./generator.ts";
import {
  makeSampler,
  type SampleKey,
  type SamplingOptions,
} from "./sampler.ts";

/** Options of {@linkcode generate}. */
export interface GenerateOptions extends SamplingOptions {
  /** Images of each identity. */
  imagesPerIdentity: number;
  /**
   * Classes to generate.
   *
   * @default {all but those whose person has withdrawn}
   */
  labels?: readonly number[];
  /**
   * Seed. Image k of a class depends on seed, class and k only.
   *
   * @default {0}
   */
  seed?: number;
  /**
   * Images computed together. Another size may change the last bits of an image.
   *
   * @default {64}
   */
  chunk?: number;
  /**
   * Ends the work after the present chunk by throwing its reason.
   *
   * @default {stopSignal()} in a notebook, the Stop button
   */
  signal?: AbortSignal;
  /** Called after each chunk. */
  onStep?: (done: number, total: number) => void | Promise<void>;
}

/**
 * The classes of a generator that may be generated: all but those whose person has withdrawn.
 *
 * @param config Its configuration.
 * @returns Numbers of classes, ascending.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { activeClasses } from "./generate.ts";
 *
 * const identities = ["ada", "withdrawn-1", "cyd"];
 * assertEquals(activeClasses({ identities, retired: [1] }), [0, 2]);
 * ```
 */
export function activeClasses(
  { identities, retired = [] }: Pick<GeneratorConfig, "identities" | "retired">,
): number[] {
  return [...identities.keys()].filter((label) => !retired.includes(label));
}

/**
 * The samples of a generator: image k of class y is a function of (seed, y, k).
 *
 * @param labels Classes.
 * @param imagesPerIdentity Samples of each.
 * @param seed Seed.
 * @returns The samples, each class's in a row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sampleKeys } from "./generate.ts";
 *
 * const keys = sampleKeys([3, 5], 2, 0);
 * assertEquals(keys.map(({ label }) => label), [3, 3, 5, 5]);
 * ```
 */
export function sampleKeys(
  labels: readonly number[],
  imagesPerIdentity: number,
  seed: number,
): SampleKey[] {
  const random = randomStream(seed, "sample");
  return labels.flatMap((label) =>
    Array.from({ length: imagesPerIdentity }, (_, k) => ({
      label,
      random: random.fork(label, k),
    }))
  );
}

/** Options of {@linkcode generateChunks}. */
export interface GenerateChunksOptions extends GenerateOptions {
  /**
   * Whether image k of a class is asked for. A chunk with none is left out; one with some is computed whole, so that every
   * image is the same as ever.
   *
   * @default {all are}
   */
  isWanted?: (label: number, k: number) => boolean;
}

/** Images that were computed together. */
export interface GeneratedChunk {
  /** Class and number within it of each image. */
  keys: { label: number; k: number }[];
  /** Pixels, `[keys.length, height, width, 3]` in row-major order. */
  pixels: Float32Array;
}

/**
 * Draws images from a generator, a chunk at a time: for more than memory holds.
 *
 * @param generator Where from.
 * @param options How many, of which identities, how.
 * @returns The chunks, in the order of `labels`.
 * @throws {RangeError} If a label is no class of the generator, repeated or withdrawn, or a number is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { generateChunks, loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const options = { labels: [0], imagesPerIdentity: 3, samplingSteps: 2, chunk: 2 };
 * for await (const { keys } of generateChunks(prior, options)) {
 *   console.log(keys.length); // 2, then 1
 * }
 * ```
 */
export async function* generateChunks(
  generator: Generator,
  options: GenerateChunksOptions,
): AsyncGenerator<GeneratedChunk> {
  const { imagesPerIdentity, seed = 0, chunk = 64, ...rest } = options;
  const { isWanted = () => true, signal = stopSignal(), ...sampling } = rest;
  const labels = options.labels ?? activeClasses(generator.config);
  const whole = { min: 1, integer: true };
  checkRange("generate", "imagesPerIdentity", imagesPerIdentity, whole);
  checkRange("generate", "chunk", chunk, whole);
  checkLabels(labels, generator.config);
  const samples = sampleKeys(labels, imagesPerIdentity, seed);
  const { height, width } = generator.config.autoencoder;
  const size = height * width * 3;
  const sampler = makeSampler(generator, sampling);
  try {
    for (let from = 0; from < samples.length; from += chunk) {
      signal?.throwIfAborted();
      const own = samples.slice(from, from + chunk);
      const keys = own.map(({ label }, i) => ({
        label,
        k: (from + i) % imagesPerIdentity,
      }));
      if (keys.some(({ label, k }) => isWanted(label, k))) {
        // Always whole chunks, so that an image does not depend on how many are asked for.
        const filled = Array.from(
          { length: chunk },
          (_, i) => own[Math.min(i, own.length - 1)],
        );
        const images = tf.tidy(() =>
          generator.decode(sampler.run(generator.params.dit, filled))
        );
        const pixels = (images.dataSync() as Float32Array)
          .slice(0, own.length * size);
        images.dispose();
        yield { keys, pixels };
      }
      await options.onStep?.(from + own.length, samples.length);
      await new Promise((resolve) => setTimeout(resolve));
    }
  } finally {
    sampler.dispose();
  }
}

/**
 * Draws images from a generator.
 *
 * @param generator Where from.
 * @param options How many, of which identities, how.
 * @returns Images of its identities, in the order of `labels`. `paths` are `<identity>/<number>.png`.
 * @throws {RangeError} If a label is no class of the generator, repeated or withdrawn, or a number is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { generate, loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const images = await generate(prior, {
 *   labels: [0, 1],
 *   imagesPerIdentity: 1,
 *   samplingSteps: 4,
 *   chunk: 2,
 * });
 * console.log(images.count, images.height); // 2 64
 * ```
 */
export async function generate(
  generator: Generator,
  options: GenerateOptions,
): Promise<ImageSet> {
  const { imagesPerIdentity } = options;
  const { identities, autoencoder: { height, width } } = generator.config;
  const labels = options.labels ?? activeClasses(generator.config);
  const keys = labels.flatMap((label) =>
    Array.from({ length: imagesPerIdentity }, () => label)
  );
  const images = new Float32Array(keys.length * height * width * 3);
  let at = 0;
  for await (const { pixels } of generateChunks(generator, options)) {
    images.set(pixels, at);
    at += pixels.length;
  }
  const digits = String(imagesPerIdentity - 1).length;
  return {
    images,
    height,
    width,
    count: keys.length,
    labels: Int32Array.from(keys),
    identities: [...identities],
    paths: keys.map((label, i) => {
      const number = String(i % imagesPerIdentity).padStart(digits, "0");
      return `${identities[label]}/${number}.png`;
    }),
    problems: [],
  };
}

/** The class after the last is the null class of guidance: an image of it is nobody's. */
function checkLabels(
  labels: readonly number[],
  { identities, retired = [] }: GeneratorConfig,
): void {
  labels.forEach((label, i) => {
    checkRange("generate", `labels[${i}]`, label, {
      min: 0,
      max: identities.length - 1,
      integer: true,
    });
    if (retired.includes(label)) {
      throw new RangeError(
        `Cannot generate as 'labels[${i}]' must be a class whose person has not withdrawn: current value is ${label}, ${
          identities[label]
        }`,
      );
    }
    if (labels.indexOf(label) < i) {
      throw new RangeError(
        `Cannot generate as 'labels' must be without repetition: current value is ${label} twice`,
      );
    }
  });
}
