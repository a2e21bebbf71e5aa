import { assertThrows } from "@std/assert";
import { jit } from "../../../src/engine/jit.ts";
import { tf } from "../../../src/engine/tf.ts";
import { groupNorm, layerNorm } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { testGolden } from "./golden.ts";

testGolden(
  "groupNorm",
  ({ x, scale, offset }, { options }) =>
    groupNorm(x, { ...options, scale, offset }),
);

testOnBackends("groupNorm() of two hand-computed groups", () => {
  tf.tidy(() => {
    // Two pixels, channels (a, b | c, d). First group 1, 3, 3, 1: mean 2,
    // variance 1. Second 0, 0, 8, 8: mean 4, variance 16. With epsilon 0.5625 =
    // 1.25² - 1 the first deviation is 1.25: ±0.8; the second √16.5625.
    const x = tf.tensor4d([1, 3, 0, 0, 3, 1, 8, 8], [1, 1, 2, 4]);
    const y = groupNorm(x, {
      groups: 2,
      scale: tf.tensor1d([1, 1, 1, 10]),
      offset: tf.tensor1d([0, 5, 0, 0]),
      epsilon: 0.5625,
    });
    const b = 4 / Math.sqrt(16.5625);
    assertClose(y, [[[[-0.8, 5.8, -b, -10 * b], [0.8, 4.2, b, 10 * b]]]]);
  });
});

testOnBackends(
  "groupNorm() of one image is that of the image among others, far from zero, too",
  () => {
    tf.tidy(() => {
      // A mean of 30 deviations: the statistics must not cancel.
      const x = tf.randomNormal<tf.Rank.R4>([1, 5, 7, 6], 30, 1, "float32", 4);
      const options = {
        groups: 2,
        scale: tf.linspace(1, 2, 6),
        offset: tf.linspace(-1, 1, 6),
        epsilon: 1e-6,
      };
      const both = groupNorm(tf.concat([x, tf.neg(x)]), options);
      const expected = tf.slice(both, [0], [1]);
      const alone = (x: tf.Tensor4D) => groupNorm(x, options);
      assertClose(alone(x), expected, 2e-5);
      const jitted = jit(alone);
      assertClose(jitted(x), expected, 2e-5);
      jitted.dispose();
    });
  },
);

testOnBackends("groupNorm() of one pixel and one group is layerNorm()", () => {
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([3, 1, 1, 8], 0, 1, "float32", 4);
    const scale = tf.linspace(1, 2, 8);
    const offset = tf.linspace(-1, 1, 8);
    const epsilon = 1e-5;
    assertClose(
      groupNorm(x, { groups: 1, scale, offset, epsilon }),
      layerNorm(x, { scale, offset, epsilon }),
    );
  });
});

testOnBackends(
  "groupNorm() refuses groups that do not divide the channels",
  () => {
    tf.tidy(() => {
      const x = tf.zeros<tf.Rank.R4>([1, 2, 2, 6]);
      const scale = tf.ones<tf.Rank.R1>([6]);
      const offset = tf.zeros<tf.Rank.R1>([6]);
      const act = "Cannot apply group normalisation as";
      for (const groups of [4, 0, 1.5, -2]) {
        assertThrows(
          () => groupNorm(x, { groups, scale, offset }),
          RangeError,
          `${act} 'groups' must be a whole number that divides the 6 channels: current value is ${groups}`,
        );
      }
      assertThrows(
        () => groupNorm(x, { groups: 2, scale: tf.ones([2]), offset }),
        TypeError,
        `${act} 'scale' must be of shape [6]: current value is shape [2]`,
      );
    });
  },
);
