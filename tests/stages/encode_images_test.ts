import { assertEquals, assertRejects } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { gatherImages, type ImageSet } from "../../src/data/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { encodeImages } from "../../src/stages/mod.ts";
import { gatherLatents } from "../../src/stages/encode_images.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { TINY_SIZE, tinyGenerator } from "../support/tiny_prior.ts";

/** Noise: more pictures than are encoded at a time. */
function noise(count: number): ImageSet {
  return {
    images: randomStream(1).uniforms(count * TINY_SIZE ** 2 * 3),
    height: TINY_SIZE,
    width: TINY_SIZE,
    count,
    labels: Int32Array.from({ length: count }, (_, i) => i % 3),
    identities: ["ada", "bob", "cyd"],
    paths: Array.from({ length: count }, (_, i) => `${i}`),
    problems: [],
  };
}

testOnBackends(
  "encodeImages() encodes all images, then all mirror images",
  async () => {
    const generator = tinyGenerator();
    const images = noise(70);
    const seen: number[] = [];
    const latents = await encodeImages(generator, images, {
      onStep: (done, total) => void seen.push(done, total),
    });
    assertEquals(seen, [64, 70, 70, 70]);
    assertEquals(latents.count, 140);
    assertEquals(latents.shape, [2, 2, 4]);
    assertEquals(
      latents.labels,
      Int32Array.of(...images.labels, ...images.labels),
    );
    tf.tidy(() => {
      for (const i of [0, 63, 64, 69]) {
        const x = gatherImages(images, [i]);
        const mirrored = tf.reverse(x, 2) as tf.Tensor4D;
        assertClose(gatherLatents(latents, [i]), generator.encode(x), 1e-4);
        assertClose(
          gatherLatents(latents, [70 + i]),
          generator.encode(mirrored),
          1e-4,
        );
      }
    });
    generator.dispose();
  },
);

testOnBackends("gatherLatents() picks in the order it is asked", () => {
  const values = Float32Array.from({ length: 6 }, (_, i) => i);
  const latents = {
    values,
    shape: [1, 1, 2] as [number, number, number],
    count: 3,
    labels: Int32Array.of(0, 1, 2),
  };
  tf.tidy(() => {
    assertClose(
      gatherLatents(latents, [2, 0, 2]),
      tf.tensor4d([4, 5, 0, 1, 4, 5], [3, 1, 1, 2]),
    );
  });
}, { backends: ["wasm"] });

testOnBackends("encodeImages() can be stopped between chunks", async () => {
  const generator = tinyGenerator();
  const controller = new AbortController();
  await assertRejects(
    () =>
      encodeImages(generator, noise(70), {
        signal: controller.signal,
        onStep: () => controller.abort(new Error("enough")),
      }),
    Error,
    "enough",
  );
  generator.dispose();
});
