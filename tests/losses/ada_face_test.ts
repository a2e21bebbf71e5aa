import { assert, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  adaFace,
  type AdaFaceOptions,
  arcFace,
  cosFace,
} from "../../src/losses/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { take } from "../rewards/take.ts";

/** Loss of one feature of a given norm, at 60° from class 0 and 30° from class 1. */
function lossOf(
  norm: number,
  options: AdaFaceOptions = {},
  loss: typeof adaFace = adaFace,
): number {
  const root = Math.sqrt(3) / 2;
  using features = owned(tf.tensor2d([[norm / 2, norm * root]]));
  using classes = owned(tf.tensor2d([[1, 0], [0, 1]]));
  using labels = owned(tf.tensor1d([0], "int32"));
  return take(
    loss(features.value, classes.value, labels.value, options),
  )[0];
}

testOnBackends(
  "adaFace() is ArcFace at low quality, CosFace at the mean, and shifts both ways at high",
  () => {
    using norms = owned({ mean: tf.scalar(10), deviation: tf.scalar(1) });
    const given = { norms: norms.value, scale: 4, margin: 0.3 };
    // Far below the mean q = -1, at it 0, far above 1.
    assertClose(lossOf(1, given), lossOf(1, given, arcFace), 1e-5);
    assertClose(lossOf(10, given), lossOf(10, given, cosFace), 1e-5);
    const high = 4 * (Math.cos(Math.PI / 3 - 0.3) - 0.6 - Math.sqrt(3) / 2);
    assertClose(lossOf(99, given), Math.log1p(Math.exp(-high)), 1e-5);
  },
);

testOnBackends("no gradient of adaFace() flows through the norms", () => {
  using norms = owned({ mean: tf.scalar(2), deviation: tf.scalar(1) });
  using classes = owned(tf.tensor2d([[1, 0], [0, 1]]));
  using labels = owned(tf.tensor1d([0], "int32"));
  using feature = owned(tf.tensor2d([[1, 2]]));
  const slope = tf.grad((x) =>
    adaFace(x as tf.Tensor2D, classes.value, labels.value, {
      norms: norms.value,
    })
  );
  // Along the feature itself nothing but its norm changes.
  const [x, y] = take(slope(feature.value));
  assert(Math.abs(x) > 1);
  assertClose((x + 2 * y) / Math.abs(x), 0, 1e-4);
});

testOnBackends(
  "adaFace() refuses one sample alone, and options out of range",
  () => {
    assertThrows(
      () => lossOf(1),
      RangeError,
      "Cannot measure the norms of features as 'features.shape[0]' must be a finite number at least 2: current value is 1",
    );
    using norms = owned({ mean: tf.scalar(2), deviation: tf.scalar(1) });
    for (
      const [name, value] of [["margin", 1], ["concentration", 0], [
        "scale",
        -1,
      ]]
    ) {
      assertThrows(
        () => lossOf(1, { norms: norms.value, [name]: value }),
        RangeError,
        `${name}`,
      );
    }
  },
);
