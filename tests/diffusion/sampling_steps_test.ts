import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  diffusionSchedule,
  type Prediction,
  type SamplingStep,
  samplingSteps,
  type SamplingStepsOptions,
  spacedTimes,
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
  samplingSteps(schedule, {
    prediction: "noise",
    ...(options.times === undefined ? { count: 12 } : {}),
    ...options,
  });

Deno.test("DDIM with eta 1 is the ancestral sampler", () => {
  const ddim = plan({ sampler: "ddim", eta: 1 });
  const ancestral = plan({ sampler: "ancestral" });
  ddim.forEach((step, i) => {
    for (const key of Object.keys(step) as (keyof SamplingStep)[]) {
      // How an x̂_0 that was clipped is mixed in differs; see below.
      if (key === "clippedWeights") continue;
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

for (const { kind, steps, count, ...variances } of golden.variances) {
  Deno.test(`variances lie between posterior and forward: ${count} of ${steps} ${kind} steps`, () => {
    const of = (variance: "posterior" | "forward" | "learned") =>
      samplingSteps(diffusionSchedule({ kind: kind as "linear", steps }), {
        count,
        prediction: "velocity",
        sampler: "ancestral",
        variance,
      });
    const squares = (steps: SamplingStep[]) =>
      steps.map(({ deviation }) => deviation ** 2);
    assertClose(squares(of("posterior")), variances.posterior, 1e-12);
    assertClose(squares(of("forward")), variances.forward, 1e-12);
    // Whether a learned variance has noise is told by the posterior's.
    assertClose(squares(of("learned")), variances.posterior, 1e-12);
    const learned = of("learned");
    learned.slice(0, -1).forEach(({ logPosterior, logForward }, i) => {
      assertClose(Math.exp(logPosterior), variances.posterior[i], 1e-12);
      assertClose(Math.exp(logForward), variances.forward[i], 1e-12);
    });
    // Nothing infinite where the posterior's variance is 0.
    const last = learned[count - 1];
    assertClose(last.logPosterior, learned[count - 2].logPosterior, 1e-12);
    assert(Number.isFinite(last.logForward));
  });
}

Deno.test("without clipping the clipped weights give the same mean", () => {
  for (const sampler of ["ddim", "ancestral"] as const) {
    for (const prediction of ["noise", "velocity"] as const) {
      const eta = sampler === "ddim" ? 0.3 : 1;
      for (const step of plan({ sampler, prediction, eta })) {
        for (const [x, output] of [[1, 0], [0, 1], [-0.7, 1.3]]) {
          const clean = step.cleanStateWeight * x +
            step.cleanPredictionWeight * output;
          const [p, q, r] = step.clippedWeights;
          assertClose(
            p * clean + q * x + r * output,
            step.stateWeight * x + step.predictionWeight * output,
            1e-9,
          );
        }
      }
    }
  }
});

Deno.test("x_t is made of the clean prediction and the noise prediction", () => {
  for (const prediction of ["noise", "velocity"] as const) {
    for (const step of plan({ prediction })) {
      const alphaBar = schedule.alphaBars[step.time];
      const [x, output] = [0.6, -1.2];
      const clean = step.cleanStateWeight * x +
        step.cleanPredictionWeight * output;
      const noise = step.noiseStateWeight * x +
        step.noisePredictionWeight * output;
      const back = Math.sqrt(alphaBar) * clean +
        Math.sqrt(1 - alphaBar) * noise;
      assertClose(back, x, 1e-12);
      if (prediction === "noise") assertEquals(noise, output);
    }
  }
});

Deno.test("a plan may name its times", () => {
  const evenly = spacedTimes(1000, 12);
  assertEquals(plan({ times: evenly }), plan({ count: 12 }));
  const own = plan({ times: [100, 87, 50, 1, 0] });
  assertEquals(own.map(({ time }) => time), [100, 87, 50, 1, 0]);
  // From 87 to 50: β = 1 - ᾱ_87 / ᾱ_50, β̃ = β (1 - ᾱ_50) / (1 - ᾱ_87).
  const [from, to] = [schedule.alphaBars[87], schedule.alphaBars[50]];
  const variance = (1 - from / to) * (1 - to) / (1 - from);
  assertClose(own[1].deviation ** 2, variance, 1e-12);
});

Deno.test("one transition goes from the noisiest time to x_0 at once", () => {
  for (const variance of ["posterior", "forward", "learned"] as const) {
    const steps = plan({ count: 1, variance });
    assertEquals(steps.map(({ time }) => time), [999]);
    assertEquals(steps[0].deviation, 0);
    assertClose(steps[0].stateWeight, steps[0].cleanStateWeight, 1e-9);
    assert(Object.values(steps[0]).flat().every(Number.isFinite));
  }
});

Deno.test("a cosine schedule's end stays finite", () => {
  const cosine = diffusionSchedule({ kind: "cosine" });
  for (const prediction of ["noise", "velocity"] as const) {
    for (const count of [1, 2, 50, 1000]) {
      const steps = samplingSteps(cosine, { count, prediction });
      for (const step of steps) {
        assert(Object.values(step).flat().every(Number.isFinite));
      }
    }
  }
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
  assertThrows(
    () => plan({ variance: "wide" as "forward" }),
    RangeError,
    `'variance' must be one of "posterior", "forward", "learned"`,
  );
  for (const variance of ["forward", "learned"] as const) {
    assertThrows(
      () => plan({ variance, eta: 0.5 }),
      RangeError,
      `'variance' must be "posterior" where DDIM's eta is not 1: current value is "${variance}"`,
    );
  }
  for (const times of [[5, 5], [3, 4], [1000], [-1], [2.5], []]) {
    assertThrows(() => plan({ times }), RangeError, "times");
  }
  assertThrows(
    () => samplingSteps(schedule, { prediction: "noise" }),
    TypeError,
    "exactly one of 'count' and 'times' must be given: current value is neither",
  );
  assertThrows(
    () => plan({ count: 2, times: [1, 0] }),
    TypeError,
    "current value is both",
  );
});
