import { assert, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { arcFace, type ArcFaceOptions, cosFace } from "../../src/losses/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { take } from "../rewards/take.ts";

/** Loss of a feature at an angle from class 0, with class 1 opposite to class 0. */
function lossAt(degrees: number, options: ArcFaceOptions): number {
  const angle = degrees * Math.PI / 180;
  using features = owned(tf.tensor2d([[Math.cos(angle), Math.sin(angle)]]));
  using classes = owned(tf.tensor2d([[1, -1], [0, 0]]));
  using labels = owned(tf.tensor1d([0], "int32"));
  return take(
    arcFace(features.value, classes.value, labels.value, options),
  )[0];
}

// Of two classes the loss is log(1 + e^(other - own)); the other's cosine is minus the angle's.
const expected = (own: number, degrees: number) =>
  Math.log1p(Math.exp(-Math.cos(degrees * Math.PI / 180) - own));
const sixth = { margin: Math.PI / 6, scale: 1 };

testOnBackends("arcFace() adds the margin to the angle", () => {
  assertClose(lossAt(60, sixth), expected(Math.cos(Math.PI / 2), 60), 1e-5);
  assertClose(
    lossAt(120, sixth),
    expected(Math.cos(5 * Math.PI / 6), 120),
    1e-5,
  );
});

testOnBackends(
  "past π, and with the easy margin from a right angle on, the cosine is used as the options say",
  () => {
    const cosine = Math.cos(170 * Math.PI / 180);
    const lower = cosine - Math.PI / 6 * Math.sin(Math.PI / 6);
    assertClose(lossAt(170, sixth), expected(lower, 170), 1e-5);
    assertClose(
      lossAt(120, { ...sixth, easyMargin: true }),
      expected(-0.5, 120),
      1e-5,
    );
    // The loss never falls as the angle grows.
    const losses = Array.from({ length: 35 }, (_, i) => lossAt(5 * i, sixth));
    assert(losses.every((loss, i) => i === 0 || loss > losses[i - 1]));
  },
);

testOnBackends("arcFace() without margin is cosFace() without margin", () => {
  using features = owned(tf.tensor2d([[1, 2], [-3, 0.5]]));
  using classes = owned(tf.tensor2d([[1, 0.2, -1], [0.3, 1, 1]]));
  using labels = owned(tf.tensor1d([2, 0], "int32"));
  const options = { margin: 0, scale: 5 };
  assertClose(
    take(arcFace(features.value, classes.value, labels.value, options)),
    take(cosFace(features.value, classes.value, labels.value, options)),
    1e-5,
  );
});

testOnBackends(
  "arcFace() of a feature on its class, or of none, has a finite gradient",
  () => {
    using features = owned(tf.tensor2d([[1, 0], [0, 0]]));
    using classes = owned(tf.tensor2d([[1, -1], [0, 0]]));
    using labels = owned(tf.tensor1d([0, 1], "int32"));
    const slope = tf.grad((x) =>
      arcFace(x as tf.Tensor2D, classes.value, labels.value)
    );
    assert(take(slope(features.value)).every(Number.isFinite));
  },
);

testOnBackends("arcFace() refuses a margin or scale out of range", () => {
  assertThrows(
    () => lossAt(0, { margin: 3.2 }),
    RangeError,
    "Cannot compute the ArcFace loss as 'margin' must be",
  );
  assertThrows(() => lossAt(0, { scale: 0 }), RangeError, "scale");
  using few = owned(tf.tensor1d([0], "int32"));
  using wide = owned(tf.ones<tf.Rank.R2>([2, 2]));
  assertThrows(
    () => arcFace(wide.value, wide.value, few.value),
    TypeError,
    "labels",
  );
});
