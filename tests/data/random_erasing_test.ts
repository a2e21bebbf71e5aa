import { assert, assertEquals, assertThrows } from "@std/assert";
import type { RandomStream } from "../../src/core/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { drawRectangle } from "../../src/data/mod.ts";

/** A stream that gives these numbers, uniform ones and whole ones in turn. */
function scripted(uniforms: number[], integers: number[]): RandomStream {
  return {
    uniform: () => uniforms.shift()!,
    integer: () => integers.shift()!,
  } as Partial<RandomStream> as RandomStream;
}

Deno.test("the rectangle by hand", () => {
  // Area 0.02 + 0.38 · 0.5 = 0.21 of 20 · 10: 42. Aspect 0.5 + 1.5 · 0.5 = 1.25.
  // √(42 · 1.25) = 7.25 -> 7 high, √(42 / 1.25) = 5.80 -> 6 wide.
  const random = scripted([0.5, 0.5], [3, 2]);
  assertEquals(
    drawRectangle(random, { height: 20, width: 10, aspect: 0.5 }),
    { top: 3, left: 2, bottom: 10, right: 8 },
  );
});

Deno.test("one as wide as the image is drawn anew", () => {
  // First 0.4 of 16, aspect 0.3: 1 high, 5 wide on 4. Then 0.02: 0.32, aspect about 1: 1 by 1.
  const random = scripted([1, 0, 0, 0.25], [0, 3]);
  assertEquals(
    drawRectangle(random, { height: 4, width: 4 }),
    { top: 0, left: 3, bottom: 1, right: 4 },
  );
});

Deno.test("an image that no rectangle fits is left whole after 100 tries", () => {
  let tries = 0;
  const random = {
    uniform: () => (tries++, 0.5),
    integer: () => 0,
  } as Partial<RandomStream> as RandomStream;
  assertEquals(drawRectangle(random, { height: 1, width: 1 }), undefined);
  assertEquals(tries, 200);
});

Deno.test("areas and places are spread as published", () => {
  const size = { height: 64, width: 64 };
  const random = randomStream(2, "erase");
  const found = Array.from(
    { length: 3000 },
    (_, i) => drawRectangle(random.fork(i), size)!,
  );
  const areas = found.map((r) =>
    (r.bottom - r.top) * (r.right - r.left) / 4096
  );
  const mean = areas.reduce((a, b) => a + b) / 3000;
  // U(0.02, 0.4) has mean 0.21; those too long for the image are the large ones, about a thirtieth.
  assert(mean > 0.195 && mean < 0.212, `${mean}`);
  assert(Math.min(...areas) > 0.015 && Math.max(...areas) < 0.41);
  const slack = found.map((r) => [r.top, 64 - r.bottom, r.left, 64 - r.right]);
  assert(slack.every((sides) => sides.every((side) => side >= 0)));
  assert([0, 1, 2, 3].every((i) => slack.some((sides) => sides[i] === 0)));
});

Deno.test("impossible areas are refused", () => {
  const random = randomStream(2);
  const size = { height: 8, width: 8, random };
  for (const area of [[-0.1, 0.4], [0.5, 0.4], [0.1, 1.1]] as const) {
    assertThrows(() => drawRectangle(random, { ...size, area }), RangeError);
  }
  assertThrows(
    () => drawRectangle(random, { ...size, aspect: 0 }),
    RangeError,
    "'aspect'",
  );
});
