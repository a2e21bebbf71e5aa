/**
 * What a denoiser is trained on.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, checkShape } from "../core/mod.ts";
import type { DiffusionSchedule } from "./schedule.ts";
import type { Prediction } from "./sampling_steps.ts";

/** Times drawn for a batch, with the numbers of the schedule that belong to them. */
export interface NoiseLevels {
  /** Time steps, `[B]`, float32. */
  times: tf.Tensor1D;
  /** √ᾱ_t, `[B, 1, 1, 1]`. */
  signal: tf.Tensor4D;
  /** √(1 - ᾱ_t), `[B, 1, 1, 1]`. */
  noise: tf.Tensor4D;
}

/**
 * Tensors of the given time steps, the argument of jitted training functions.
 *
 * @param times Whole numbers in [0, schedule.steps), one per sample.
 * @returns Owned by the caller.
 * @throws {RangeError} If a time is not in the schedule.
 *
 * @example
 * ```ts
 * import { diffusionSchedule, noiseLevels } from "@outis/outis/diffusion";
 * import { useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const levels = noiseLevels(diffusionSchedule(), [0, 999]);
 * console.log(levels.signal.dataSync()); // about [1, 0.006]
 * ```
 */
export function noiseLevels(
  schedule: DiffusionSchedule,
  times: ArrayLike<number>,
): NoiseLevels {
  const alphaBars = Array.from(times, (time, i) => {
    checkRange("look up noise levels", `times[${i}]`, time, {
      min: 0,
      max: schedule.steps - 1,
      integer: true,
    });
    return schedule.alphaBars[time];
  });
  const shape: [number, number, number, number] = [times.length, 1, 1, 1];
  return {
    times: tf.tensor1d(Float32Array.from(times)),
    signal: tf.tensor4d(Float32Array.from(alphaBars, Math.sqrt), shape),
    noise: tf.tensor4d(
      Float32Array.from(alphaBars, (a) => Math.sqrt(1 - a)),
      shape,
    ),
  };
}

/**
 * Noisy samples: x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε.
 *
 * @param clean x_0, `[B, H, W, C]`. Borrowed.
 * @param noise ε, of the same shape. Borrowed.
 * @param levels Noise levels of the samples. Borrowed.
 * @returns x_t, of the same shape. Owned by the caller.
 * @throws {TypeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { addNoise, diffusionSchedule, noiseLevels } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const levels = noiseLevels(diffusionSchedule(), [999]);
 * const noise = tf.ones([1, 2, 2, 1]) as tf.Tensor4D;
 * console.log(addNoise(tf.zerosLike(noise), noise, levels).dataSync()); // almost 1 each
 * ```
 */
export function addNoise(
  clean: tf.Tensor4D,
  noise: tf.Tensor4D,
  levels: NoiseLevels,
): tf.Tensor4D {
  checkShape("add noise", "noise", noise, clean.shape);
  checkShape("add noise", "levels.times", levels.times, [clean.shape[0]]);
  return tf.tidy(() =>
    tf.add(tf.mul(clean, levels.signal), tf.mul(noise, levels.noise))
  );
}

/** Options of {@linkcode denoisingLoss}. */
export interface DenoisingLossOptions {
  /** ε, standard normal, of x_0's shape. Borrowed. */
  noise: tf.Tensor4D;
  /** Noise levels of the samples. Borrowed. */
  levels: NoiseLevels;
  /** What the network predicts. */
  prediction: Prediction;
}

/**
 * Denoising loss per sample: mean over dimensions of (prediction - target)², the target being the noise ε or the
 * velocity √ᾱ ε - √(1-ᾱ) x_0.
 *
 * @param denoise The network, from x_t and times to a prediction of the latents' shape.
 * @param clean x_0, `[B, H, W, C]`. Borrowed.
 * @param options Noise, its levels, and what is predicted.
 * @returns `[B]`. Owned by the caller.
 * @throws {TypeError} If the shapes of x_0, ε and the network's output differ.
 *
 * @example
 * ```ts
 * import { denoisingLoss, diffusionSchedule, noiseLevels } from "@outis/outis/diffusion";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const levels = noiseLevels(diffusionSchedule(), [10, 900]);
 * const clean = tf.zeros([2, 2, 2, 1]) as tf.Tensor4D;
 * const noise = tf.ones([2, 2, 2, 1]) as tf.Tensor4D;
 * const loss = denoisingLoss((x) => tf.zerosLike(x), clean, { noise, levels, prediction: "noise" });
 * console.log(loss.arraySync()); // [1, 1]
 * ```
 */
export function denoisingLoss(
  denoise: (noisy: tf.Tensor4D, times: tf.Tensor1D) => tf.Tensor4D,
  clean: tf.Tensor4D,
  options: DenoisingLossOptions,
): tf.Tensor1D {
  const { noise, levels, prediction } = options;
  return tf.tidy(() => {
    const output = denoise(addNoise(clean, noise, levels), levels.times);
    checkShape("score a denoiser", "output", output, clean.shape);
    const target = prediction === "noise"
      ? noise
      : tf.sub(tf.mul(noise, levels.signal), tf.mul(clean, levels.noise));
    const error = tf.square(tf.sub(output, target));
    return tf.mean(error, [1, 2, 3]) as tf.Tensor1D;
  });
}
