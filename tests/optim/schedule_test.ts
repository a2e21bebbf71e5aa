import { assert, assertEquals } from "@std/assert";
import { cosineRate, stepRate } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";

Deno.test("cosineRate() falls along half a cosine", () => {
  const options = { peak: 2, steps: 8 };
  // cos(0), cos(45°), cos(90°), cos(135°), cos(180°)
  const root = Math.SQRT1_2;
  assertClose(
    [0, 2, 4, 6, 8].map((step) => cosineRate(step, options)),
    [2, 1 + root, 1, 1 - root, 0],
  );
});

Deno.test("cosineRate() warms up in equal steps and then begins at the peak", () => {
  const options = { peak: 1, steps: 14, warmup: 4 };
  assertClose(
    [0, 1, 2, 3, 4, 9, 14].map((step) => cosineRate(step, options)),
    [0.25, 0.5, 0.75, 1, 1, 0.5, 0],
  );
});

Deno.test("cosineRate() ends at the floor and stays there", () => {
  const options = { peak: 10, steps: 10, floor: 0.1 };
  assertClose(cosineRate(5, options), 10 * (0.1 + 0.9 * 0.5));
  assertEquals(cosineRate(10, options), 1);
  assertEquals(cosineRate(1000, options), 1);
});

Deno.test("cosineRate() never rises after the warm-up", () => {
  const options = { peak: 1, steps: 50, warmup: 5, floor: 0.01 };
  for (let step = 5; step < 60; step++) {
    assert(cosineRate(step + 1, options) <= cosineRate(step, options));
  }
  assertEquals(cosineRate(3, { peak: 1, steps: 0 }), 0); // no division by 0
});

Deno.test("stepRate() warms up and is stepped down at each milestone, as MultiStepLR", () => {
  const options = { peak: 2, milestones: [6, 4], factor: 0.5, warmup: 2 };
  assertClose(
    [0, 1, 2, 3, 4, 5, 6, 100].map((step) => stepRate(step, options)),
    [1, 2, 2, 2, 1, 1, 0.5, 0.5],
  );
});

Deno.test("a milestone of stepRate() within the warm-up counts, too", () => {
  const options = { peak: 1, milestones: [2], warmup: 4 };
  assertClose(
    [1, 2, 3, 4].map((step) => stepRate(step, options)),
    [0.5, 0.075, 0.1, 0.1],
  );
});
