/**
 * The small latent autoencoder: images to an 8 times smaller grid of latents and back.
 *
 * The layout of latent diffusion (a variational autoencoder whose latents are scaled to unit spread before diffusion) at
 * a size that trains on a laptop. The outermost step in and out moves 2 x 2 pixels into channels instead of convolving
 * at full size, where most of the time would go.
 *
 * @module
 */
import { tf, upsampleNearest2x } from "../engine/mod.ts";
import { checkShape, type Params, type RandomStream } from "../core/mod.ts";
import { convolution, groupNormalization, initAll } from "../nn/mod.ts";
import { residualBlock } from "./residual_block.ts";
import { samplePosterior } from "./sample_posterior.ts";

/** What every kind of autoencoder has sizes of. */
export interface LatentSizes {
  /** Image height, pixels, a multiple of 8. */
  height: number;
  /** Image width, pixels, a multiple of 8. */
  width: number;
  /** Channels of the latent grid. */
  latentChannels: number;
  /** What latents are multiplied by to have unit spread: 1 until measured. */
  scale: number;
}

/** Sizes of an {@linkcode autoencoder}. */
export interface AutoencoderConfig extends LatentSizes {
  /** Absent: other kinds of autoencoder say theirs. */
  kind?: undefined;
  /** Channels at half, quarter and eighth of the size, multiples of 8. */
  widths: readonly [number, number, number];
}

/**
 * The sizes of the shipped priors: 64 x 64 images, 8 x 8 x 8 latents, 1.4 million weights.
 *
 * @param options Sizes that differ.
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { smallAutoencoder } from "@outis/outis/models";
 *
 * console.log(smallAutoencoder({ height: 128, width: 128 }).latentChannels); // 8
 * ```
 */
export function smallAutoencoder(
  options: Partial<AutoencoderConfig> = {},
): AutoencoderConfig {
  return {
    height: 64,
    width: 64,
    latentChannels: 8,
    widths: [40, 80, 128],
    scale: 1,
    ...options,
  };
}

/** An autoencoder: how to make its weights and how to use them. */
export interface Autoencoder<Config extends LatentSizes = LatentSizes> {
  /** The sizes it was made with. */
  config: Config;
  /** Shape of one latent, `[H / 8, W / 8, latentChannels]`. */
  latentShape: [number, number, number];
  /** Makes the weights. Owned by the caller. */
  init: (random: RandomStream) => Params;
  /** Images `[B, H, W, 3]` in [-1, 1] to mean and log-variance of the posterior, each `[B, H / 8, W / 8, C]`, unscaled. */
  posterior: (
    params: Params,
    images: tf.Tensor4D,
  ) => { mean: tf.Tensor4D; logVariance: tf.Tensor4D };
  /** Images to scaled latents: the posterior's mean, or with standard normal noise a draw from it, times `scale`. */
  encode: (
    params: Params,
    images: tf.Tensor4D,
    noise?: tf.Tensor4D,
  ) => tf.Tensor4D;
  /** Scaled latents to images `[B, H, W, 3]`, about [-1, 1] but not clipped, so that gradients pass. */
  decode: (params: Params, latents: tf.Tensor4D) => tf.Tensor4D;
}

/** Bounds of the log-variance, as in latent diffusion. */
const LOG_VARIANCE = [-20, 6] as const;

/**
 * A convolutional variational autoencoder, f = 8.
 *
 * @throws {RangeError} If height, width or one of the widths is no multiple of 8.
 * @throws {TypeError} At a call with images or latents of another size.
 *
 * @example
 * ```ts
 * import { autoencoder, smallAutoencoder } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const model = autoencoder(smallAutoencoder({ height: 16, width: 16, widths: [8, 8, 8] }));
 * const params = model.init(randomStream(1));
 * const latents = model.encode(params, tf.zeros([2, 16, 16, 3]));
 * console.log(latents.shape, model.decode(params, latents).shape); // [2, 2, 2, 8], [2, 16, 16, 3]
 * ```
 */
