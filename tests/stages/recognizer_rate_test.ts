import { assertEquals, assertThrows } from "@std/assert";
import { rateOf } from "../../src/stages/recognizer_rate.ts";
import { assertClose } from "../support/assert_close.ts";

Deno.test("rateOf() warms up over a tenth and falls along a cosine unless said otherwise", () => {
  const rate = rateOf({ steps: 20, rate: 1 });
  assertClose([0, 1, 2, 11].map(rate), [0.5, 1, 1, 0.5]);
  // At most 50 steps of warm-up.
  assertEquals(rateOf({ steps: 10_000 })(49), 0.05);
});

Deno.test("rateOf() steps down at shares of the training", () => {
  const schedule = {
    shape: "step",
    milestones: [0.5, 0.75],
    factor: 0.5,
    warmup: 0,
  } as const;
  const rate = rateOf({ steps: 8, rate: 4, schedule });
  assertClose([0, 3, 4, 5, 6, 7].map(rate), [4, 4, 2, 2, 1, 1]);
});

Deno.test("rateOf() refuses what cannot be", () => {
  const refused = (options: object, message: string) =>
    assertThrows(
      () => rateOf({ steps: 10, ...options }),
      RangeError,
      message,
    );
  refused({ rate: 0 }, "'rate'");
  refused({ schedule: { shape: "linear" } }, "'schedule.shape'");
  refused({ schedule: { warmup: 1.5 } }, "'schedule.warmup'");
  refused({ schedule: { shape: "step", milestones: [2] } }, "milestones[0]");
  refused({ schedule: { shape: "step", factor: 0 } }, "'schedule.factor'");
  refused({ schedule: { floor: 2 } }, "'schedule.floor'");
});
