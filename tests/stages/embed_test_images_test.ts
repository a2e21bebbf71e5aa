import { assertEquals, assertRejects } from "@std/assert";
import { type Embedder, plainPreprocessing } from "../../src/core/mod.ts";
import { byteImageSet, type ImageRecord } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import { embedTestImages } from "../../src/stages/embed_test_images.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** Feature: mean brightness. */
const brightness: Embedder = {
  embed: (images) =>
    tf.tidy(() => tf.mean(images, [1, 2, 3]).reshape([-1, 1]) as tf.Tensor2D),
  width: 1,
  preprocessing: plainPreprocessing(2, 2),
  fingerprint: "brightness",
};

/** Grey levels of 150 pictures: more than two parts. */
const levels = Uint8Array.from({ length: 150 }, (_, i) => i);
const wanted = Array.from(levels, (level) => level / 127.5 - 1);
const set = byteImageSet(
  new Uint8Array(150 * 12).map((_, at) => levels[Math.floor(at / 12)]),
  {
    height: 2,
    width: 2,
    count: 150,
    labels: new Int32Array(150),
    identities: ["ada"],
    paths: Array.from(levels, (level) => `${level}`),
    problems: [],
  },
);
const records: ImageRecord[] = Array.from(levels, (level) => ({
  path: `${level}.png`,
  identity: "ada",
  bytes: () =>
    encodePng({
      pixels: new Float32Array(12).fill(level / 127.5 - 1),
      height: 2,
      width: 2,
    }),
}));

testOnBackends(
  "embedTestImages() keeps the order, from memory and from files",
  async () => {
    for (const images of [set, records]) {
      const seen: number[] = [];
      const { data, width } = await embedTestImages(brightness, images, {
        onProgress: (done, total) => seen.push(done, total),
      });
      assertEquals(width, 1);
      assertClose(data, wanted);
      assertEquals(seen, [64, 150, 128, 150, 150, 150]);
    }
  },
);

testOnBackends(
  "embedTestImages() adds the mirror image's features",
  async () => {
    const { data } = await embedTestImages(brightness, set, { flip: true });
    // A grey picture is its own mirror image.
    assertClose(data, wanted.map((value) => 2 * value));
  },
);

testOnBackends("embedTestImages() stops between two parts", async () => {
  const stop = new AbortController();
  await assertRejects(
    () =>
      embedTestImages(brightness, records, {
        signal: stop.signal,
        onProgress: () => stop.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
});
