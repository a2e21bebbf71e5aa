/**
 * A step of reinforcement under watch: what an alarm does to the state.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkOneOf, cloneParams, type Params } from "../core/mod.ts";
import {
  type Alarm,
  AlarmError,
  firstNotFinite,
  healthWatch,
} from "./health.ts";
import type { Metrics } from "./objective.ts";
import type { ReinforceOptions } from "./reinforce_options.ts";
import type { StateGroups } from "./state_groups.ts";

/** What a step has found out. */
export interface StepFindings {
  /** Number of iterations done, this one included. */
  step: number;
  /** Numbers for the log. */
  metrics: Metrics;
  /** What was computed by name, causes before effects. */
  tensors: Params;
  /** What ended the step before there were numbers: the name of what is not finite. */
  broken?: string;
}

/** Watches the steps; all it remembers is in the state. */
export interface GuardedStep {
  /** Adds what the watch needs to a state. Taken over, owned by the caller. */
  start: (state: StateGroups) => StateGroups;
  /** Factor on the learning rate: halved with every return. Borrowed. */
  rate: (state: StateGroups) => tf.Scalar;
  /**
   * Looks at a step that was made.
   *
   * @param before The state before it, as `start` or `finish` gave it. Borrowed.
   * @param after The state after it, without what the watch adds. Borrowed.
   * @param findings Its numbers.
   * @returns The state to go on with, and the numbers to be logged, none of them NaN.
   * @throws {AlarmError} If the run is to end here.
   */
  finish: (
    before: StateGroups,
    after: StateGroups,
    findings: StepFindings,
  ) => { state: StateGroups; metrics: Metrics };
}

/** The group of a good state's `group`. */
const good = (group: string) => `good ${group}`;

/**
 * Makes the watch ready.
 *
 * @param options Bounds, what an alarm does, who is told; a state counts as good every `checkpointEvery` steps, if there is
 * no alarm. Good states are kept beside the present one, in the same checkpoint, so a resumed run goes back as the
 * uninterrupted one does.
 * @returns The watch.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { guardedStep } from "./guarded_step.ts";
 *
 * const guard = guardedStep({ checkpointEvery: 1, onAlarm: "rollback" });
 * const before = guard.start({ weights: { w: tf.scalar(1) } });
 * const bad = { w: tf.scalar(NaN) };
 * const { state } = guard.finish(before, { weights: bad }, {
 *   step: 1,
 *   metrics: { loss: tf.scalar(NaN) },
 *   tensors: bad,
 * });
 * console.log(state.weights.w.arraySync(), guard.rate(state).arraySync()); // 1, 0.5
 * ```
 */
export function guardedStep(
  options:
    & Pick<ReinforceOptions, "health" | "onAlarm" | "tellAlarm" | "auditor">
    & { checkpointEvery: number },
): GuardedStep {
  const { onAlarm = "log", tellAlarm, checkpointEvery } = options;
  checkOneOf("reinforce a generator", "onAlarm", onAlarm, [
    "stop",
    "rollback",
    "log",
  ]);
  const watch = healthWatch(options.health);
  const remembers = onAlarm === "rollback";
  const goodOf = (state: StateGroups): StateGroups =>
    Object.fromEntries(
      Object.entries(state).map(([group, params]) => [
        good(group),
        cloneParams(params),
      ]),
    );

  return {
    start: (state) => ({
      ...state,
      ...(remembers ? goodOf(state) : {}),
      health: { memory: watch.init(), rate: tf.scalar(1) },
    }),
    rate: ({ health }) => health.rate as tf.Scalar,
    finish(before, after, { step, metrics, tensors, broken }) {
      const { memory, rate } = before.health;
      const kept = Object.fromEntries(
        Object.entries(before).filter(([group]) => group.startsWith(good(""))),
      );
      const numbers = Object.fromEntries(
        Object.entries(metrics).map(([name, x]) => [name, x.dataSync()[0]]),
      );
      const isFinite = broken === undefined &&
        Object.values(numbers).every(Number.isFinite);
      const looked = isFinite
        ? watch.look(memory as tf.Tensor1D, sampleOf(numbers), step)
        : {
          memory,
          alarm: notFinite(
            step,
            broken ?? firstNotFinite({ ...tensors, ...metrics }),
          ),
        };
      const { alarm } = looked;
      if (alarm !== undefined) {
        tellAlarm?.(alarm);
        if (onAlarm === "stop" || (onAlarm === "log" && !isFinite)) {
          throw new AlarmError(alarm);
        }
      }
      const told: Metrics = {
        ...Object.fromEntries(
          Object.entries(metrics).filter(([name]) =>
            Number.isFinite(numbers[name])
          ),
        ),
        alarm: tf.scalar(alarm === undefined ? 0 : 1),
      };
      if (alarm !== undefined && remembers) {
        const back = Object.fromEntries(
          Object.entries(kept).map(([group, params]) => [
            group.slice(good("").length),
            cloneParams(params),
          ]),
        );
        const health = {
          memory: watch.reset(looked.memory as tf.Tensor1D),
          rate: tf.mul(rate, 0.5),
        };
        return {
          state: { ...back, ...cloned(kept), health },
          metrics: told,
        };
      }
      const fresh = remembers && alarm === undefined &&
        step % checkpointEvery === 0;
      return {
        state: {
          ...after,
          ...(fresh ? goodOf(after) : cloned(kept)),
          health: { memory: looked.memory, rate: tf.clone(rate) },
        },
        metrics: told,
      };
    },
  };
}

/** States are freed step by step, so that what stays needs handles of its own. */
function cloned(groups: StateGroups): StateGroups {
  return Object.fromEntries(
    Object.entries(groups).map(([group, params]) => [
      group,
      cloneParams(params),
    ]),
  );
}

function sampleOf(numbers: { [name: string]: number }) {
  return {
    reward: numbers.own ?? numbers.semantic,
    auditor: numbers.auditor,
    spread: numbers.spread,
    kl: numbers.kl,
  };
}

function notFinite(step: number, name = "the numbers"): Alarm {
  const message = `a value of ${name} is not finite at iteration ${step}`;
  return { name: "notFinite", step, message };
}
