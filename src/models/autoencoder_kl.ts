/**
 * The autoencoder of latent diffusion (Rombach et al., 2022) as published with Stable Diffusion, of which sd-vae-ft-mse
 * and -ema are fine-tunings and which DiT's latents are made with.
 *
 * Weights bear diffusers' names.
 *
 * @module
 */
import { silu, tf } from "../engine/mod.ts";
import { checkShape, type Params } from "../core/mod.ts";
import {
  convolution,
  initAll,
  shapesOf,
  type WeightShapes,
} from "../nn/mod.ts";
import type { Autoencoder, LatentSizes } from "./autoencoder.ts";
import {
  type ImageLayer,
  klAttention,
  type KlBlockOptions,
  klDown,
  klNorm,
  klResidual,
  klUp,
} from "./autoencoder_kl_blocks.ts";
import { samplePosterior } from "./sample_posterior.ts";

/** Sizes of an {@linkcode autoencoderKl}. */
export interface AutoencoderKlConfig extends LatentSizes {
  /** Tells this record from the small autoencoder's. */
  kind: "kl";
  /** Channels at full size, half, quarter, ...; each further one halves the size. Multiples of `groups`. */
  widths: readonly number[];
  /** Residual blocks at each size of the encoder; the decoder has one more. */
  blocks: number;
  /** Groups of the normalisations. */
  groups: number;
}

/**
 * The sizes of Stable Diffusion's autoencoder: 8 times smaller latents of 4 channels, 84 million weights.
 *
 * @param options Sizes that differ, such as height and width (default 256 x 256).
 * @returns All sizes.
 *
 * @example
 * ```ts
 * import { stableDiffusionAutoencoder } from "@outis/outis/models";
 *
 * console.log(stableDiffusionAutoencoder({ height: 512, width: 512 }).scale); // 0.18215
 * ```
 */
export function stableDiffusionAutoencoder(
  options: Partial<AutoencoderKlConfig> = {},
): AutoencoderKlConfig {
  return {
    kind: "kl",
    height: 256,
    width: 256,
    latentChannels: 4,
    widths: [128, 256, 512, 512],
    blocks: 2,
    groups: 32,
    scale: 0.18215,
    ...options,
  };
}

/** Stable Diffusion's autoencoder: how to make its weights and how to use them. */
export interface AutoencoderKl extends Autoencoder<AutoencoderKlConfig> {
  /** Shapes of the weights by name. */
  shapes: WeightShapes;
}

/** Bounds of the log-variance, as in the original. */
const LOG_VARIANCE = [-30, 20] as const;

/**
 * A variational autoencoder of residual blocks with attention at the smallest size.
 *
 * @throws {RangeError} If height or width cannot be halved as often as there are sizes, or a width is no multiple of
 * `groups`.
 * @throws {TypeError} At a call with images or latents of another size.
 *
 * @example
 * ```ts
 * import { autoencoderKl, stableDiffusionAutoencoder } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const model = autoencoderKl(stableDiffusionAutoencoder({
 *   height: 16,
 *   width: 16,
 *   widths: [8, 8],
 *   groups: 4,
 *   blocks: 1,
 * }));
 * const params = model.init(randomStream(1));
 * const latents = model.encode(params, tf.zeros([1, 16, 16, 3]));
 * console.log(latents.shape, model.decode(params, latents).shape); // [1, 8, 8, 4], [1, 16, 16, 3]
 * ```
 */