export function autoencoder(
  config: AutoencoderConfig,
): Autoencoder<AutoencoderConfig> {
  const { height, width, latentChannels, widths, scale } = config;
  const sizes = [
    ["height", height],
    ["width", width],
    ...widths.map((size, i) => [`widths[${i}]`, size] as const),
  ] as const;
  for (const [name, size] of sizes) {
    if (!(size > 0 && size % 8 === 0)) {
      throw new RangeError(
        `Cannot make an autoencoder as '${name}' must be a multiple of 8: current value is ${size}`,
      );
    }
  }
  const [half, quarter, eighth] = widths;
  const latentShape: [number, number, number] = [
    height / 8,
    width / 8,
    latentChannels,
  ];

  const encoder = {
    stem: convolution("encoder.stem", { inputs: 12, outputs: half }),
    down1: convolution("encoder.down1", {
      inputs: half,
      outputs: quarter,
      stride: 2,
    }),
    block1: residualBlock("encoder.block1", { channels: quarter }),
    down2: convolution("encoder.down2", {
      inputs: quarter,
      outputs: eighth,
      stride: 2,
    }),
    block2: residualBlock("encoder.block2", { channels: eighth }),
    norm: groupNormalization("encoder.norm", { channels: eighth }),
    out: convolution("encoder.out", {
      inputs: eighth,
      outputs: 2 * latentChannels,
      gain: 0.5,
    }),
  };
  const decoder = {
    stem: convolution("decoder.stem", {
      inputs: latentChannels,
      outputs: eighth,
    }),
    block1: residualBlock("decoder.block1", { channels: eighth }),
    block2: residualBlock("decoder.block2", { channels: eighth }),
    up1: convolution("decoder.up1", { inputs: eighth, outputs: quarter }),
    block3: residualBlock("decoder.block3", { channels: quarter }),
    up2: convolution("decoder.up2", { inputs: quarter, outputs: half }),
    block4: residualBlock("decoder.block4", { channels: half }),
    norm: groupNormalization("decoder.norm", { channels: half }),
    out: convolution("decoder.out", { inputs: half, outputs: 12, gain: 0.5 }),
  };

  function posterior(
    params: Params,
    images: tf.Tensor4D,
  ): { mean: tf.Tensor4D; logVariance: tf.Tensor4D } {
    checkShape("encode images", "images", images, [null, height, width, 3]);
    return tf.tidy(() => {
      let h = spaceToChannels(images); // [B, H/2, W/2, 12]
      h = encoder.stem.apply(params, h);
      h = encoder.down1.apply(params, h); // [B, H/4, W/4, quarter]
      h = encoder.block1.apply(params, h);
      h = encoder.down2.apply(params, h); // [B, H/8, W/8, eighth]
      h = encoder.block2.apply(params, h);
      h = tf.relu(encoder.norm.apply(params, h));
      h = encoder.out.apply(params, h); // [B, H/8, W/8, 2C]
      const [mean, logVariance] = tf.split(h, 2, 3) as tf.Tensor4D[];
      return {
        mean,
        logVariance: tf.clipByValue(logVariance, ...LOG_VARIANCE),
      };
    });
  }

  return {
    config,
    latentShape,
    init: (random) => ({
      ...initAll(encoder, random),
      ...initAll(decoder, random),
    }),
    posterior,
    encode: (params, images, noise) =>
      tf.tidy(() =>
        tf.mul(samplePosterior(posterior(params, images), noise), scale)
      ),
    decode(params, latents) {
      checkShape("decode latents", "latents", latents, [null, ...latentShape]);
      return tf.tidy(() => {
        let h = tf.div(latents, scale) as tf.Tensor4D; // [B, H/8, W/8, C]
        h = decoder.stem.apply(params, h);
        h = decoder.block1.apply(params, h);
        h = decoder.block2.apply(params, h);
        h = decoder.up1.apply(params, upsampleNearest2x(h)); // [B, H/4, W/4, quarter]
        h = decoder.block3.apply(params, h);
        h = decoder.up2.apply(params, upsampleNearest2x(h)); // [B, H/2, W/2, half]
        h = decoder.block4.apply(params, h);
        h = tf.relu(decoder.norm.apply(params, h));
        h = decoder.out.apply(params, h); // [B, H/2, W/2, 12]
        return channelsToSpace(h); // [B, H, W, 3]
      });
    },
  };
}

/** `[B, H, W, C]` to `[B, H/2, W/2, 4C]`: every 2 x 2 square of pixels becomes one with four times the channels. */
function spaceToChannels(x: tf.Tensor4D): tf.Tensor4D {
  const [b, h, w, c] = x.shape;
  const squares = tf.transpose(
    tf.reshape(x, [b, h / 2, 2, w / 2, 2, c]),
    [0, 1, 3, 2, 4, 5],
  );
  return tf.reshape(squares, [b, h / 2, w / 2, 4 * c]);
}

/** The inverse of {@linkcode spaceToChannels}. */
function channelsToSpace(x: tf.Tensor4D): tf.Tensor4D {
  const [b, h, w, c] = x.shape;
  const squares = tf.transpose(
    tf.reshape(x, [b, h, w, 2, 2, c / 4]),
    [0, 1, 3, 2, 4, 5],
  );
  return tf.reshape(squares, [b, 2 * h, 2 * w, c / 4]);
}
