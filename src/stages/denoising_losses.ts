/**
 * How well a generator knows images: its denoising loss on each, at fixed times and noises.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import { checkRange, type Params, randomStream } from "../core/mod.ts";
import { gatherImages, type ImageSet } from "../data/mod.ts";
import {
  denoisingLoss,
  type NoiseLevels,
  noiseLevels,
} from "../diffusion/mod.ts";
import type { Generator } from "./generator.ts";

/** Options of {@linkcode denoisingLosses}. */
export interface DenoisingLossesOptions {
  /**
   * Number of times, evenly spread: the middles of as many equal parts of the schedule.
   *
   * @default {10}
   */
  times?: number;
  /**
   * Noises at each time, the same for all images.
   *
   * @default {2}
   */
  noises?: number;
  /**
   * Seed of the noises.
   *
   * @default {0}
   */
  seed?: number;
  /**
   * Images computed together. Another size may change the last bits of a loss.
   *
   * @default {64}
   */
  chunk?: number;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
  /** Called as the work goes on, with the number of images done, and of all. */
  onStep?: (done: number, total: number) => void | Promise<void>;
}

/** Losses of images over times. */
export interface DenoisingLosses {
  /** Time steps of the schedule, ascending, `[T]`. */
  times: number[];
  /** Mean loss of each image at each time over the noises, `[count, T]` in row-major order. */
  values: Float64Array;
}

/**
 * Measures the denoising loss of each image, (1/dimensions) ‖prediction - target‖², at fixed times and noises.
 *
 * Times and noises are the same for all images, so that the difference between two losses is the images' alone; and an
 * image's loss does not depend on what else is in the set.
 *
 * @param generator Its autoencoder and transformer. Borrowed.
 * @param images Images of its size.
 * @param classes Class of each image under which it is denoised; the number of classes itself is the null class.
 * @param options Times, noises, seed.
 * @returns A loss for each image and time.
 * @throws {TypeError} If the images have another size than the generator, or `classes` another length.
 * @throws {RangeError} If a number is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { denoisingLosses, loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 64 });
 * const { times, values } = await denoisingLosses(prior, faces, [0, 0], {
 *   times: 2,
 *   noises: 1,
 *   chunk: 2,
 * });
 * console.log(times, values.length); // [250, 750], 4
 * ```
 */
export async function denoisingLosses(
  generator: Generator,
  images: ImageSet,
  classes: ArrayLike<number>,
  options: DenoisingLossesOptions = {},
): Promise<DenoisingLosses> {
  const { times: count = 10, noises = 2, seed = 0, chunk = 64 } = options;
  const { config, dit, schedule } = generator;
  const act = "measure denoising losses";
  const whole = { min: 1, integer: true };
  checkRange(act, "times", count, { ...whole, max: schedule.steps });
  checkRange(act, "noises", noises, whole);
  checkRange(act, "chunk", chunk, whole);
  checkImages(act, generator, images, classes);
  const times = Array.from(
    { length: count },
    (_, i) => Math.floor((i + 0.5) * schedule.steps / count),
  );
  const random = randomStream(seed, "membership");
  const values = new Float64Array(images.count * count);

  const losses = jit((
    weights: Params,
    clean: tf.Tensor4D,
    labels: tf.Tensor1D,
    noise: tf.Tensor4D,
    levels: NoiseLevels,
  ) =>
    denoisingLoss(
      (state, times) => {
        const output = dit.apply(weights, state, times, labels);
        // The second half is the learned variance.
        return dit.config.learnSigma
          ? tf.split(output, 2, 3)[0] as tf.Tensor4D
          : output;
      },
      clean,
      { noise, levels, prediction: config.diffusion.prediction },
    )
  );
  using traces = new DisposableStack();
  traces.defer(losses.dispose);
  for (let from = 0; from < images.count; from += chunk) {
    options.signal?.throwIfAborted();
    const own = Math.min(chunk, images.count - from);
    // Always whole chunks: one trace, and losses that do not depend on how many are asked for.
    const picked = Array.from(
      { length: chunk },
      (_, i) => from + Math.min(i, own - 1),
    );
    tf.tidy(() => {
      const clean = generator.encode(gatherImages(images, picked));
      const labels = tf.tensor1d(picked.map((i) => classes[i]), "int32");
      const [, ...shape] = clean.shape;
      const size = shape[0] * shape[1] * shape[2];
      for (const [t, time] of times.entries()) {
        const levels = noiseLevels(schedule, picked.map(() => time));
        for (let k = 0; k < noises; k++) {
          const found = tf.tidy(() => {
            const one = tf.tensor4d(
              random.fork(time, k).normals(size),
              [1, ...shape],
            );
            const noise = tf.tile(one, [chunk, 1, 1, 1]);
            return losses(generator.params.dit, clean, labels, noise, levels)
              .dataSync();
          });
          for (let i = 0; i < own; i++) {
            values[(from + i) * count + t] += found[i] / noises;
          }
        }
      }
    });
    await options.onStep?.(from + own, images.count);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { times, values };
}

function checkImages(
  act: string,
  { config }: Generator,
  images: ImageSet,
  classes: ArrayLike<number>,
): void {
  const { height, width } = config.autoencoder;
  if (images.height !== height || images.width !== width) {
    throw new TypeError(
      `Cannot ${act} as 'images' must be of ${height} x ${width}: current value is ${images.height} x ${images.width}`,
    );
  }
  if (classes.length !== images.count) {
    throw new TypeError(
      `Cannot ${act} as 'classes' must be of length ${images.count}: current value is of length ${classes.length}`,
    );
  }
  for (let i = 0; i < classes.length; i++) {
    checkRange(act, `classes[${i}]`, classes[i], {
      min: 0,
      max: config.dit.classes,
      integer: true,
    });
  }
}