export function autoencoderKl(config: AutoencoderKlConfig): AutoencoderKl {
  checkSizes(config);
  const { height, width, latentChannels, scale } = config;
  const factor = 2 ** (config.widths.length - 1);
  const latentShape: [number, number, number] = [
    height / factor,
    width / factor,
    latentChannels,
  ];
  const encoder = encoderOf(config);
  const decoder = decoderOf(config);
  const layers = [...encoder, ...decoder];

  function posterior(
    params: Params,
    images: tf.Tensor4D,
  ): { mean: tf.Tensor4D; logVariance: tf.Tensor4D } {
    checkShape("encode images", "images", images, [null, height, width, 3]);
    return tf.tidy(() => {
      const h = inTurn(encoder, params, images); // [B, h, w, 2C]
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
    shapes: shapesOf(layers),
    init: (random) => initAll(layers, random),
    posterior,
    encode: (params, images, noise) =>
      tf.tidy(() =>
        tf.mul(samplePosterior(posterior(params, images), noise), scale)
      ),
    decode(params, latents) {
      checkShape("decode latents", "latents", latents, [null, ...latentShape]);
      return tf.tidy(() => inTurn(decoder, params, tf.div(latents, scale)));
    },
  };
}

/** Images `[B, H, W, 3]` to mean and log-variance `[B, h, w, 2C]`. */
function encoderOf(config: AutoencoderKlConfig): ImageLayer[] {
  const { widths, blocks, groups, latentChannels } = config;
  const last = widths[widths.length - 1];
  const layers = [
    convolution("encoder.conv_in", { inputs: 3, outputs: widths[0] }),
  ];
  let inputs = widths[0];
  widths.forEach((outputs, i) => {
    const block = `encoder.down_blocks.${i}`;
    for (let j = 0; j < blocks; j++) {
      const sizes = { inputs, outputs, groups };
      layers.push(klResidual(`${block}.resnets.${j}`, sizes));
      inputs = outputs;
    }
    if (i < widths.length - 1) {
      layers.push(klDown(`${block}.downsamplers.0`, outputs));
    }
  });
  const both = { inputs: 2 * latentChannels, outputs: 2 * latentChannels };
  return [
    ...layers,
    ...middle("encoder", { inputs: last, groups }),
    normalizedSilu("encoder.conv_norm_out", { inputs: last, groups }),
    convolution("encoder.conv_out", { inputs: last, outputs: both.inputs }),
    convolution("quant_conv", { ...both, kernel: 1 }),
  ];
}

/** Latents `[B, h, w, C]`, unscaled, to images `[B, H, W, 3]`. */
function decoderOf(config: AutoencoderKlConfig): ImageLayer[] {
  const { widths, blocks, groups, latentChannels } = config;
  const reversed = widths.toReversed();
  const last = reversed[0];
  const latent = { inputs: latentChannels, outputs: latentChannels };
  const layers = [
    convolution("post_quant_conv", { ...latent, kernel: 1 }),
    convolution("decoder.conv_in", { ...latent, outputs: last }),
    ...middle("decoder", { inputs: last, groups }),
  ];
  let inputs = last;
  reversed.forEach((outputs, i) => {
    const block = `decoder.up_blocks.${i}`;
    for (let j = 0; j <= blocks; j++) {
      const sizes = { inputs, outputs, groups };
      layers.push(klResidual(`${block}.resnets.${j}`, sizes));
      inputs = outputs;
    }
    if (i < widths.length - 1) {
      layers.push(klUp(`${block}.upsamplers.0`, outputs));
    }
  });
  return [
    ...layers,
    normalizedSilu("decoder.conv_norm_out", { inputs, groups }),
    convolution("decoder.conv_out", { inputs, outputs: 3 }),
  ];
}

/** The part at the smallest size, the same in encoder and decoder. */
function middle(name: string, sizes: KlBlockOptions): ImageLayer[] {
  return [
    klResidual(`${name}.mid_block.resnets.0`, sizes),
    klAttention(`${name}.mid_block.attentions.0`, sizes),
    klResidual(`${name}.mid_block.resnets.1`, sizes),
  ];
}

function normalizedSilu(name: string, sizes: KlBlockOptions): ImageLayer {
  const norm = klNorm(name, sizes);
  return {
    ...norm,
    apply: (params, x) => tf.tidy(() => silu(norm.apply(params, x))),
  };
}

/** Frees every map as soon as the next one is there: at full size they are large. */
function inTurn(
  layers: ImageLayer[],
  params: Params,
  x: tf.Tensor4D,
): tf.Tensor4D {
  let h = x;
  for (const layer of layers) {
    const next = layer.apply(params, h);
    if (h !== x) h.dispose();
    h = next;
  }
  return h;
}

function checkSizes(config: AutoencoderKlConfig): void {
  const { height, width, widths, groups } = config;
  const sizes = [
    ["height", height, 2 ** (widths.length - 1)],
    ["width", width, 2 ** (widths.length - 1)],
    ...widths.map((size, i) => [`widths[${i}]`, size, groups] as const),
  ] as const;
  for (const [name, size, divisor] of sizes) {
    if (!(size > 0 && size % divisor === 0)) {
      throw new RangeError(
        `Cannot make an autoencoder as '${name}' must be a multiple of ${divisor}: current value is ${size}`,
      );
    }
  }
}
