import { assertThrows } from "@std/assert";
import { checkStudyPrivacy } from "../../src/stages/mod.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

// 8 people with 4 images to train on, 4 people with 4 as control: 48 · 47 / 2 - 12 · 6 = 1,056 pairs; 1e-2 takes 1,000.
Deno.test("checkStudyPrivacy() counts the pairs that thresholds are set by", () => {
  const images = tinyFaces(12, 4);
  const check = (falseMatchRate: number, dropRate: number) =>
    checkStudyPrivacy(images, {
      data: { testFraction: 1 / 3, trainCount: 4 },
      falseMatchRate,
      curves: { dropRates: [1e-2, dropRate] },
    });
  check(1e-2, 1e-2);
  for (const [rate, drop] of [[9e-3, 1e-2], [1e-2, 9e-3]]) {
    assertThrows(
      () => check(rate, drop),
      RangeError,
      "'images' must make at least 1112 pairs of different people for a false-match rate: current value is 1056",
    );
  }
});
