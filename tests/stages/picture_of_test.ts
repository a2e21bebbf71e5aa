import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "../../src/io/mod.ts";
import { pictureOf } from "../../src/stages/mod.ts";
import { proceduralFaces } from "../../src/world/mod.ts";

const faces = proceduralFaces({
  identities: 1,
  imagesPerIdentity: 2,
  size: 16,
});

Deno.test("pictureOf() takes the image that is asked for, as it is", async () => {
  const { png } = await pictureOf(faces, 1);
  const { pixels, height, width } = await decodeImage(png);
  assertEquals([height, width], [16, 16]);
  const own = faces.images.subarray(16 * 16 * 3);
  // Rounded to a byte: half of 2 / 255.
  assert(pixels.every((value, i) => Math.abs(value - own[i]) < 0.004));
});

Deno.test("pictureOf() blurs to squares of an eighth, whose means stay", async () => {
  const { png } = await pictureOf(faces, 0, true);
  const { pixels } = await decodeImage(png);
  const red = (y: number, x: number) => pixels[(y * 16 + x) * 3];
  assertEquals([red(0, 1), red(1, 0), red(1, 1)], Array(3).fill(red(0, 0)));
  const own = [0, 1, 16, 17].map((at) => faces.images[at * 3]);
  const mean = own.reduce((sum, value) => sum + value, 0) / 4;
  assert(Math.abs(red(0, 0) - mean) < 0.004);
});

Deno.test("pictureOf() refuses an image that is not there", async () => {
  await assertRejects(() => pictureOf(faces, 2), RangeError, "indices");
});
