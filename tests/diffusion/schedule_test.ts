import { assert, assertEquals, assertThrows } from "@std/assert";
import { diffusionSchedule } from "../../src/diffusion/mod.ts";
import golden from "../golden/diffusion.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";

for (const { kind, steps, alphaBars, last } of golden.schedules) {
  Deno.test(`the ${kind} schedule of ${steps} steps is NumPy's`, () => {
    const schedule = diffusionSchedule({
      kind: kind as "linear" | "cosine",
      steps,
    });
    assertEquals(schedule.steps, steps);
    assertEquals(schedule.betas.length, steps);
    const stride = Math.max(1, Math.floor(steps / 25));
    const picked = schedule.alphaBars.filter((_, t) => t % stride === 0);
    assertClose(picked, alphaBars, 1e-12);
    const end = schedule.alphaBars[steps - 1];
    assert(Math.abs(end / last - 1) < 1e-9, `${end} ${last}`);
  });
}

Deno.test("a schedule multiplies what each step leaves, and falls", () => {
  for (const kind of ["linear", "cosine"] as const) {
    const { betas, alphaBars } = diffusionSchedule({ kind, steps: 100 });
    assert(betas.every((beta) => beta > 0 && beta < 1));
    for (let t = 1; t < 100; t++) {
      assert(alphaBars[t] < alphaBars[t - 1]);
      assertClose(alphaBars[t] / alphaBars[t - 1], 1 - betas[t], 1e-12);
    }
    assert(alphaBars[0] > 0.99 && alphaBars[99] < 0.01);
  }
});

Deno.test("the default schedule is the one the published DiT was trained on", () => {
  const { steps, betas } = diffusionSchedule();
  assertEquals(steps, 1000);
  assertClose([betas[0], betas[999]], [1e-4, 0.02], 1e-15);
});

Deno.test("a schedule refuses numbers of steps that make none", () => {
  const says = (steps: number, least: number) =>
    `Cannot make a noise schedule as 'steps' must be a whole number at least ${least}: current value is ${steps}`;
  for (const steps of [1, 0, 2.5, NaN]) {
    assertThrows(
      () => diffusionSchedule({ kind: "cosine", steps }),
      RangeError,
      says(steps, 2),
    );
  }
  // 1000 / 20 · 0.02 = 1: the last step would leave nothing.
  assertThrows(
    () => diffusionSchedule({ steps: 20 }),
    RangeError,
    says(20, 21),
  );
  assert(diffusionSchedule({ steps: 21 }).alphaBars[20] > 0);
  assertThrows(
    () => diffusionSchedule({ kind: "sine" as "cosine" }),
    RangeError,
    `'kind' must be one of "linear", "cosine"`,
  );
});

Deno.test("a schedule can be made of one's own betas", () => {
  const own = diffusionSchedule({ betas: [0.5, 0.2] });
  assertEquals(own.steps, 2);
  assertClose(own.alphaBars, [0.5, 0.4], 1e-15);
  const linear = diffusionSchedule();
  assertEquals(diffusionSchedule({ betas: linear.betas }), linear);
  for (const beta of [0, 1, -0.1, NaN]) {
    assertThrows(
      () => diffusionSchedule({ betas: [0.5, beta] }),
      RangeError,
      `'betas[1]' must be a finite number above 0 and below 1: current value is ${beta}`,
    );
  }
  assertThrows(() => diffusionSchedule({ betas: [] }), RangeError, "betas");
  assertThrows(
    () => diffusionSchedule({ betas: [0.5], steps: 1 }),
    TypeError,
    "'betas' must be without 'kind' and 'steps': current value is beside 'steps'",
  );
});
