import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { augment } from "../../src/data/augment.ts";

const random = randomStream(5, "augment");

// One image whose pixel (y, x) is 10 y + x in all channels.
function ramp(height: number, width: number): Float32Array {
  return Float32Array.from({ length: height * width * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return 10 * Math.floor(pixel / width) + pixel % width;
  });
}

const red = (pixels: Float32Array) => [...pixels].filter((_, i) => i % 3 === 0);

Deno.test("a flip mirrors left and right", () => {
  const size = { height: 2, width: 3, random };
  const flipped = augment(ramp(2, 3), { ...size, flip: 1 });
  assertEquals(red(flipped), [2, 1, 0, 12, 11, 10]);
  assertEquals(augment(ramp(2, 3), { ...size, flip: 0 }), ramp(2, 3));
});

Deno.test("a padded crop shifts the image and fills what it uncovers", () => {
  const base = { height: 3, width: 4, flip: 0, padding: 2 };
  const seen = new Set<string>();
  for (let i = 0; i < 400; i++) {
    const own = random.fork("crop", i);
    const shifted = red(
      augment(ramp(3, 4), { ...base, paddingValue: -7, random: own }),
    );
    const edge = red(augment(ramp(3, 4), { ...base, random: own }));
    // Find the shift from any pixel that shows the original.
    const at = shifted.findIndex((v) => v !== -7);
    const down = Math.floor(shifted[at] / 10) - Math.floor(at / 4);
    const right = shifted[at] % 10 - at % 4;
    seen.add(`${down},${right}`);
    for (let y = 0; y < 3; y++) {
      for (let x = 0; x < 4; x++) {
        const [inY, inX] = [y + down, x + right];
        const inside = inY >= 0 && inY < 3 && inX >= 0 && inX < 4;
        const near = 10 * Math.min(Math.max(inY, 0), 2) +
          Math.min(Math.max(inX, 0), 3);
        assertEquals(shifted[y * 4 + x], inside ? near : -7);
        assertEquals(edge[y * 4 + x], near);
      }
    }
  }
  // All 5 x 5 shifts come up.
  assertEquals(seen.size, 25);
});

Deno.test("erasing fills one rectangle of the wanted area", () => {
  const size = { height: 20, width: 10 };
  const image = new Float32Array(20 * 10 * 3).fill(1);
  const areas: number[] = [];
  for (let i = 0; i < 200; i++) {
    const erased = red(augment(image, {
      ...size,
      erase: 1,
      eraseArea: [0.1, 0.3],
      eraseValue: -0.5,
      random: random.fork("erase", i),
    }));
    const hit = erased.flatMap((v, at) => v === -0.5 ? [at] : []);
    const ys = hit.map((at) => Math.floor(at / 10));
    const xs = hit.map((at) => at % 10);
    const tall = Math.max(...ys) - Math.min(...ys) + 1;
    const wide = Math.max(...xs) - Math.min(...xs) + 1;
    assertEquals(hit.length, tall * wide);
    areas.push(hit.length / 200);
  }
  // Rounding of the sides moves the area a little.
  assert(Math.min(...areas) > 0.07 && Math.max(...areas) < 0.36);
  const mean = areas.reduce((a, b) => a + b) / areas.length;
  assert(Math.abs(mean - 0.2) < 0.02, `${mean}`);
});

Deno.test("image i depends on the stream and i, not on the batch or other options", () => {
  const options = { height: 4, width: 4, padding: 1, random };
  const batch = Float32Array.from({ length: 5 * 48 }, (_, i) => i / 240);
  const whole = augment(batch, options);
  assertEquals(augment(batch.slice(0, 96), options), whole.slice(0, 96));
  assertEquals(augment(batch, { ...options, erase: 0 }), whole);
  const noFlip = augment(batch, { ...options, flip: 0 });
  const flips = [0, 1, 2, 3, 4].map((i) =>
    whole.slice(i * 48, i * 48 + 48).join() !==
      noFlip.slice(i * 48, i * 48 + 48).join()
  );
  assert(flips.includes(true) && flips.includes(false));
});

Deno.test("the input is left as it is and bad options are refused", () => {
  const image = ramp(2, 3);
  augment(image, { height: 2, width: 3, padding: 1, erase: 1, random });
  assertEquals(image, ramp(2, 3));
  const size = { height: 2, width: 3, random };
  assertThrows(
    () => augment(image, { ...size, flip: 2 }),
    RangeError,
    "'flip'",
  );
  assertThrows(
    () => augment(image, { ...size, padding: 0.5 }),
    RangeError,
    "'padding'",
  );
  assertThrows(
    () => augment(image.slice(1), size),
    TypeError,
    "'pixels' must be of length 0",
  );
});
