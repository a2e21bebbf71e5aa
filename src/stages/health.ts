/**
 * The alarms of a reinforcement: what its numbers look like when rewards are gamed or the training breaks.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, type Params } from "../core/mod.ts";

/** What an alarm is about. */
export type AlarmName =
  | "overoptimisation"
  | "divergence"
  | "collapse"
  | "notFinite";

/** Something is wrong. */
export interface Alarm {
  /** What. */
  name: AlarmName;
  /** Number of iterations done when it was seen. */
  step: number;
  /** One sentence with the numbers. */
  message: string;
}

/**
 * A reinforcement that an alarm has stopped; the last checkpoint stays.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { AlarmError } from "@outis/outis/stages";
 *
 * const alarm = { name: "divergence", step: 3, message: "Too far" } as const;
 * assert(new AlarmError(alarm).alarm.step === 3);
 * ```
 */
export class AlarmError extends Error {
  /** Name that stands before the message. */
  override name = "AlarmError";
  /** What stopped it. */
  alarm: Alarm;

  /**
   * @param alarm What stopped it.
   */
  constructor(alarm: Alarm) {
    super(
      `Cannot go on with the reinforcement as it must be healthy: ${alarm.message}`,
    );
    this.alarm = alarm;
  }
}

/**
 * A value that is not finite was met where nothing sensible can be computed from it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { NotFiniteError } from "./health.ts";
 *
 * assert(new NotFiniteError("the features").tensor === "the features");
 * ```
 */
export class NotFiniteError extends Error {
  /** Name that stands before the message. */
  override name = "NotFiniteError";
  /** Where it is. */
  tensor: string;

  /**
   * @param tensor Where it is.
   */
  constructor(tensor: string) {
    super(`Cannot go on as ${tensor} must be finite`);
    this.tensor = tensor;
  }
}

/** Bounds of {@linkcode healthWatch}. */
export interface HealthOptions {
  /**
   * Iterations that are looked at together, an even number: the means of the window's two halves are compared.
   *
   * @default {16}
   */
  window?: number;
  /**
   * How many standard errors a difference of the two halves must have to count.
   *
   * @default {2}
   */
  certainty?: number;
  /**
   * Largest divergence from the cold start, in the unit in which it is logged (nats per dimension for `"gaussian"`). A
   * healthy run of the shipped prior's size passes 0.1 in its first steps, which Adam makes large.
   *
   * @default {0.5}
   */
  maxKl?: number;
  /**
   * Smallest spread within identities, as a share of that of the run's first iterations.
   *
   * @default {0.5}
   */
  minSpread?: number;
}

/** What is watched of an iteration. */
export interface HealthSample {
  /** The reward that is to rise: the semantic one, or the own rewards' mean. */
  reward: number;
  /** The same asked of a second embedder, where there is one. */
  auditor?: number;
  /** Mean trace of the covariance of an identity's features, the S_g of eq. 8. */
  spread: number;
  /** Divergence from the cold start. */
  kl: number;
}

/** Watches a reinforcement. Its memory is a tensor, so that it is saved and resumed with the weights. */
export interface HealthWatch {
  /** The memory before the first iteration. Owned by the caller. */
  init: () => tf.Tensor1D;
  /**
   * Looks at an iteration.
   *
   * @param memory The memory so far. Borrowed.
   * @param sample The iteration's numbers.
   * @param step Number of iterations done, this one included.
   * @returns The memory with this iteration, owned by the caller, and what is wrong.
   */
  look: (
    memory: tf.Tensor1D,
    sample: HealthSample,
    step: number,
  ) => { memory: tf.Tensor1D; alarm?: Alarm };
  /** The memory after a return to earlier weights: the window is empty again. Owned by the caller. */
  reset: (memory: tf.Tensor1D) => tf.Tensor1D;
}

/** Before the window, the memory holds: iterations in the window, those behind `firstSpread`, and the first spread. */
const HEAD = 3;
/** Of an iteration are kept: reward, auditor's score, spread. */
const WIDTH = 3;

/**
 * Makes the alarms ready.
 *
 * - *Over-optimisation*: between the first and the second half of the last `window` iterations the reward has risen and
 *   the second embedder's score fallen, both by more than `certainty` standard errors (Welch's, from the spread within
 *   the halves). Only where there is a second embedder.
 * - *Divergence*: KL from the cold start above `maxKl`.
 * - *Collapse*: the spread within identities, mean of the last half window, is below `minSpread` of its mean over the
 *   run's first half window.
 *
 * The rules and their defaults are ours. What is not finite is found by {@linkcode firstNotFinite}.
 *
 * @param options Window and bounds.
 * @returns The watch.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { healthWatch } from "./health.ts";
 *
 * const watch = healthWatch({ maxKl: 0.1 });
 * const sample = { reward: 0.8, spread: 0.3, kl: 0.2 };
 * const { alarm } = watch.look(watch.init(), sample, 1);
 * console.log(alarm?.name); // divergence
 * ```
 */
