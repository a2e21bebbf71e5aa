import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { pairDistances } from "../../src/metrics/pair_distances.ts";

const features = {
  data: new Float32Array([3, 0, 0, 7, -1, 0, 1, 1]),
  width: 2,
};

Deno.test("pairDistances() are 2 - 2 cos of the angle, whatever the norms", () => {
  const distances = pairDistances(features, {
    first: new Int32Array([0, 0, 0, 0]),
    second: new Int32Array([0, 1, 2, 3]),
    same: new Uint8Array(4),
  });
  assertEquals([...distances].slice(0, 3), [0, 2, 4]);
  assertAlmostEquals(distances[3], 2 - Math.SQRT2, 1e-12);
});

Deno.test("pairDistances() names an index that is not there", () => {
  const pairs = {
    first: new Int32Array([0]),
    second: new Int32Array([4]),
    same: new Uint8Array(1),
  };
  assertThrows(
    () => pairDistances(features, pairs),
    RangeError,
    "Cannot verify as 'pairs.second[0]' must be a whole number at least 0 and at most 3: current value is 4",
  );
});
