import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { jit, tf, upsampleNearest2x } from "../../src/engine/mod.ts";
import {
  autoencoderKl,
  decodeTiled,
  stableDiffusionAutoencoder,
} from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const draw = (shape: [number, number, number, number]) =>
  tf.tensor4d(
    randomStream(1).normals(shape.reduce((a, b) => a * b)),
    shape,
  );

testOnBackends(
  "decodeTiled() of a decoder that looks at single cells is exact, whatever the tiles",
  () => {
    for (const [tile, overlap] of [[4, 0], [4, 2], [5, 1], [6, 3]]) {
      tf.tidy(() => {
        const latents = draw([2, 7, 11, 3]);
        const images = decodeTiled(latents, {
          decode: upsampleNearest2x,
          factor: 2,
          tile,
          overlap,
        });
        assertClose(images, upsampleNearest2x(latents), 1e-6);
      });
    }
  },
);

testOnBackends(
  "decodeTiled() decodes one tile's size exactly, and never more than one tile at a time",
  () => {
    const model = autoencoderKl(stableDiffusionAutoencoder({
      height: 32,
      width: 32,
      widths: [4, 4, 4, 4],
      groups: 2,
      blocks: 1,
    }));
    const decode = jit(model.decode);
    tf.tidy(() => {
      const params = model.init(randomStream(1));
      const shapes: string[] = [];
      const counted = (latents: tf.Tensor4D) => {
        shapes.push(String(latents.shape));
        return decode(params, latents);
      };
      const options = { decode: counted, tile: 4, overlap: 2 };
      const one = draw([1, 4, 4, 4]);
      assertEquals(
        decodeTiled(one, options).dataSync(),
        decode(params, one).dataSync(),
      );
      const images = decodeTiled(draw([2, 4, 8, 4]), options);
      assertEquals(images.shape, [2, 32, 64, 3]);
      assert(images.dataSync().every(Number.isFinite));
      // One tile, then three in each of two samples.
      assertEquals(shapes, Array(7).fill("1,4,4,4"));
    });
    decode.dispose();
  },
);

testOnBackends(
  "decodeTiled() fades from one tile to the next in a line",
  () => {
    tf.tidy(() => {
      // A decoder that answers with the number of the tile: 0, then 1.
      let count = 0;
      const images = decodeTiled(tf.zeros([1, 4, 6, 1]), {
        decode: () => tf.fill([1, 4, 4, 3], count++) as tf.Tensor4D,
        factor: 1,
        tile: 4,
        overlap: 2,
      });
      const line = tf.slice(images, [0, 0, 0, 0], [1, 1, 6, 1]);
      assertClose(line.dataSync(), [0, 0, 0.25, 0.75, 1, 1]);
    });
  },
);

testOnBackends("decodeTiled() refuses tiles that do not fit", () => {
  const decode = upsampleNearest2x;
  tf.tidy(() => {
    const latents = tf.zeros([1, 4, 8, 3]) as tf.Tensor4D;
    assertThrows(
      () => decodeTiled(latents, { decode, tile: 5, overlap: 1 }),
      RangeError,
      "Cannot decode tile by tile as 'height' must be a finite number at least 5: current value is 4",
    );
    assertThrows(
      () => decodeTiled(latents, { decode, tile: 4, overlap: 3 }),
      RangeError,
      "'overlap' must be a whole number at least 0 and at most 2: current value is 3",
    );
  });
});
