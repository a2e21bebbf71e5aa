import { assertEquals, assertThrows } from "@std/assert";
import { unitFeatures } from "../../src/metrics/features.ts";

Deno.test("unitFeatures() scales rows and leaves zeros", () => {
  const data = new Float32Array([3, 4, 0, 0, 0, -2]);
  assertEquals([...unitFeatures({ data, width: 2 })], [0.6, 0.8, 0, 0, 0, -1]);
  assertEquals([...data], [3, 4, 0, 0, 0, -2]);
});

Deno.test("unitFeatures() refuses widths that do not fit and broken values", () => {
  const data = new Float32Array(6);
  for (
    const [width, wanted] of [[0, "'width'"], [2.5, "'width'"], [
      4,
      "'data.length / width'",
    ]] as const
  ) {
    assertThrows(() => unitFeatures({ data, width }), RangeError, wanted);
  }
  data[5] = Infinity;
  assertThrows(() => unitFeatures({ data, width: 3 }), RangeError, "'data[5]'");
});
