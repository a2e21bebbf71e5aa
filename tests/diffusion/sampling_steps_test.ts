import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  diffusionSchedule,
  type Prediction,
  type SamplingStep,
  samplingSteps,
  type SamplingStepsOptions,
} from "../../src/diffusion/mod.ts";
import golden from "../golden/diffusion.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";

const { states, noises } = golden;

for (const chain of golden.chains) {
  const { kind, steps, count, sampler, eta } = chain;
  for (const prediction of ["noise", "velocity"] as const) {
    const title = `${sampler}, eta ${eta}, ${count} of ${steps} ${kind} steps`;
    Deno.test(`samplingSteps() with a ${prediction}: ${title}`, () => {
      const plan = samplingSteps(
        diffusionSchedule({ kind: kind as "linear", steps }),
        { count, prediction, sampler: sampler as "ddim", eta },
      );
      assertEquals(plan.length, count);
      plan.forEach((step, i) => {
        const expected = chain.transitions[i];
        assertEquals(step.time, expected.time);
        const output = prediction === "noise" ? noises : expected.velocity;
        const combine = (a: number, b: number) =>
          states.map((x, j) => a * x + b * output[j]);
        assertClose(
          combine(step.stateWeight, step.predictionWeight),
          expected.mean,
          1e-9,
        );
        assertClose(
          combine(step.cleanStateWeight, step.cleanPredictionWeight),
          expected.clean,
          1e-9,
        );
        assertClose(step.deviation, expected.deviation, 1e-12);
      });
    });
  }
}

const schedule = diffusionSchedule();
const plan = (options: Partial<SamplingStepsOptions>) =>
  samplingSteps(schedule, { count: 12, prediction: "noise", ...options });

Deno.test("DDIM with eta 1 is the ancestral sampler", () => {
  const ddim = plan({ sampler: "ddim", eta: 1 });
  const ancestral = plan({ sampler: "ancestral" });
  ddim.forEach((step, i) => {
    for (const key of Object.keys(step) as (keyof SamplingStep)[]) {
      assertClose(step[key], ancestral[i][key], 1e-12);
    }
  });
});

Deno.test("the last step has no deviation and gives the clean prediction", () => {
  for (const sampler of ["ddim", "ancestral"] as const) {
    for (const prediction of ["noise", "velocity"] as const) {
      const steps = plan({ sampler, prediction });
      const last = steps[11];
      assertEquals(last.deviation, 0);
      assertEquals(last.time, 0);
      assertClose(last.stateWeight, last.cleanStateWeight, 1e-12);
      assertClose(last.predictionWeight, last.cleanPredictionWeight, 1e-12);
      assert(steps.slice(0, 11).every(({ deviation }) => deviation > 0));
    }
  }
  assert(plan({ eta: 0 }).every(({ deviation }) => deviation === 0));
});

Deno.test("noise and velocity of the same sample lead to the same mean", () => {
  const [clean, noise] = [0.4, -1.1];
  const by = (prediction: Prediction) => {
    const steps = plan({ prediction, eta: 0.5 });
    return steps.map((step) => {
      const alphaBar = schedule.alphaBars[step.time];
      const [signal, spread] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
      const state = signal * clean + spread * noise;
      const output = prediction === "noise"
        ? noise
        : signal * noise - spread * clean;
      assertClose(
        step.cleanStateWeight * state + step.cleanPredictionWeight * output,
        clean,
        1e-10,
      );
      return step.stateWeight * state + step.predictionWeight * output;
    });
  };
  assertClose(by("noise"), by("velocity"), 1e-10);
});

Deno.test("without noise DDIM stays on the path of its sample", () => {
  // With the true noise predicted, x_{t-1} is √ᾱ_{t-1} x_0 + √(1 - ᾱ_{t-1}) ε (eq. 12 at σ = 0).
  const [clean, noise] = [0.4, -1.1];
  const at = (alphaBar: number) =>
    Math.sqrt(alphaBar) * clean + Math.sqrt(1 - alphaBar) * noise;
  const steps = plan({ eta: 0 });
  steps.forEach((step, i) => {
    const state = at(schedule.alphaBars[step.time]);
    const next = i === 11 ? 1 : schedule.alphaBars[steps[i + 1].time];
    assertClose(
      step.stateWeight * state + step.predictionWeight * noise,
      at(next),
      1e-12,
    );
  });
});

Deno.test("times run from the noisiest to the first, evenly, each once", () => {
  for (const count of [2, 3, 7, 10, 250, 999, 1000]) {
    const times = plan({ count }).map(({ time }) => time);
    assertEquals([times[0], times[count - 1]], [999, 0]);
    for (let i = 1; i < count; i++) {
      const gap = times[i - 1] - times[i];
      assert(Math.abs(gap - 999 / (count - 1)) <= 1, `${count}: ${gap}`);
      assert(gap >= 1);
    }
  }
  assertEquals(plan({ count: 1 }).map(({ time }) => time), [999]);
});

Deno.test("samplingSteps() refuses what is no plan", () => {
  for (const count of [0, 1001, 2.5]) {
    assertThrows(
      () => plan({ count }),
      RangeError,
      `'count' must be a whole number in [1, 1000]: current value is ${count}`,
    );
  }
  for (const eta of [-0.1, 1.1, NaN]) {
    assertThrows(
      () => plan({ eta }),
      RangeError,
      `'eta' must be in [0, 1]: current value is ${eta}`,
    );
  }
  assertThrows(
    () => plan({ prediction: "clean" as Prediction }),
    RangeError,
    `'prediction' must be one of "noise", "velocity": current value is "clean"`,
  );
  assertThrows(
    () => plan({ sampler: "euler" as "ddim" }),
    RangeError,
    `'sampler' must be one of "ddim", "ancestral": current value is "euler"`,
  );
});
