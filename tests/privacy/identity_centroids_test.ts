import { assertEquals, assertThrows } from "@std/assert";
import { identityCentroids } from "../../src/privacy/mod.ts";

Deno.test("identityCentroids() averages directions, whatever the norms", () => {
  const data = new Float32Array([10, 0, 0, 0.5, 3, 4, 0, 0]);
  const { data: centroids, width } = identityCentroids(
    { data, width: 2 },
    [1, 1, 0, 0],
    3,
  );
  assertEquals(width, 2);
  // (0.6, 0.8) and zeros; (1, 0) and (0, 1); nobody.
  [0.3, 0.4, 0.5, 0.5, 0, 0].forEach((value, i) =>
    assertEquals(Math.abs(centroids[i] - value) < 1e-7, true)
  );
});

Deno.test("identityCentroids() refuses labels that do not fit", () => {
  const features = { data: new Float32Array([1, 0]), width: 2 };
  assertThrows(() => identityCentroids(features, [], 1), TypeError, "labels");
  assertThrows(() => identityCentroids(features, [1], 1), RangeError, "labels");
});
