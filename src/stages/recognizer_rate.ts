/**
 * The learning rate of a recogniser's training.
 *
 * @module
 */
import { checkOneOf, checkRange } from "../core/mod.ts";
import { cosineRate, stepRate } from "../optim/mod.ts";
import type { TrainRecognizerOptions } from "./train_recognizer_options.ts";

/** Steps of warm-up unless said otherwise: at most these, and a tenth of the training. */
const WARMUP = 50;

/**
 * The rate by the number of the step.
 *
 * @param options Highest rate, number of steps, schedule.
 * @returns A function of the step, from 0.
 * @throws {RangeError} If the rate is not above 0, there is no such schedule, or a part of it is out of range.
 *
 * @example
 * ```ts
 * import { rateOf } from "./recognizer_rate.ts";
 *
 * const rate = rateOf({ steps: 120, rate: 1, schedule: { shape: "step", warmup: 10 } });
 * console.log([0, 10, 40, 70].map(rate)); // 0.1, 1, 0.1, 0.01
 * ```
 */
export function rateOf(
  options: Pick<TrainRecognizerOptions, "steps" | "rate" | "schedule">,
): (step: number) => number {
  const { steps, rate: peak = 0.05, schedule = {} } = options;
  const {
    shape = "cosine",
    warmup = Math.min(WARMUP, Math.ceil(steps / 10)),
    milestones = [1 / 3, 7 / 12],
    factor = 0.1,
    floor = 0,
  } = schedule;
  const act = "train a recogniser";
  const share = { min: 0, max: 1 };
  checkRange(act, "rate", peak, { min: 0, exclusive: "min" });
  checkOneOf(act, "schedule.shape", shape, ["cosine", "step"]);
  checkRange(act, "schedule.warmup", warmup, { min: 0, integer: true });
  milestones.forEach((at, i) =>
    checkRange(act, `schedule.milestones[${i}]`, at, share)
  );
  checkRange(act, "schedule.factor", factor, { ...share, exclusive: "min" });
  checkRange(act, "schedule.floor", floor, share);
  if (shape === "cosine") {
    return (step) => cosineRate(step, { peak, steps, warmup, floor });
  }
  const steep = milestones.map((at) => Math.round(at * steps));
  return (step) => stepRate(step, { peak, milestones: steep, factor, warmup });
}
