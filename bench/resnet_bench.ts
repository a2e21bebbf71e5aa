/** ResNet-50 as a recogniser: features of persons. */
import { jit, tf, useBackend } from "../src/engine/mod.ts";
import { type Params, randomStream } from "../src/core/mod.ts";
import { resnet, resnet50 } from "../src/models/mod.ts";
import { normalTensor } from "../src/nn/mod.ts";
import { benchTensors } from "./bench_tensors.ts";

await useBackend("auto");
const random = randomStream(1);
const model = resnet(resnet50());
const params = model.init(random);
const images = normalTensor(random, "images", [8, 256, 128, 3], 1);
const features = jit((params: Params, images: tf.Tensor) =>
  model.apply(params, images as tf.Tensor4D).features
);
tf.dispose(features(params, images));
benchTensors("jitted", () => features(params, images), {
  group: "ResNet-50 features, 8 x 256 x 128 pixels",
  n: 5,
});
