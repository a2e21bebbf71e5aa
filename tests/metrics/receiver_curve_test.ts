import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { receiverCurve } from "../../src/metrics/receiver_curve.ts";

Deno.test("a perfect order has area 1 and error 0, a reversed one the opposite", () => {
  const perfect = receiverCurve([1, 2, 3, 4], [1, 1, 0, 0], [0.5]);
  assertEquals(perfect.areaUnderCurve, 1);
  assertEquals(perfect.equalErrorRate, 0);
  const reversed = receiverCurve([1, 2, 3, 4], [0, 0, 1, 1], [0.5]);
  assertEquals(reversed.areaUnderCurve, 0);
  assertEquals(reversed.equalErrorRate, 1);
});

Deno.test("equal distances are accepted together and count half", () => {
  const { areaUnderCurve, equalErrorRate } = receiverCurve(
    [7, 7, 7, 7, 7],
    [1, 0, 0, 1, 0],
    [],
  );
  assertEquals(areaUnderCurve, 0.5);
  assertEquals(equalErrorRate, 0.5);
});

Deno.test("points on a straight line are left out", () => {
  // same, same, different, different, then one of each at the same distance, twice: a slope.
  const { points } = receiverCurve(
    [1, 2, 3, 4, 5, 5, 6, 6],
    [1, 1, 0, 0, 1, 0, 0, 1],
    [],
  );
  assertEquals(points, [[0, 0], [0, 0.5], [0.5, 0.5], [1, 1]]);
});

Deno.test("area, error and rates of four pairs by hand", () => {
  // In order: same, different, same, different. Points (false, true accepts): (0, 1/2), (1/2, 1/2), (1/2, 1), (1, 1).
  const curve = receiverCurve([0.4, 0.1, 0.3, 0.2], [0, 1, 1, 0], [
    0.5,
    0.6,
    0.4,
  ]);
  // Of the four combinations, only "same 0.3 against different 0.2" is the wrong way round.
  assertEquals(curve.areaUnderCurve, 3 / 4);
  // At (1/2, 1/2) half of each kind is judged wrongly.
  assertEquals(curve.equalErrorRate, 0.5);
  assertEquals(curve.trueAcceptRates, [
    { falseAcceptRate: 0.5, trueAcceptRate: 1 },
    { falseAcceptRate: 0.6, trueAcceptRate: 1 },
  ]);
  assertEquals(curve.absent, {
    "TAR@FAR=4e-1": "2 different pairs cannot measure a rate of 0.4.",
  });
  assertEquals(curve.points, [[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]]);
});

Deno.test("the area of two shifted normal distributions is Φ(shift / sqrt 2)", () => {
  const n = 20_000;
  const noise = randomStream(1).normals(2 * n);
  const same = Uint8Array.from({ length: 2 * n }, (_, i) => i % 2);
  const distances = noise.map((v, i) => v + (same[i] ? 0 : 1));
  const { areaUnderCurve, equalErrorRate } = receiverCurve(distances, same, []);
  // Φ(0.70711) = 0.76025, and errors are equal halfway: Φ(-1/2) = 0.30854. Standard errors about 0.003.
  assertAlmostEquals(areaUnderCurve, 0.76025, 0.01);
  assertAlmostEquals(equalErrorRate, 0.30854, 0.01);
});

Deno.test("receiverCurve() refuses one kind of pairs and broken distances", () => {
  assertThrows(
    () => receiverCurve([1, 2], [1, 1], []),
    RangeError,
    "2 same, 0",
  );
  assertThrows(() => receiverCurve([1, 2], [1], []), TypeError, "'same'");
  assertThrows(
    () => receiverCurve([1, 2], [1, 0], [0.5, 0]),
    RangeError,
    "'falseAcceptRates[1]'",
  );
  assertThrows(
    () => receiverCurve([1, Infinity], [1, 0], []),
    RangeError,
    "'distances[1]'",
  );
});
