import { assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { generalizedMean } from "../../src/models/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const pooled = (power: number, learned: boolean, map: tf.Tensor4D) => {
  const pool = generalizedMean("pool", { power, learned });
  return pool.apply(pool.init(randomStream(1)), map);
};

// Of 1 and 7: the mean 4, the root of 25, the cube root of 172; negative values count as 0.
testOnBackends(
  "generalizedMean() is the p-th root of the mean of p-th powers",
  () => {
    tf.tidy(() => {
      const map = tf.tensor4d([[[[1], [7]]], [[[-3], [2]]]]);
      for (const learned of [false, true]) {
        assertClose(pooled(1, learned, map), [[4], [1]], 1e-5);
        assertClose(pooled(2, learned, map), [[5], [Math.SQRT2]], 1e-5);
        assertClose(
          pooled(3, learned, map),
          [[Math.cbrt(172)], [Math.cbrt(4)]],
          1e-5,
        );
      }
    });
  },
);

testOnBackends(
  "generalizedMean() keeps its power among the weights where it is learned",
  () => {
    const learned = generalizedMean("pool", { power: 3, learned: true });
    assertEquals(learned.shapes, { "pool.p": [1] });
    using params = owned(learned.init(randomStream(1)));
    assertClose(params.value["pool.p"], [3]);
    const fixed = generalizedMean("pool", { power: 3, learned: false });
    assertEquals(fixed.shapes, {});
    assertEquals(fixed.init(randomStream(1)), {});
  },
);

Deno.test("generalizedMean() refuses powers that are not above 0", () => {
  for (const power of [0, -1, NaN, Infinity]) {
    assertThrows(
      () => generalizedMean("pool", { power, learned: false }),
      RangeError,
      `'power' must be above 0: current value is ${power}`,
    );
  }
});
