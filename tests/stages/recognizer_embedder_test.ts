import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Embedder,
  plainPreprocessing,
  randomStream,
} from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import { embedImages, recognizerEmbedder } from "../../src/stages/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { tinyEmbedder, tinyFaces } from "../support/tiny_prior.ts";

testOnBackends(
  "recognizerEmbedder() is the recogniser, named by its weights",
  async () => {
    const model = recognizer(smallRecognizer({ height: 16, width: 32 }));
    const params = model.init(randomStream(1));
    {
      using embedder = await recognizerEmbedder(model, params);
      assertEquals(embedder.width, 128);
      assertEquals(embedder.preprocessing, plainPreprocessing(16, 32));
      tf.tidy(() => {
        const values = randomStream(2).normals(2 * 16 * 32 * 3);
        const images = tf.tensor4d(values, [2, 16, 32, 3]);
        assertClose(embedder.embed(images), model.apply(params, images), 1e-4);
        const turned = tf.transpose(images, [0, 2, 1, 3]);
        assertThrows(() => embedder.embed(turned), TypeError);
      });
      using same = await recognizerEmbedder(model, params);
      assertEquals(same.fingerprint, embedder.fingerprint);
      using other = await tinyEmbedder();
      assert(other.fingerprint !== embedder.fingerprint);
    }
    // The weights are the caller's.
    assert(Object.values(params).every((w) => !w.isDisposed));
    tf.dispose(params);
  },
);

testOnBackends("embedImages() goes through any number of images", async () => {
  using embedder = await tinyEmbedder();
  const few = tinyFaces(2, 2);
  const many = {
    ...few,
    images: new Float32Array(few.images.length * 20),
    count: 80,
    labels: new Int32Array(80),
    paths: new Array(80).fill(""),
  };
  for (let k = 0; k < 20; k++) {
    many.images.set(few.images, k * few.images.length);
  }
  const { data, width } = embedImages(embedder, many);
  assertEquals([data.length, width], [80 * 8, 8]);
  const first = embedImages(embedder, few).data;
  assertClose(data.subarray(0, 32), first);
  assertClose(data.subarray(76 * 8), first);
});

testOnBackends(
  "embedImages() with flip adds the mirror image's features",
  () => {
    // Features: mean of the left half and of the right half.
    const halves: Embedder = {
      embed: (x) =>
        tf.tidy(() => {
          const [left, right] = tf.split(x, 2, 2);
          return tf.stack([
            tf.mean(left, [1, 2, 3]),
            tf.mean(right, [1, 2, 3]),
          ], 1) as tf.Tensor2D;
        }),
      width: 2,
      preprocessing: plainPreprocessing(1, 2),
      fingerprint: "halves",
    };
    const set = {
      images: Float32Array.of(0.25, 0.25, 0.25, 0.5, 0.5, 0.5),
      height: 1,
      width: 2,
      count: 1,
      labels: Int32Array.of(0),
      identities: ["ada"],
      paths: ["ada/0.png"],
      problems: [],
    };
    assertClose(embedImages(halves, set).data, [0.25, 0.5]);
    assertClose(embedImages(halves, set, { flip: true }).data, [0.75, 0.75]);
  },
);
