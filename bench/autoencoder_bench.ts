/** The autoencoder of the shipped prior, both ways. */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { randomStream } from "../src/core/mod.ts";
import { autoencoder, smallAutoencoder } from "../src/models/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

const BATCH = 128;

await useBackend("auto");
const random = randomStream(1);
const { init, encode, decode } = autoencoder(smallAutoencoder());
const params = init(random);
const images = normalTensor(random, "images", [BATCH, 64, 64, 3], 0.5);
const jittedEncode = jit(encode);
const jittedDecode = jit(decode);
const latents = jittedEncode(params, images as tf.Tensor4D);
tf.dispose(jittedDecode(params, latents));

const group = `smallAutoencoder, ${BATCH} images of 64 x 64 pixels`;
benchTensors(
  "encode",
  () => jittedEncode(params, images as tf.Tensor4D),
  { group },
);
benchTensors("decode", () => jittedDecode(params, latents), { group });
