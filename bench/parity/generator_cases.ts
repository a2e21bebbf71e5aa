/**
 * The generator's networks.
 *
 * @module
 */
import type { Params } from "../../src/core/mod.ts";
import { guided } from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  autoencoderKl,
  dit,
  type DitConfig,
  ditNames,
  ditS8,
  ditXL2,
  latentDiffusionNames,
  stableDiffusionAutoencoder,
} from "../../src/models/mod.ts";
import type { ParityCase } from "./parity_case.ts";

/** DiT, with guidance on the first three channels. */
function ditCase(name: string, twin: string, config: DitConfig): ParityCase {
  return {
    name,
    twin,
    make() {
      const model = dit(config);
      return {
        shapes: model.shapes,
        scheme: ditNames(config, model.shapes),
        run(params, inputs) {
          const latents = inputs.latents as tf.Tensor4D;
          const times = inputs.times as tf.Tensor1D;
          const labels = inputs.labels as tf.Tensor1D;
          const predict = (
            x: tf.Tensor4D,
            t: tf.Tensor1D,
            y: tf.Tensor1D,
          ) => model.apply(params, x, t, y);
          const nulls = tf.fill([1], config.classes, "int32") as tf.Tensor1D;
          return {
            prediction: predict(
              tf.concat([latents, latents]),
              tf.concat([times, times]),
              tf.concat([labels, nulls]),
            ),
            guided: guided(predict, {
              scale: 4,
              nullLabel: config.classes,
              channels: 3,
            })(latents, times, labels),
          };
        },
      };
    },
  };
}

/** Stable Diffusion's autoencoder, images of 256 x 256. */
const autoencoderCase: ParityCase = {
  name: "AutoencoderKL",
  twin: "autoencoderKl",
  make() {
    const model = autoencoderKl(stableDiffusionAutoencoder());
    return {
      shapes: model.shapes,
      scheme: latentDiffusionNames(model.shapes),
      run(params: Params, inputs: Params) {
        const images = inputs.images as tf.Tensor4D;
        return {
          ...model.posterior(params, images),
          decoded: model.decode(params, inputs.latents as tf.Tensor4D),
        };
      },
    };
  },
};

/** All of them. */
export const GENERATOR_CASES: ParityCase[] = [
  ditCase("DiT-S/8", "ditS8", ditS8()),
  autoencoderCase,
  ditCase("DiT-XL/2", "ditXL2", ditXL2()),
];
