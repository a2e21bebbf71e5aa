import { assert, assertEquals } from "@std/assert";
import {
  cropPicture,
  mirror,
  standardize,
} from "../../src/privacy/crop_picture.ts";
import { assertClose } from "../support/assert_close.ts";

Deno.test("cropPicture() averages where it shrinks", () => {
  const picture = [
    [0, 2, 4, 6],
    [2, 4, 6, 8],
    [8, 8, 0, 0],
    [8, 8, 0, 4],
  ].flat();
  assertClose(cropPicture(picture, 4, 2), [2, 6, 8, 1]);
  // The lower right three quarters: rows and columns 1 to 3, each of the two halves one and a half wide.
  const part = cropPicture(picture, 4, 2, {
    share: 0.75,
    top: 0.25,
    left: 0.25,
  });
  // Upper left: (4 + 6/2 + 8/2 + 0/4) / 2.25.
  assertClose(part[0], 11 / 2.25);
});

// Means over parts of pixels put each place at most an eighth of a pixel away: 0.02 across, 0.06 down.
Deno.test("cropPicture() of a plane gives the plane's values, whatever the size and the part", () => {
  const [height, width] = [10, 20];
  const plane = Array.from(
    { length: height * width },
    (_, i) =>
      3 * (i % width + 0.5) / width +
      5 * (Math.floor(i / width) + 0.5) / height,
  );
  for (const size of [3, 8, 15]) {
    const crop = { share: 0.6, top: 0.2, left: 0.3 };
    const part = cropPicture(plane, height, size, crop);
    for (let i = 0; i < size * size; i++) {
      const x = crop.left + crop.share * (i % size + 0.5) / size;
      const y = crop.top + crop.share * (Math.floor(i / size) + 0.5) / size;
      assert(Math.abs(part[i] - 3 * x - 5 * y) < 0.08);
    }
  }
});

Deno.test("mirror() turns left and right, standardize() leaves flat pictures alone", () => {
  assertEquals([...mirror([1, 2, 3, 4, 5, 6, 7, 8, 9], 3)], [
    3,
    2,
    1,
    6,
    5,
    4,
    9,
    8,
    7,
  ]);
  const unit = standardize(new Float64Array([1, 3, 5, 7]), 0.1);
  assertClose(unit.reduce((a, b) => a + b), 0);
  assertClose(unit.reduce((a, b) => a + b * b, 0), 1);
  assertEquals([...standardize(new Float64Array([4, 4.1]), 0.1)], [0, 0]);
});
