import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { renderDeadLeaves } from "../../src/world/mod.ts";

const PICTURES = Array.from(
  { length: 24 },
  (_, i) => renderDeadLeaves(randomStream(21, i), { grayscale: 1 }),
);

Deno.test("renderDeadLeaves() gives equal pixels for equal streams, in [-1, 1]", () => {
  assertEquals(
    renderDeadLeaves(randomStream(21, 2), { grayscale: 1 }),
    PICTURES[2],
  );
  assert(
    PICTURES.every((picture) =>
      picture.every((value) => value >= -1 && value <= 1)
    ),
  );
  assert(PICTURES[2].some((value, i) => value !== PICTURES[3][i]));
});

Deno.test("renderDeadLeaves() shows the same leaves at every size", () => {
  const large = renderDeadLeaves(randomStream(22), { size: 64 });
  const small = renderDeadLeaves(randomStream(22), { size: 32 });
  const other = renderDeadLeaves(randomStream(23), { size: 32 });
  const difference = (picture: Float32Array): number => {
    let sum = 0;
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        let mean = 0;
        for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
          mean += large[((2 * y + dy) * 64 + 2 * x + dx) * 3] / 4;
        }
        sum += Math.abs(mean - picture[(y * 32 + x) * 3]);
      }
    }
    return sum / 1024;
  };
  assert(difference(small) < 0.5 * difference(other));
});

Deno.test("grey leaves have equal channels", () => {
  for (const picture of PICTURES) {
    for (let i = 0; i < picture.length; i += 3) {
      assert(picture[i] === picture[i + 1] && picture[i] === picture[i + 2]);
    }
  }
});

// Natural images have a power spectrum near 1/f^2 (Field 1987): each doubling of the frequency quarters the power.
Deno.test("the power spectrum of leaves falls about as that of photographs", () => {
  const power = [2, 4, 8, 16].map((frequency) => {
    let sum = 0;
    for (const picture of PICTURES) {
      for (let row = 0; row < 64; row++) {
        let re = 0;
        let im = 0;
        for (let x = 0; x < 64; x++) {
          // Hann window, so that the picture's border is no edge.
          const value = picture[(row * 64 + x) * 3] *
            (1 - Math.cos(2 * Math.PI * (x + 0.5) / 64));
          re += value * Math.cos(2 * Math.PI * frequency * x / 64);
          im += value * Math.sin(2 * Math.PI * frequency * x / 64);
        }
        sum += re * re + im * im;
      }
    }
    return sum;
  });
  // Along rows, 1/f^2 in the plane leaves about 1/f to 1/f^2 on the line.
  const exponent = Math.log2(power[0] / power[3]) / 3;
  assert(exponent > 0.7 && exponent < 2.6, `exponent is ${exponent}`);
  assert(power[0] > power[1] && power[1] > power[2] && power[2] > power[3]);
});

Deno.test("renderDeadLeaves() refuses numbers out of range", () => {
  assertThrows(
    () => renderDeadLeaves(randomStream(1), { size: 3 }),
    RangeError,
    "Cannot render dead leaves as 'size' must be an integer of at least 4: current value is 3",
  );
  assertThrows(
    () => renderDeadLeaves(randomStream(1), { grayscale: -1 }),
    RangeError,
    "'grayscale'",
  );
});
