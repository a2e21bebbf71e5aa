import { assertThrows } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { checkFeatures } from "../../src/rewards/mod.ts";
import { testOnBackends } from "../support/backends.ts";

function check(rows: number[][]): void {
  using features = owned(tf.tensor2d(rows));
  checkFeatures("score", "features", features.value);
}

testOnBackends(
  "checkFeatures() accepts finite vectors that point somewhere",
  () => {
    check([[0, 1e-3], [-4, 7]]);
  },
);

testOnBackends(
  "checkFeatures() names the first row that has no direction",
  () => {
    assertThrows(
      () => check([[1, 2], [0, 0]]),
      RangeError,
      "Cannot score as 'features[1]' must be finite and not zero: current value is a zero vector",
    );
  },
);

testOnBackends("checkFeatures() refuses NaN and Infinity", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    assertThrows(() => check([[1, value]]), RangeError, "'features[0]'");
  }
});

testOnBackends(
  "checkFeatures() refuses other tensors than matrices with rows",
  () => {
    using empty = owned(tf.zeros<tf.Rank.R2>([0, 3]));
    using vector = owned(tf.ones([3]));
    assertThrows(
      () => checkFeatures("score", "features", empty.value),
      RangeError,
      "non-empty",
    );
    assertThrows(
      () => checkFeatures("score", "features", vector.value as tf.Tensor2D),
      TypeError,
      "of shape [any, any]",
    );
  },
);

testOnBackends(
  "checkFeatures() refuses lengths that float32 squares lose",
  () => {
    check([[1e-6, 0], [1e6, 0]]);
    for (const size of [1e-30, 1e-13, 1e20]) {
      assertThrows(
        () => check([[1, 0], [size, 0]]),
        RangeError,
        "'features[1]' must be of a length from 1e-12 to 1e+19: current value is one of length",
      );
    }
  },
);

testOnBackends(
  "checkFeatures() lets a traced function pass, where there are no values",
  () => {
    using features = owned(tf.tensor2d([[0, 0]]));
    const compiled = jit((x: tf.Tensor2D) => {
      checkFeatures("score", "features", x);
      return tf.square(x);
    });
    compiled(features.value).dispose();
    compiled.dispose();
  },
  { backends: ["tensorflow"] },
);
