import { assert, assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { type Alarm, AlarmError } from "../../src/stages/health.ts";
import {
  firstNotFinite,
  type HealthOptions,
  type HealthSample,
  healthWatch,
} from "../../src/stages/health.ts";
import { testOnBackends } from "../support/backends.ts";

const healthy: HealthSample = {
  reward: 0.8,
  auditor: 0.7,
  spread: 0.4,
  kl: 0.001,
};

/** Alarms over a run of the given iterations. */
function alarms(
  samples: Partial<HealthSample>[],
  options: HealthOptions = {},
): (Alarm | undefined)[] {
  const watch = healthWatch({ window: 8, maxKl: 0.05, ...options });
  let memory = watch.init();
  const found = samples.map((sample, i) => {
    const next = watch.look(memory, { ...healthy, ...sample }, i + 1);
    memory.dispose();
    memory = next.memory;
    return next.alarm;
  });
  memory.dispose();
  return found;
}

/** `count` numbers that go from one value to another, with a little unrest. */
function ramp(from: number, to: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => from + (to - from) * i / (count - 1) + (i % 2) * 1e-3,
  );
}

/** Rewards and auditor's scores side by side. */
function runs(reward: number[], auditor?: number[]): Partial<HealthSample>[] {
  return reward.map((value, i) => ({ reward: value, auditor: auditor?.[i] }));
}

const backends = { backends: ["wasm"] } as const;

testOnBackends("a run that goes as it should raises no alarm", () => {
  const [up, down] = [ramp(0.6, 0.9, 20), ramp(0.9, 0.6, 20)];
  for (
    const samples of [
      runs(up, up), // both rise
      runs(down, down), // both fall
      runs(down, up),
      runs(up), // nobody to ask
      runs(ramp(0.8, 0.8, 20), down), // the reward has nothing to do with it
    ]
  ) assertEquals(alarms(samples).filter((alarm) => alarm !== undefined), []);
}, backends);

testOnBackends(
  "reward up while the second embedder falls is told once the window is full",
  () => {
    const found = alarms(runs(ramp(0.6, 0.9, 10), ramp(0.9, 0.6, 10)));
    assertEquals(found.findIndex((alarm) => alarm !== undefined), 7);
    const alarm = found[7]!;
    assertEquals([alarm.name, alarm.step], ["overoptimisation", 8]);
    // By hand: halves of a ramp of steps 0.3 / 9 over 8 iterations are 4 steps apart.
    assert(alarm.message.includes("the reward rose by 0.133"), alarm.message);
    assert(alarm.message.includes("score fell by 0.133"), alarm.message);
  },
  backends,
);

testOnBackends("differences within the noise are no alarm", () => {
  // Second half minus first half: means 0.01, deviations 0.1 in both.
  const noisy = (shift: number) =>
    [0, 0.2, 0, 0.2, 0, 0.2, 0, 0.2].map((x, i) => x + (i >= 4 ? shift : 0));
  const samples = runs(noisy(0.01), noisy(-0.01));
  assertEquals(alarms(samples).at(-1), undefined);
  // 0.01 / √(0.1155² / 4 · 2) = 0.122 standard errors
  const strict = alarms(samples, { certainty: 0.1 }).at(-1);
  assertEquals(strict?.name, "overoptimisation");
  assert(strict!.message.includes("(0.1 standard errors)"), strict!.message);
}, backends);

testOnBackends("too far from the cold start is told at once", () => {
  const found = alarms([{}, { kl: 0.0501 }, {}]);
  assertEquals(found.map((alarm) => alarm?.name), [
    undefined,
    "divergence",
    undefined,
  ]);
  assertEquals(alarms([{ kl: 1e6 }], { maxKl: Infinity }), [undefined]);
}, backends);

testOnBackends("identities whose samples become one are told", () => {
  // 0.4 over the first half window, then 0.1: the mean of the last four is 0.25, 0.175, ... and half of 0.4 is 0.2.
  const spreads = [0.4, 0.4, 0.4, 0.4, 0.1, 0.1, 0.1, 0.1];
  const found = alarms(spreads.map((spread) => ({ spread })));
  assertEquals(found.findIndex((alarm) => alarm !== undefined), 6);
  assertEquals(found[6]!.name, "collapse");
  assert(found[6]!.message.includes("from 0.4 to 0.175"), found[6]!.message);
}, backends);

testOnBackends(
  "after a return the window is empty, the first spread kept",
  () => {
    const watch = healthWatch({ window: 4 });
    const look = (memory: tf.Tensor1D, spread: number) => {
      const next = watch.look(memory, { ...healthy, spread }, 1);
      memory.dispose();
      return next;
    };
    let { memory } = look(watch.init(), 0.4);
    memory = look(memory, 0.4).memory;
    const again = watch.reset(memory);
    memory.dispose();
    const one = look(again, 0.1);
    assertEquals(one.alarm, undefined, "one iteration is no half window");
    const two = look(one.memory, 0.1);
    assertEquals(two.alarm?.name, "collapse");
    two.memory.dispose();
  },
  backends,
);

testOnBackends("what is not finite is named, causes before effects", () => {
  tf.tidy(() => {
    const tensors = {
      latents: tf.ones([2, 2]),
      images: tf.tensor2d([[1, NaN], [0, 0]]),
      features: tf.tensor1d([Infinity]),
    };
    assertEquals(firstNotFinite(tensors), "images");
    assertEquals(firstNotFinite({ latents: tensors.latents }), undefined);
  });
}, backends);

Deno.test("healthWatch() refuses bounds that make no sense", () => {
  const cases: [HealthOptions, string][] = [
    [{ window: 2 }, "'window'"],
    [{ window: 7 }, "'window'"],
    [{ certainty: -1 }, "'certainty'"],
    [{ maxKl: 0 }, "'maxKl' must be above 0: current value is 0"],
    [{ minSpread: 1.5 }, "'minSpread'"],
  ];
  for (const [wrong, message] of cases) {
    assertThrows(() => healthWatch(wrong), RangeError, message);
  }
});

Deno.test("an AlarmError says what is wrong in one sentence", () => {
  const error = new AlarmError({
    name: "divergence",
    step: 3,
    message: "the divergence is 2",
  });
  assertEquals(
    error.message,
    "Cannot go on with the reinforcement as it must be healthy: the divergence is 2",
  );
});
