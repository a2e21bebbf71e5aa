import { assertEquals, assertThrows } from "@std/assert";
import { pictureSheet } from "../../src/data/mod.ts";

/** Pictures of one row of two pixels each; picture k has the values k and k + 0.5 in all channels. */
const strips = (count: number) => ({
  images: Float32Array.from(
    { length: count * 6 },
    (_, i) => Math.floor(i / 6) / 8 + (i % 6 < 3 ? 0 : 0.5),
  ),
  height: 1,
  width: 2,
  count,
  labels: new Int32Array(count),
  identities: ["ada"],
  paths: Array.from({ length: count }, (_, i) => `${i}.png`),
  problems: [],
});

Deno.test("pictureSheet() lays pictures out row by row and fills the rest with black", () => {
  const { pixels, height, width } = pictureSheet(strips(3), 2);
  assertEquals([height, width], [2, 4]);
  const red = [...pixels].filter((_, i) => i % 3 === 0);
  assertEquals(red, [0, 0.5, 0.125, 0.625, 0.25, 0.75, -1, -1]);
});

Deno.test("pictureSheet() refuses no pictures and no columns", () => {
  assertThrows(() => pictureSheet(strips(0), 2), RangeError, "'images'");
  assertThrows(() => pictureSheet(strips(1), 0), RangeError, "'columns'");
});
