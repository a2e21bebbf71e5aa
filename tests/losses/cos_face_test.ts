import { assert, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { classCosines, cosFace } from "../../src/losses/mod.ts";
import golden from "../golden/losses.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "../rewards/assert_gradient.ts";
import { take } from "../rewards/take.ts";

const tensors = () =>
  owned({
    features: tf.tensor2d(golden.features),
    classes: tf.tensor2d(golden.classes),
    labels: tf.tensor1d(golden.labels, "int32"),
  });

// East belongs to class 0 (east), north to class 0 as well: logits s (1 - m, 0) and s (0 - m, 1).
testOnBackends(
  "cosFace() takes the margin from the true class's cosine",
  () => {
    using features = owned(tf.tensor2d([[2, 0], [0, 0.1]]));
    using classes = owned(tf.tensor2d([[1, 0], [0, 5]]));
    using labels = owned(tf.tensor1d([0, 0], "int32"));
    const options = { margin: 0.5, scale: 2 };
    assertClose(
      take(cosFace(features.value, classes.value, labels.value, options)),
      [Math.log1p(Math.exp(-1)), Math.log1p(Math.exp(3))],
      1e-5,
    );
  },
);

testOnBackends("cosFace() gives NumPy's values", () => {
  using x = tensors();
  const { features, classes, labels } = x.value;
  assertClose(take(cosFace(features, classes, labels)), golden.cosFace, 2e-5);
  assertClose(
    take(cosFace(features, classes, labels, { margin: 0.1, scale: 4 })),
    golden.cosFaceMild,
    1e-5,
  );
});

testOnBackends(
  "cosFace() without margin is the cross-entropy of the cosines",
  () => {
    using x = tensors();
    const { features, classes, labels } = x.value;
    using cosines = owned(classCosines(features, classes));
    using logs = owned(tf.logSoftmax(cosines.value));
    const expected = golden.labels.map((y, i) =>
      -logs.value.dataSync()[3 * i + y]
    );
    assertClose(
      take(cosFace(features, classes, labels, { margin: 0, scale: 1 })),
      expected,
      1e-5,
    );
  },
);

testOnBackends("cosFace() knows no norm and grows with the margin", () => {
  using x = tensors();
  const { features, classes, labels } = x.value;
  using long = owned(tf.mul(features, 30) as tf.Tensor2D);
  using short = owned(tf.mul(classes, 0.01) as tf.Tensor2D);
  const plain = take(cosFace(features, classes, labels, { scale: 8 }));
  assertClose(
    take(cosFace(long.value, short.value, labels, { scale: 8 })),
    plain,
    1e-4,
  );
  const stricter = take(
    cosFace(features, classes, labels, { scale: 8, margin: 0.5 }),
  );
  assert(stricter.every((loss, i) => loss > plain[i] && plain[i] >= 0));
});

testOnBackends("cosFace() has the gradient of central differences", () => {
  using x = tensors();
  const { features, classes, labels } = x.value;
  const options = { scale: 4 };
  assertGradient(
    (at) => cosFace(at, classes, labels, options),
    golden.features,
    5e-3,
  );
  assertGradient(
    (at) => cosFace(features, at, labels, options),
    golden.classes,
    5e-3,
  );
});

testOnBackends(
  "cosFace() gives a zero feature a finite loss and gradient",
  () => {
    using features = owned(tf.zeros<tf.Rank.R2>([1, 4]));
    using x = tensors();
    using labels = owned(tf.tensor1d([1], "int32"));
    const slope = tf.grad((at) =>
      cosFace(at as tf.Tensor2D, x.value.classes, labels.value)
    );
    assert(take(slope(features.value)).every(Number.isFinite));
  },
);

testOnBackends(
  "cosFace() refuses other widths, lengths and options out of range",
  () => {
    using x = tensors();
    const { features, classes, labels } = x.value;
    using wide = owned(tf.ones<tf.Rank.R2>([5, 3]));
    using few = owned(tf.tensor1d([0], "int32"));
    assertThrows(
      () => cosFace(features, wide.value, labels),
      TypeError,
      "Cannot compare features with classes as 'classes' must be of shape [4, any]: current value is [5, 3]",
    );
    assertThrows(
      () => cosFace(features, classes, few.value),
      TypeError,
      "labels",
    );
    assertThrows(
      () => cosFace(features, classes, labels, { margin: 1 }),
      RangeError,
      "margin",
    );
    assertThrows(
      () => cosFace(features, classes, labels, { scale: 0 }),
      RangeError,
      "scale",
    );
  },
);
