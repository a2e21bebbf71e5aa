import { assert, assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import {
  imagenetPreprocessing,
  plainPreprocessing,
  preprocess,
} from "../../src/core/embedder.ts";

Deno.test("preprocess() swaps channels, then subtracts and divides", () => {
  const before = tf.memory().numTensors;
  const images = tf.tensor4d([0.5, 0, -1], [1, 1, 1, 3]);
  const input = preprocess(images, {
    ...plainPreprocessing(1, 1),
    channels: "bgr",
    mean: [1, 2, 0.25],
    deviation: [0.5, 2, 0.125],
  });
  // b: (-1 - 1) / 0.5, g: (0 - 2) / 2, r: (0.5 - 0.25) / 0.125
  assertEquals([...input.dataSync()], [-4, -1, 2]);
  tf.dispose([images, input]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("plainPreprocessing() leaves images as they are", () => {
  const images = tf.randomUniform<tf.Rank.R4>([2, 3, 4, 3], -1, 1);
  const input = preprocess(images, plainPreprocessing(3, 4));
  assertEquals(input.dataSync(), images.dataSync());
  tf.dispose([images, input]);
});

Deno.test("preprocess() refuses images of another size", () => {
  const images = tf.zeros<tf.Rank.R4>([2, 3, 4, 3]);
  assertThrows(
    () => preprocess(images, plainPreprocessing(4, 3)),
    TypeError,
    "Cannot embed images as 'images' must be of shape [any, 4, 3, 3]: current value is [2, 3, 4, 3]",
  );
  images.dispose();
});

// Red 255 of 255 is 1 here and there: (1 - 0.485) / 0.229.
Deno.test("imagenetPreprocessing() is ImageNet's, on the scale [-1, 1]", () => {
  const images = tf.tensor4d([1, -1, 0], [1, 1, 1, 3]);
  const input = preprocess(images, imagenetPreprocessing(1, 1));
  const expected = [
    (1 - 0.485) / 0.229,
    (0 - 0.456) / 0.224,
    (0.5 - 0.406) / 0.225,
  ];
  input.dataSync().forEach((value, i) => {
    assert(Math.abs(value - expected[i]) < 1e-5);
  });
  tf.dispose([images, input]);
});