export function healthWatch(options: HealthOptions = {}): HealthWatch {
  const { window = 16, certainty = 2, maxKl = 0.5, minSpread = 0.5 } = options;
  const act = "watch a reinforcement";
  checkRange(act, "window", window / 2, { min: 2, integer: true });
  checkRange(act, "certainty", certainty, { min: 0 });
  if (!(maxKl > 0)) { // may be Infinity
    throw new RangeError(
      `Cannot ${act} as 'maxKl' must be above 0: current value is ${maxKl}`,
    );
  }
  checkRange(act, "minSpread", minSpread, { min: 0, max: 1 });
  const half = window / 2;

  return {
    init: () => tf.zeros([HEAD + WIDTH * window]),
    look(memory, { reward, auditor, spread, kl }, step) {
      const values = memory.dataSync<"float32">().slice();
      if (values[1] < half) {
        values[2] = (values[2] * values[1] + spread) / (values[1] + 1);
        values[1]++;
      }
      if (values[0] === window) {
        values.copyWithin(HEAD, HEAD + WIDTH);
        values[0]--;
      }
      values.set([reward, auditor ?? 0, spread], HEAD + WIDTH * values[0]);
      values[0]++;
      const seen = values[0];
      const column = (which: number, from: number, to: number) =>
        Array.from(
          { length: to - from },
          (_, i) => values[HEAD + WIDTH * (from + i) + which],
        );
      const alarm = (name: AlarmName, message: string) => ({
        memory: tf.tensor1d(values),
        alarm: { name, step, message },
      });

      if (kl > maxKl) {
        return alarm(
          "divergence",
          `the divergence from the cold start is ${
            short(kl)
          } after ${step} iterations, above ${short(maxKl)}`,
        );
      }
      const latest = mean(column(2, Math.max(0, seen - half), seen));
      if (seen >= half && latest < minSpread * values[2]) {
        return alarm(
          "collapse",
          `the spread within identities has fallen from ${
            short(values[2])
          } to ${
            short(latest)
          } after ${step} iterations, below ${minSpread} of it`,
        );
      }
      if (seen === window && auditor !== undefined) {
        const [up, down] = [0, 1].map((which) =>
          rise(column(which, 0, half), column(which, half, window))
        );
        if (up.errors > certainty && down.errors < -certainty) {
          return alarm(
            "overoptimisation",
            `over ${window} iterations up to ${step} the reward rose by ${
              short(up.by)
            } (${
              up.errors.toFixed(1)
            } standard errors) and the second embedder's score fell by ${
              short(-down.by)
            } (${(-down.errors).toFixed(1)})`,
          );
        }
      }
      return { memory: tf.tensor1d(values) };
    },
    reset(memory) {
      const values = memory.dataSync<"float32">().slice();
      values[0] = 0;
      values.fill(0, HEAD);
      return tf.tensor1d(values);
    },
  };
}

/**
 * Finds what first went wrong.
 *
 * @param tensors Tensors by name, causes before effects. Borrowed.
 * @returns The name of the first that holds a NaN or an infinity.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { firstNotFinite } from "./health.ts";
 *
 * console.log(firstNotFinite({ a: tf.ones([2]), b: tf.tensor1d([1, NaN]) })); // b
 * ```
 */
export function firstNotFinite(tensors: Params): string | undefined {
  return Object.keys(tensors).find((name) =>
    tensors[name].dataSync().some((value) => !Number.isFinite(value))
  );
}

/**
 * Refuses what is not finite.
 *
 * @param tensors Tensors by name, causes before effects. Borrowed.
 * @throws {NotFiniteError} If one holds a NaN or an infinity; the first is named.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { checkAllFinite } from "./health.ts";
 *
 * checkAllFinite({ "the features": tf.ones([2, 3]) });
 * ```
 */
export function checkAllFinite(tensors: Params): void {
  const name = firstNotFinite(tensors);
  if (name !== undefined) throw new NotFiniteError(name);
}

/** Difference of two means, and in units of its standard error. */
function rise(
  before: number[],
  after: number[],
): { by: number; errors: number } {
  const by = mean(after) - mean(before);
  const variance = (values: number[]) => {
    const centre = mean(values);
    const squares = values.map((value) => (value - centre) ** 2);
    return squares.reduce((a, b) => a + b) / (values.length - 1);
  };
  const error = Math.sqrt(
    variance(before) / before.length + variance(after) / after.length,
  );
  return { by, errors: by === 0 ? 0 : by / error };
}

function mean(values: number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
