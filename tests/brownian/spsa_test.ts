import { assertEquals, assertThrows } from "@std/assert";
import { spsaPullBack } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const random = randomStream(6);

testOnBackends("spsaPullBack() is exact in one dimension", () => {
  const pullBack = spsaPullBack((w) => tf.mul(3, w), { random, samples: 1 });
  using w = owned(tf.tensor2d([[1], [2]]));
  using g = owned(tf.tensor2d([[2], [-1]]));
  const slope = pullBack(w.value, g.value);
  assertClose(slope, [[6], [-3]], 1e-4);
  slope.dispose();
});

testOnBackends("spsaPullBack() comes near Aᵀg", () => {
  using matrix = owned(tf.tensor2d([[1, 2, 0], [0, 1, -1]]));
  const pullBack = spsaPullBack(
    (w) => tf.matMul(w, matrix.value, false, true),
    { random, samples: 400, size: 0.1 },
  );
  using w = owned(tf.tensor2d([[1, 0, 2]]));
  using g = owned(tf.tensor2d([[1, 1]]));
  const slope = pullBack(w.value, g.value);
  // (1, 3, -1); the spread is √(10 / 400) or less.
  assertClose(slope, [[1, 3, -1]], 0.5);
  slope.dispose();
});

testOnBackends("spsaPullBack() of a row depends on the row alone", () => {
  const pullBack = spsaPullBack((w) => tf.square(w), { random, samples: 2 });
  using w = owned(tf.tensor2d([[1, 0, 2], [4, 3, 1]]));
  using g = owned(tf.tensor2d([[1, 1, 0], [0, 1, 2]]));
  const both = pullBack(w.value, g.value);
  using last = owned(tf.slice(w.value, [1, 0], [1, 3]));
  using own = owned(tf.slice(g.value, [1, 0], [1, 3]));
  const one = pullBack(last.value, own.value);
  assertEquals(one.arraySync()[0], both.arraySync()[1]);
  tf.dispose([both, one]);
});

Deno.test("spsaPullBack() refuses numbers out of range", () => {
  const make = (options: { size?: number; samples?: number }) => () =>
    spsaPullBack((w) => w, { random, ...options });
  assertThrows(make({ size: 0 }), RangeError, "'size'");
  assertThrows(make({ samples: 0 }), RangeError, "'samples'");
});
