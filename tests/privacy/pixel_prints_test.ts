import { assertEquals, assertThrows } from "@std/assert";
import { addPrint, pixelPrints, printOf } from "../../src/privacy/mod.ts";

Deno.test("addPrint() keeps grey levels, a half of a digest, and each image in its place", () => {
  const prints = pixelPrints(2);
  const image = (r: number, g: number, b: number) =>
    new Float32Array(Array.from({ length: 64 * 32 }, () => [r, g, b]).flat());
  addPrint(prints, 1, image(1, -1, -1), 64);
  addPrint(prints, 0, image(0, 0, 0), 64);
  // Red counts 0.299: 0.299 * 255 = 76.2; the middle is 127.5.
  assertEquals(new Set(printOf(prints, 1)), new Set([76]));
  assertEquals(new Set(printOf(prints, 0)), new Set([128]));
  assertEquals(prints.digests.map(({ length }) => length), [32, 32]);
  assertEquals(new Set(prints.digests).size, 2);
});

Deno.test("addPrint() refuses what is no image", () => {
  const prints = pixelPrints(1);
  const pixels = new Float32Array(10);
  assertThrows(() => addPrint(prints, 0, pixels, 2), TypeError, "pixels");
  assertThrows(() => addPrint(prints, 1, pixels, 2), RangeError, "index");
  assertThrows(() => pixelPrints(0), RangeError, "count");
});
