import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { resizePositions } from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import golden from "../golden/vit.json" with { type: "json" };
import { wave } from "./golden_network.ts";

testOnBackends("resizePositions() equals PyTorch's interpolate", () => {
  for (const one of golden.positions) {
    const { side, rows, columns, width, antialias } = one;
    tf.tidy(() => {
      const grid = tf.tensor(wave(side * side * width, 5000), [
        1,
        side * side,
        width,
      ]);
      const token = tf.fill([1, 1, width], 7);
      const resized = resizePositions(
        tf.concat([token, grid], 1) as tf.Tensor3D,
        { from: [side, side], to: [rows, columns], antialias },
      );
      const [first, rest] = tf.split(resized, [1, rows * columns], 1);
      assertClose(first, token, 0);
      assertClose(tf.reshape(rest, [-1]), one.values, 1e-5);
    });
  }
});

testOnBackends("resizePositions() leaves the same grid as it is", () => {
  using positions = owned(tf.randomNormal<tf.Rank.R3>([1, 7, 4]));
  const grid = [3, 2] as const;
  using same = owned(
    resizePositions(positions.value, { from: grid, to: grid }),
  );
  assertClose(same.value, positions.value, 0);
});

testOnBackends("resizePositions() keeps what is the same everywhere", () => {
  using positions = owned(tf.fill<tf.Rank.R3>([1, 26, 2], 3));
  for (const antialias of [false, true]) {
    using resized = owned(
      resizePositions(positions.value, {
        from: [5, 5],
        to: [2, 9],
        antialias,
      }),
    );
    assertClose(resized.value, Array(19).fill([3, 3]).flat(), 1e-5);
  }
});

testOnBackends("resizePositions() refuses positions of another grid", () => {
  using positions = owned(tf.zeros<tf.Rank.R3>([1, 197, 8]));
  assertThrows(
    () => resizePositions(positions.value, { from: [14, 12], to: [16, 8] }),
    TypeError,
    "'positions' must be of shape [1, 169, any]: current value is [1, 197, 8]",
  );
});
