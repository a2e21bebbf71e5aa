import { assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { layerNorm } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden(
  "layerNorm",
  ({ x, scale, offset }, { options }) =>
    layerNorm(x, { ...options, scale, offset }),
);

testOnBackends("layerNorm() of a hand-computed row", () => {
  tf.tidy(() => {
    // Mean 3, variance ((-2)² + 0 + 2²) / 3 = 8/3; with epsilon 4/3 the
    // deviation is 2: [-1, 0, 1], then times [1, 2, 3] plus 10.
    const y = layerNorm(tf.tensor([[1, 3, 5]]), {
      scale: tf.tensor([1, 2, 3]),
      offset: tf.tensor([10, 10, 10]),
      epsilon: 4 / 3,
    });
    assertClose(y, [[9, 10, 13]]);
  });
});

testOnBackends(
  "layerNorm() does not change when rows are shifted and scaled",
  () => {
    tf.tidy(() => {
      const x = tf.tensor([[0.5, -1, 2, 3], [1, 4, -2, 0]]);
      const moved = tf.add(
        tf.mul(x, tf.tensor([[2], [5]])),
        tf.tensor([[7], [-3]]),
      );
      const epsilon = 1e-12;
      assertClose(
        layerNorm(moved, { epsilon }),
        layerNorm(x, { epsilon }),
        1e-5,
      );
    });
  },
);

testOnBackends("layerNorm() refuses what does not broadcast", () => {
  tf.tidy(() => {
    const x = tf.zeros([2, 3]);
    const act = "Cannot apply layer normalisation as";
    assertThrows(
      () => layerNorm(x, { scale: tf.zeros([2]) }),
      TypeError,
      `${act} 'scale' must be of a shape that broadcasts to [2, 3]: current value is shape [2]`,
    );
    assertThrows(
      () => layerNorm(x, { offset: tf.zeros([1, 2, 3]) }),
      TypeError,
      `${act} 'offset' must be`,
    );
    assertThrows(
      () => layerNorm(tf.scalar(1)),
      TypeError,
      `${act} 'x' must be of one axis or more`,
    );
    assertThrows(
      () => layerNorm(tf.zeros([2, 3], "int32")),
      TypeError,
      `${act} 'x' must be float32: current value is int32`,
    );
    assertThrows(
      () => layerNorm(x, { epsilon: 0 }),
      RangeError,
      `${act} 'epsilon' must be positive and finite: current value is 0`,
    );
  });
});
