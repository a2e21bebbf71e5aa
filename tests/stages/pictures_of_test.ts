import { assertEquals, assertRejects } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { decodeImageBytes } from "../../src/io/mod.ts";
import { picturesOf } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "picturesOf() writes each image with its caption, clipped",
  async () => {
    // The first image black but for a red corner that is too bright, the second grey.
    const values = new Float32Array(2 * 2 * 2 * 3).fill(-1, 0, 12);
    values.set([3, -1, -1]);
    const images = tf.tensor4d(values, [2, 2, 2, 3]);
    const pictures = await picturesOf(images, ["a corner"]);
    assertEquals(pictures.map(({ caption }) => caption), [
      "a corner",
      undefined,
    ]);
    const read = pictures.map(({ png }) => decodeImageBytes(png));
    const [first, second] = await Promise.all(read);
    assertEquals([first.height, first.width], [2, 2]);
    assertEquals(Array.from(first.bytes.slice(0, 6)), [255, 0, 0, 0, 0, 0]);
    // No byte is a zero of [-1, 1]: the nearest is one of two.
    assertEquals(
      second.bytes.every((byte) => byte === 127 || byte === 128),
      true,
    );
    images.dispose();
  },
);

testOnBackends(
  "picturesOf() refuses other channels, and captions without a picture",
  async () => {
    const grey = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
    await assertRejects(() => picturesOf(grey), TypeError, "images");
    const one = tf.zeros([1, 2, 2, 3]) as tf.Tensor4D;
    await assertRejects(
      () => picturesOf(one, ["a", "b"]),
      RangeError,
      "captions",
    );
    tf.dispose([grey, one]);
  },
  { backends: ["wasm"] },
);
