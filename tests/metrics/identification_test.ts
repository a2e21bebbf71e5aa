import { assertEquals, assertThrows } from "@std/assert";
import { identification } from "../../src/metrics/identification.ts";

// Prototypes: label 3 along (1, 1) / sqrt 2 (mean of both axes), label 8 along (-1, 0).
const gallery = {
  data: new Float32Array([5, 0, 0, 0.1, -2, 0]),
  width: 2,
  labels: [3, 3, 8],
};

Deno.test("identification() finds the nearest prototype of unit-length features", () => {
  // The third lies nearer to (-1, 0): its cosine with (1, 1) is negative. It is labelled wrongly.
  const probes = {
    data: new Float32Array([1, 1, 0, 9, -1, 0.5, -3, -0.1]),
    width: 2,
    labels: [3, 3, 3, 8],
  };
  const { accuracy, chance, nearest } = identification(probes, gallery);
  assertEquals([...nearest], [3, 3, 8, 8]);
  assertEquals(accuracy, 3 / 4);
  assertEquals(chance, 1 / 2);
});

Deno.test("identification() refuses features that do not belong together", () => {
  const wide = { data: new Float32Array(3), width: 3, labels: [3] };
  assertThrows(
    () => identification(wide, gallery),
    TypeError,
    "Cannot identify as 'probes.width' must be 2 as in the gallery: current value is 3",
  );
  assertThrows(
    () => identification({ ...gallery, labels: [3] }, gallery),
    TypeError,
    "'probes.labels' must be of length 3",
  );
  const none = { data: new Float32Array(), width: 2, labels: [] };
  assertThrows(() => identification(none, gallery), RangeError, "'probes'");
  assertThrows(() => identification(gallery, none), RangeError, "'gallery'");
});
