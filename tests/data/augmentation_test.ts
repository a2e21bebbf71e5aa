import { assert, assertEquals, assertThrows } from "@std/assert";
import { jit, tf } from "../../src/engine/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import {
  augment,
  augmentation,
  type AugmentationDraw,
  lowerResolution,
  sampleStreams,
} from "../../src/data/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const random = randomStream(5, "augment");
const size = { height: 6, width: 4 };
const noise = (count: number) =>
  tf.tensor4d(
    randomStream(1).uniforms(count * 72).map((u) => 2 * u - 1),
    [count, 6, 4, 3],
  );
const everything = {
  ...size,
  padding: 2,
  brightness: 0.4,
  contrast: 0.4,
  saturation: 0.4,
  hue: 0.1,
  lowResolution: 0.5,
  lowResolutionFactors: [2, 3],
  erase: 0.5,
};

testOnBackends("flip and crop are those of the plain rule", () => {
  for (const paddingValue of ["edge", -7] as const) {
    const { draw, apply } = augmentation({ ...size, padding: 2, paddingValue });
    tf.tidy(() => {
      const images = noise(40);
      const drawn = draw(sampleStreams(random, [...Array(40).keys()], 0));
      const moves = drawn.move!.arraySync();
      assertEquals(new Set(moves.map(([flipped]) => flipped)).size, 2);
      const moved = apply(images, drawn).arraySync();
      const source = images.arraySync();
      moves.forEach(([flipped, down, right], i) => {
        for (let y = 0; y < 6; y++) {
          for (let x = 0; x < 4; x++) {
            const inY = Math.min(Math.max(y + down, 0), 5);
            const inX = Math.min(Math.max(x + right, 0), 3);
            const outside = inY !== y + down || inX !== x + right;
            const pixel = outside && paddingValue !== "edge"
              ? [-7, -7, -7]
              : source[i][inY][flipped ? 3 - inX : inX];
            assertEquals(moved[i][y][x], pixel);
          }
        }
      });
    });
  }
});

testOnBackends("an image's changes depend on its stream only", () => {
  const { draw, apply } = augmentation(everything);
  tf.tidy(() => {
    const images = noise(8);
    const all = [3, 1, 4, 15, 9, 2, 6, 5];
    const whole = apply(images, draw(sampleStreams(random, all, 2)));
    const part = apply(
      tf.slice(images, [2, 0, 0, 0], [3, 6, 4, 3]),
      draw(sampleStreams(random, [4, 15, 9], 2)),
    );
    assertClose(part, tf.slice(whole, [2, 0, 0, 0], [3, 6, 4, 3]), 1e-6);
    const later = apply(images, draw(sampleStreams(random, all, 3)));
    assert(tf.max(tf.abs(tf.sub(later, whole))).dataSync()[0] > 0.1);
  });
});

testOnBackends("one option moves nothing else", () => {
  const streams = () => sampleStreams(random, [0, 1, 2, 3, 4, 5, 6, 7], 0);
  tf.tidy(() => {
    const one = augmentation({ ...size, padding: 1 }).draw(streams());
    const all = augmentation({ ...everything, padding: 1 }).draw(streams());
    assertEquals(one.move!.arraySync(), all.move!.arraySync());
    const erased = augmentation({ ...size, erase: 0.5 }).draw(streams());
    assertEquals(erased.rectangle!.arraySync(), all.rectangle!.arraySync());
  });
});

testOnBackends("it can be jitted", () => {
  const { draw, apply } = augmentation(everything);
  const jitted = jit((images: tf.Tensor4D, drawn: AugmentationDraw) =>
    apply(images, drawn)
  );
  tf.tidy(() => {
    const images = noise(5);
    for (const epoch of [0, 1]) {
      const drawn = draw(sampleStreams(random, [0, 1, 2, 3, 4], epoch));
      assertClose(jitted(images, drawn), apply(images, drawn), 1e-6);
    }
  });
  jitted.dispose();
});

testOnBackends("erasing fills exactly the rectangle", () => {
  for (const eraseValue of ["random", "mean", 0.25] as const) {
    const { draw, apply } = augmentation({
      ...size,
      flip: 0,
      erase: 1,
      eraseValue,
    });
    tf.tidy(() => {
      const drawn = draw(sampleStreams(random, [...Array(30).keys()], 0));
      const twos = tf.fill([30, 6, 4, 3], 2) as tf.Tensor4D;
      const erased = apply(twos, drawn).arraySync();
      drawn.rectangle!.arraySync().forEach(([top, left, bottom, right], i) => {
        assert(bottom > top && right > left && bottom <= 6 && right <= 4);
        for (let y = 0; y < 6; y++) {
          for (let x = 0; x < 4; x++) {
            const pixel = erased[i][y][x];
            const inside = y >= top && y < bottom && x >= left && x < right;
            if (!inside) assertEquals(pixel, [2, 2, 2]);
            else if (eraseValue === 0.25) {
              assertEquals(pixel, [0.25, 0.25, 0.25]);
            } else if (eraseValue === "mean") {
              assertClose(pixel, [-0.03, -0.088, -0.188], 1e-6);
            } else {
              // Drawn for this place: a zero would be no draw at all.
              assert(pixel.every((v) => v >= -1 && v < 1 && v !== 0));
            }
          }
        }
      });
    });
  }
});

testOnBackends("resolution falls by hand", () =>
  tf.tidy(() => {
    // Row 0 3 6 9, halved: 1.5 7.5 at 1 and 3; at 0.5, 1.5, 2.5, 3.5: 1.5, 0.75 · 1.5 + 0.25 · 7.5 = 3, 6, 7.5.
    const row = [0, 3, 6, 9].flatMap((v) => [v, v, v]);
    const images = tf.tensor4d([...row, ...row], [1, 2, 4, 3]);
    const choose = (i: number) => tf.tensor1d([i], "int32");
    const half = lowerResolution(images, choose(1), [1, 2]);
    const expected = [1.5, 3, 6, 7.5].flatMap((v) => [v, v, v]);
    assertClose(half, tf.tensor4d([...expected, ...expected], [1, 2, 4, 3]));
    assertClose(lowerResolution(images, choose(0), [1, 2]), images);
    // Three new pixels on four: each takes 4/3; the mean stays.
    const third = lowerResolution(images, choose(0), [3]);
    assertClose(tf.mean(third), 4.5);
  }));

testOnBackends("without options nothing but the flip happens", () => {
  tf.tidy(() => {
    const images = noise(2);
    const none = augmentation({ ...size, flip: 0 });
    assertClose(none.apply(images, none.draw([random, random])), images, 0);
    const both = augmentation({ ...size, flip: 1 });
    assertClose(
      both.apply(images, both.draw([random, random])),
      tf.reverse(images, 2),
      0,
    );
    const plain = augment(images.dataSync() as Float32Array, {
      ...size,
      flip: 1,
      random,
    });
    assertClose(tf.reverse(images, 2), tf.tensor4d(plain, images.shape), 0);
  });
});

Deno.test("impossible augmentations are refused", () => {
  const refused = {
    flip: 1.5,
    padding: -1,
    hue: 0.6,
    brightness: -0.1,
    lowResolution: 2,
    erase: NaN,
  };
  for (const [name, value] of Object.entries(refused)) {
    assertThrows(
      () => augmentation({ ...size, [name]: value }),
      RangeError,
      `'${name}'`,
    );
  }
  assertThrows(
    () => augmentation({ ...size, lowResolutionFactors: [2, 0] }),
    RangeError,
    "'lowResolutionFactors[1]'",
  );
});
