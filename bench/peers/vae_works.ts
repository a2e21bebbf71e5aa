/**
 * Stable Diffusion's autoencoder: latents to one image of 256 x 256.
 *
 * @module
 */
import {
  disposeParams,
  type Params,
  randomStream,
} from "../../src/core/mod.ts";
import { jit, type tf } from "../../src/engine/mod.ts";
import {
  autoencoderKl,
  latentDiffusionNames,
  stableDiffusionAutoencoder,
} from "../../src/models/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { fromPublished, publishedTensors } from "./published_tensors.ts";
import type { Work } from "./work.ts";

/** Options of {@linkcode vaeDecode}. */
export interface VaeDecodeOptions {
  /** In what the products are computed; PyTorch's side is autocast. */
  precision: "float32" | "bfloat16";
}

/** Decodes one image. */
export function vaeDecode({ precision }: VaeDecodeOptions): Work {
  const model = autoencoderKl(stableDiffusionAutoencoder());
  const scheme = latentDiffusionNames(model.shapes);
  const half = precision === "bfloat16";
  return {
    name: `VAE decode, 256 x 256${half ? ", bfloat16" : ""}`,
    peer: half ? "vaeDecodeBfloat16" : "vaeDecode",
    variants: ["channelsLast", "compile"],
    repeats: 1,
    ...(half ? { tolerance: 0.1 } : {}),
    tensors: () => ({
      ...publishedTensors(model.shapes, scheme),
      latents: normalTensor(randomStream(2), "latents", [1, 32, 32, 4], 0.18),
    }),
    start({ latents, ...theirs }) {
      const params = fromPublished(theirs, model.shapes, scheme);
      const decode = jit(
        (params: Params, z: tf.Tensor4D) => model.decode(params, z),
        { precision },
      );
      return {
        run: () => [decode(params, latents as tf.Tensor4D)],
        dispose() {
          decode.dispose();
          disposeParams(params);
        },
      };
    },
  };
}
