import { assertEquals, assertThrows } from "@std/assert";
import { startVariations } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const random = randomStream(2);

testOnBackends(
  "startVariations() spreads about the reference by σ_0, variation a the same whatever their number",
  () => {
    using reference = owned(tf.tensor1d([10, 0, -3]));
    using few = owned(startVariations(reference.value, { count: 2, random }));
    using many = owned(startVariations(reference.value, { count: 5, random }));
    assertEquals(
      few.value.arraySync(),
      many.value.arraySync().slice(0, 2),
    );
    using wide = owned(
      startVariations(reference.value, { count: 5, random, spread: 1 }),
    );
    // 0.2 unless given: a fifth of the same noise.
    const shift = (w: tf.Tensor2D, by: number) =>
      tf.tidy(() => tf.mul(by, tf.sub(w, reference.value)));
    using narrow = owned(shift(many.value, 5));
    using full = owned(shift(wide.value, 1));
    assertClose(narrow.value, full.value, 1e-5);
    using none = owned(
      startVariations(reference.value, { count: 2, random, spread: 0 }),
    );
    assertClose(none.value, [[10, 0, -3], [10, 0, -3]], 0);
  },
);

testOnBackends("startVariations() refuses numbers out of range", () => {
  using reference = owned(tf.tensor1d([1]));
  const start = (options: { count: number; spread?: number }) => () =>
    startVariations(reference.value, { random, ...options });
  assertThrows(start({ count: 0 }), RangeError, "'count'");
  assertThrows(start({ count: 1, spread: -1 }), RangeError, "'spread'");
});
