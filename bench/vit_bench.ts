/** ViT-B/16 as a recogniser: features of persons. */
import { jit, type tf, useBackend } from "../src/engine/mod.ts";
import { disposeParams, type Params, randomStream } from "../src/core/mod.ts";
import { vit, vitB16 } from "../src/models/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

await useBackend("auto");
const random = randomStream(1);
const model = vit(vitB16({ height: 256, width: 128 }));
const params = model.init(random);
const images = normalTensor(random, "images", [8, 256, 128, 3], 1);
const features = jit((params: Params, images: tf.Tensor) =>
  model.apply(params, images as tf.Tensor4D).features
);
disposeParams({ first: features(params, images) });
benchTensors("jitted", () => features(params, images), {
  group: "ViT-B/16 features, 8 x 256 x 128 pixels",
  n: 5,
});
