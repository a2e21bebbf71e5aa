import { assert, assertEquals } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { closeDistances, unitDistances } from "../../src/rewards/distances.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { waves } from "./score.ts";
import { takeAll } from "./take.ts";

// East, north-east and west, of lengths 2, 5 and 1: from east 2 - 2 / sqrt(2) and 4, between the others 2 + 2 / sqrt(2).
const vectors = [[2, 0], [5 * Math.SQRT1_2, 5 * Math.SQRT1_2], [-1, 0]];
const [near, far] = [2 - Math.SQRT2, 2 + Math.SQRT2];
const within = [0, near, 4, near, 0, far, 4, far, 0];

testOnBackends("unitDistances() are those of the directions", () => {
  using x = owned(tf.tensor2d(vectors));
  using north = owned(tf.tensor2d([[0, 1]]));
  const found = takeAll(unitDistances(x.value, north.value));
  assertClose(found.within, within, 1e-6);
  assertClose(found.toReferences, [2, near, 2], 1e-6);
  assertClose(found.inverse, [0.5, 0.2, 1], 1e-6);
});

testOnBackends(
  "closeDistances() are the same, wherever they are measured from",
  () => {
    using x = owned(tf.tensor2d(vectors));
    using north = owned(tf.tensor2d([[0, 1]]));
    using origin = owned(tf.tensor2d([[0.25, -0.5]]));
    const found = takeAll(
      closeDistances(x.value, () => ({
        mean: tf.clone(origin.value),
        references: tf.sub(north.value, origin.value),
      })),
    );
    assertClose(found.within, within, 1e-6);
    assertClose(found.toReferences, [2, near, 2], 1e-6);
    assertClose(found.inverse, [0.5, 0.2, 1], 1e-6);
  },
);

testOnBackends("closeDistances() keep the digits of close vectors", () => {
  const angles = [0, 1e-4, 3e-4];
  using x = owned(
    tf.tensor2d(angles.map((a) => [Math.cos(a), Math.sin(a)])),
  );
  const found = takeAll(
    closeDistances(x.value, (unit) => {
      const mean = tf.mean(unit, 0, true);
      return { mean, references: tf.sub(unit, mean) };
    }),
  );
  const expected = angles.flatMap((a) => angles.map((b) => (a - b) ** 2));
  assertClose(
    found.within.map((d) => d * 1e8),
    expected.map((d) => d * 1e8),
    1e-2,
  );
});

testOnBackends(
  "unitDistances() of a zero vector are finite, with their gradient",
  () => {
    using x = owned(tf.tensor2d([[0, 0], [1, 0]]));
    using east = owned(tf.tensor2d([[1, 0]]));
    const slope = tf.grad((x) => {
      const { within, toReferences } = unitDistances(x, east.value);
      return tf.add(tf.sum(within), tf.sum(toReferences));
    });
    using slopes = owned(slope(x.value));
    assert(slopes.value.dataSync().every(Number.isFinite));
  },
);

testOnBackends("unitDistances() of a vector and itself are exactly 0", () => {
  const count = 20;
  using x = owned(tf.tensor2d(waves(count, 7)));
  const { within } = takeAll(unitDistances(x.value, x.value));
  const own = within.filter((_, i) => i % (count + 1) === 0);
  assertEquals(own, new Array(count).fill(0));
  assert(within.filter((d) => d === 0).length === count);
});
