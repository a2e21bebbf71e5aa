import { assert, assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { type Alarm, AlarmError } from "../../src/stages/health.ts";
import { guardedStep } from "../../src/stages/guarded_step.ts";
import type { StateGroups } from "../../src/stages/state_groups.ts";
import { testOnBackends } from "../support/backends.ts";

type Planted = { kl?: number; w?: number; semantic?: number };

/** Runs steps whose weight is their number, unless something else is planted; tells the weight after each. */
function run(
  onAlarm: "stop" | "rollback" | "log",
  planted: { [step: number]: Planted },
  steps = 6,
): { weights: number[]; rates: number[]; told: string[]; logged: number[] } {
  const alarms: Alarm[] = [];
  const guard = guardedStep({
    checkpointEvery: 2,
    onAlarm,
    tellAlarm: (alarm) => alarms.push(alarm),
    health: { maxKl: 0.1 },
  });
  const weights: number[] = [];
  const rates: number[] = [];
  const logged: number[] = [];
  let state = guard.start({ weights: { w: tf.scalar(0) } });
  try {
    for (let step = 1; step <= steps; step++) {
      const { kl = 0, w = step, semantic = 0.5 } = planted[step] ?? {};
      const next = tf.tidy(() =>
        guard.finish(state, { weights: { w: tf.scalar(w) } }, {
          step,
          metrics: {
            kl: tf.scalar(kl),
            semantic: tf.scalar(semantic),
            spread: tf.scalar(1),
          },
          tensors: { "the gradient of w": tf.scalar(semantic) },
        })
      );
      tf.dispose(state);
      state = next.state;
      assert(
        Object.values(next.metrics).every((x) =>
          Number.isFinite(x.dataSync()[0])
        ),
      );
      logged.push(next.metrics.alarm.dataSync()[0]);
      tf.dispose(next.metrics);
      weights.push(state.weights.w.dataSync()[0]);
      rates.push(guard.rate(state).dataSync()[0]);
    }
  } finally {
    tf.dispose(state as StateGroups);
  }
  return {
    weights,
    rates,
    told: alarms.map(({ name, step }) => `${name} ${step}`),
    logged,
  };
}

const backends = { backends: ["wasm"] } as const;

testOnBackends("without an alarm the steps are as they are", () => {
  for (const onAlarm of ["stop", "rollback", "log"] as const) {
    const { weights, rates, told, logged } = run(onAlarm, {});
    assertEquals(weights, [1, 2, 3, 4, 5, 6]);
    assertEquals([...new Set(rates)], [1]);
    assertEquals([told, logged], [[], [0, 0, 0, 0, 0, 0]]);
  }
}, backends);

testOnBackends("an alarm that is only told changes nothing", () => {
  const { weights, told, logged } = run("log", { 3: { kl: 1 } });
  assertEquals(weights, [1, 2, 3, 4, 5, 6]);
  assertEquals(told, ["divergence 3"]);
  assertEquals(logged, [0, 0, 1, 0, 0, 0]);
}, backends);

testOnBackends("an alarm that stops names itself", () => {
  const error = assertThrows(() => run("stop", { 3: { kl: 1 } }), AlarmError);
  assertEquals([error.alarm.name, error.alarm.step], ["divergence", 3]);
}, backends);

testOnBackends(
  "an alarm that rolls back returns to the last good checkpoint and halves the rate",
  () => {
    // Good are 2 and, as 3 and 4 went wrong, what they went back to.
    const { weights, rates, told } = run("rollback", {
      3: { kl: 1 },
      4: { semantic: NaN, w: NaN },
    });
    assertEquals(weights, [1, 2, 2, 2, 5, 6]);
    assertEquals(rates, [1, 1, 0.5, 0.25, 0.25, 0.25]);
    assertEquals(told, ["divergence 3", "notFinite 4"]);
    // Before the first checkpoint, the start is what is good.
    assertEquals(run("rollback", { 1: { kl: 1 } }, 1).weights, [0]);
  },
  backends,
);

testOnBackends(
  "a number that is not finite ends a run that has nothing to go back to",
  () => {
    for (const onAlarm of ["stop", "log"] as const) {
      const error = assertThrows(
        () => run(onAlarm, { 2: { semantic: NaN } }),
        AlarmError,
        "a value of the gradient of w is not finite at iteration 2",
      );
      assertEquals(error.alarm.name, "notFinite");
    }
  },
  backends,
);

Deno.test("guardedStep() refuses what it does not know", () => {
  assertThrows(
    () => guardedStep({ checkpointEvery: 1, onAlarm: "panic" as "log" }),
    RangeError,
    "'onAlarm'",
  );
});
