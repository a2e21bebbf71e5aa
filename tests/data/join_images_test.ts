import { assertEquals, assertThrows } from "@std/assert";
import { byteImageSet, type ImageSet, joinImages } from "../../src/data/mod.ts";

const rest = (...names: string[]): Omit<ImageSet, "images"> => ({
  height: 1,
  width: 1,
  count: names.length,
  labels: Int32Array.from(names.keys()),
  identities: names,
  paths: names.map((name) => `${name}/1.png`),
  problems: [`of ${names[0]}`],
});
const bytes = byteImageSet(new Uint8Array([0, 255, 0]), rest("ada"));
const others = byteImageSet(
  new Uint8Array([255, 0, 0, 0, 0, 255]),
  rest("bo", "cy"),
);
const pixels = { images: new Float32Array([0.5, 0, -0.5]), ...rest("dan") };

Deno.test("joinImages() appends images, and labels behind those of the first", () => {
  const set = joinImages(bytes, others);
  assertEquals([...set.labels], [0, 1, 2]);
  assertEquals(set.identities, ["ada", "bo", "cy"]);
  assertEquals(set.paths, ["ada/1.png", "bo/1.png", "cy/1.png"]);
  assertEquals(set.problems, ["of ada", "of bo"]);
  assertEquals([...set.images], [-1, 1, -1, 1, -1, -1, -1, -1, 1]);
});

Deno.test("joinImages() takes bytes and pixels together", () => {
  const { images, count } = joinImages(pixels, bytes);
  assertEquals([count, ...images], [2, 0.5, 0, -0.5, -1, 1, -1]);
});

Deno.test("joinImages() refuses other sizes and people who are in both", () => {
  assertThrows(
    () => joinImages(bytes, bytes),
    RangeError,
    "current value is one with 'ada', too",
  );
  const wide = { ...rest("eve"), width: 2, images: new Float32Array(6) };
  assertThrows(
    () => joinImages(bytes, wide),
    TypeError,
    "must be of 1 x 1: current value is 1 x 2",
  );
});
