import { assert, assertEquals, assertThrows } from "@std/assert";
import { countParams, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { recognizer, smallRecognizer } from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const tiny = recognizer({
  height: 16,
  width: 32,
  widths: [8, 8, 16, 32],
  features: 5,
});

function noise(count: number, key: number): tf.Tensor4D {
  const values = randomStream(key, "noise").normals(count * 16 * 32 * 3);
  return tf.tensor4d(values, [count, 16, 32, 3]);
}

testOnBackends(
  "a recogniser makes a feature vector of each image, and class vectors apart",
  () => {
    tf.tidy(() => {
      const params = tiny.init(randomStream(1));
      const features = tiny.apply(params, noise(3, 1));
      assertEquals(features.shape, [3, 5]);
      assert(features.dataSync().every((x) => Number.isFinite(x) && x !== 0));
      const head = tiny.initHead(randomStream(1), 7);
      assertEquals(Object.keys(head), ["head.weight"]);
      assertEquals(head["head.weight"].shape, [5, 7]);
      assert(!("head.weight" in params));
      assertClose(
        tiny.init(randomStream(1))["projection.weight"],
        params["projection.weight"],
        0,
      );
    });
  },
);

testOnBackends(
  "the features of an image do not depend on the rest of the batch",
  () => {
    tf.tidy(() => {
      const params = tiny.init(randomStream(1));
      const [a, b] = [noise(2, 1), noise(3, 2)];
      assertClose(
        tiny.apply(params, tf.concat([a, b])),
        tf.concat([tiny.apply(params, a), tiny.apply(params, b)]),
        1e-5,
      );
    });
  },
);

testOnBackends("a recogniser sees where things are", () => {
  tf.tidy(() => {
    const params = tiny.init(randomStream(1));
    const x = noise(1, 1);
    const halves = tf.split(x, 2, 2);
    const swapped = tf.concat([halves[1], halves[0]], 2) as tf.Tensor4D;
    const [here, there] = [x, swapped].map((images) =>
      tiny.apply(params, images)
    );
    const distance = tf.norm(tf.sub(here, there)).dataSync()[0];
    assert(distance > 0.1 * tf.norm(here).dataSync()[0], `${distance}`);
  });
});

testOnBackends(
  "every weight of a recogniser has a share in its features",
  () => {
    tf.tidy(() => {
      const params = tiny.init(randomStream(1));
      const names = Object.keys(params);
      const slopes = tf.grads((...weights: tf.Tensor[]) =>
        tf.sum(tf.square(tiny.apply(
          Object.fromEntries(names.map((name, i) => [name, weights[i]])),
          noise(2, 1),
        )))
      )(names.map((name) => params[name]));
      slopes.forEach((slope, i) => {
        assert(tf.max(tf.abs(slope)).dataSync()[0] > 0, names[i]);
      });
    });
  },
);

testOnBackends("the small recogniser has the size it says", () => {
  tf.tidy(() => {
    const model = recognizer(smallRecognizer());
    const count = countParams(model.init(randomStream(1)));
    assert(Math.abs(count - 0.9e6) < 0.05e6, `${count}`);
  });
}, { backends: ["wasm"] });

Deno.test("a recogniser refuses sizes that leave nothing of an image", () => {
  const { config } = tiny;
  const cases: [object, string][] = [
    [{ height: 24 }, "'height' must be a multiple of 16: current value is 24"],
    [{ width: 0 }, "'width' must be a multiple of 16: current value is 0"],
    [
      { widths: [8, 12, 16, 32] },
      "'widths[1]' must be a multiple of 8 from 8 on",
    ],
    // One cell of 8 channels in 8 groups: each is normalised to 0.
    [
      { width: 16, widths: [8, 8, 8, 8] },
      "'widths[3]' must be a multiple of 8 from 16 on: current value is 8",
    ],
  ];
  for (const [wrong, message] of cases) {
    assertThrows(
      () => recognizer({ ...config, ...wrong }),
      RangeError,
      message,
    );
  }
});
