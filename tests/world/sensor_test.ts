import { assert } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { faceNuisance } from "../../src/world/mod.ts";
import { coarsen, developPicture, meterSkin } from "../../src/world/sensor.ts";
import { assertClose } from "../support/assert_close.ts";

const CLEAN = faceNuisance(randomStream(51), { cameraRange: 0, grayscale: 0 });

Deno.test("developPicture() averages squares of four and applies gamma 2.2", () => {
  // One square of light 0, 0.2, 0.4, 0.6: mean 0.3, display 0.3^(1/2.2), range 2x - 1.
  const light = new Float32Array([0, 0.2, 0.4, 0.6].flatMap((v) => [v, v, v]));
  const expected = 2 * 0.3 ** (1 / 2.2) - 1;
  assertClose(
    developPicture(light, { width: 1, height: 1, nuisance: CLEAN }),
    [expected, expected, expected],
  );
});

Deno.test("developPicture() doubles the light per stop and by the meter", () => {
  const light = new Float32Array(12).fill(0.1);
  const twice = 2 * 0.2 ** (1 / 2.2) - 1;
  const stop = { ...CLEAN, exposure: 1 };
  assertClose(developPicture(light, { width: 1, height: 1, nuisance: stop }), [
    twice,
    twice,
    twice,
  ]);
  assertClose(
    developPicture(light, { width: 1, height: 1, nuisance: CLEAN, meter: 2 }),
    [twice, twice, twice],
  );
});

Deno.test("grey is 0.299 R + 0.587 G + 0.114 B of the display values", () => {
  const light = new Float32Array(12);
  for (let i = 0; i < 12; i += 3) light[i] = 0.5;
  const red = 2 * 0.5 ** (1 / 2.2) - 1;
  const grey = 0.299 * red - 0.701;
  const nuisance = { ...CLEAN, grayscale: 1 };
  assertClose(developPicture(light, { width: 1, height: 1, nuisance }), [
    grey,
    grey,
    grey,
  ]);
});

Deno.test("noise has the stated deviation, blur keeps the mean of light", () => {
  const side = 64;
  const flat = new Float32Array(side * side * 12).fill(0.2);
  const noisy = developPicture(flat, {
    width: side,
    height: side,
    nuisance: { ...CLEAN, noise: 0.1, grayscale: 1 },
  });
  const level = 2 * 0.2 ** (1 / 2.2) - 1;
  const reds = noisy.filter((_, i) => i % 3 === 0);
  const mean = reds.reduce((sum, value) => sum + value, 0) / reds.length;
  const deviation = Math.sqrt(
    reds.reduce((sum, value) => sum + (value - mean) ** 2, 0) / reds.length,
  );
  assertClose(mean, level, 0.006);
  assertClose(deviation, 0.1, 0.006);
  const blurred = developPicture(flat, {
    width: side,
    height: side,
    nuisance: { ...CLEAN, blur: 0.02 },
  });
  assertClose(blurred, new Float32Array(blurred.length).fill(level), 1e-4);
});

Deno.test("the meter evens out 0.4 of a difference in tone, in stops", () => {
  // A quarter of the tone, two stops: 4^0.4 times the gain.
  const bright = meterSkin([0.4, 0.4, 0.4], CLEAN);
  const dark = meterSkin([0.1, 0.1, 0.1], CLEAN);
  assert(Math.abs(dark / bright - 4 ** 0.4) < 0.02);
});

Deno.test("a coarse camera averages, keeps the mean, and leaves a flat picture alone", () => {
  const flat = new Float32Array(6 * 4 * 3).fill(0.25);
  assertClose(coarsen(flat, { width: 6, height: 4, factor: 2 }), [...flat]);
  // One row of 4: averaged to 2 (0.5 and 2.5), enlarged with weights 1/4 and 3/4 between their middles.
  const row = Float32Array.from([0, 1, 2, 3].flatMap((v) => [v, v, v]));
  const expected = [0.5, 1, 2, 2.5].flatMap((v) => [v, v, v]);
  assertClose(coarsen(row, { width: 4, height: 1, factor: 2 }), expected);
  assert(coarsen(row, { width: 4, height: 1, factor: 1 }) === row);
});
