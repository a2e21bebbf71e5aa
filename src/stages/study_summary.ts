/**
 * What a study of reinforcement has shown, in numbers.
 *
 * @module
 */
import {
  type MeanAndError,
  meanAndError,
  pairedDifference,
} from "../metrics/mod.ts";
import type { StudyCurve, StudySettings } from "./study_reinforcement.ts";

/** The change of one reward by one way of tuning. */
export interface StudyRow {
  /** The way, with where along it this was measured. */
  arm: string;
  /** The reward, or `auditor`. */
  reward: string;
  /** Per seed: means over identities, and the mean of the paired differences with its standard error over identities. */
  seeds: {
    seed: number;
    step: number;
    seconds: number;
    before: number;
    after: number;
    change: number;
    error: number;
  }[];
  /** The changes' mean and its standard error over seeds; of a single seed that over its identities. */
  change: Pick<MeanAndError, "mean" | "standardError" | "count">;
}

/** One way minus another, paired by seeds. */
export interface StudyContrast {
  /** The reward, or `auditor`. */
  reward: string;
  /** What is compared. */
  arm: string;
  /** With what. */
  with: string;
  /** Difference of the changes over the seeds both have. */
  difference: Pick<MeanAndError, "mean" | "standardError" | "count">;
}

/** Rewards in the order of the results. */
const REWARDS = ["semantic", "coverage", "expressive", "auditor"];

/**
 * Sums a study up.
 *
 * An arm that goes on as long as another is told twice: at as many iterations as the other, which are as many samples, and
 * at its end, which is as much time.
 *
 * @param curves What was measured.
 * @param settings Sizes and arms.
 * @returns A row for each arm and reward, and the differences of each arm to the first, where two seeds have both.
 *
 * @example
 * ```ts
 * import { studySummary } from "./study_summary.ts";
 *
 * const point = (step: number, semantic: number[]) => ({ step, seconds: step, rewards: { semantic } });
 * const curve = (seed: number, gain: number) => ({
 *   seed,
 *   arm: "policy",
 *   done: true,
 *   points: [point(0, [0.5, 0.6]), point(8, [0.5 + gain, 0.6 + gain])],
 *   training: [],
 *   alarms: [],
 * });
 * const arms = [{ name: "policy", reinforce: {} }];
 * const { rows } = studySummary([curve(0, 0.1), curve(1, 0.3)], { arms });
 * console.log(rows[0].change.mean); // 0.2
 * ```
 */
export function studySummary(
  curves: StudyCurve[],
  settings: Pick<StudySettings, "arms">,
): { rows: StudyRow[]; contrasts: StudyContrast[] } {
  const rows = settings.arms.flatMap(({ name, asLongAs }) => {
    const own = curves.filter(({ arm }) => arm === name);
    if (asLongAs === undefined) return rowsOf(name, own, () => Infinity);
    const stepsOf = ({ seed }: StudyCurve) =>
      curves.find((other) => other.arm === asLongAs && other.seed === seed)!
        .points.at(-1)!.step;
    return [
      ...rowsOf(`${name}, equal samples`, own, stepsOf),
      ...rowsOf(`${name}, equal time`, own, () => Infinity),
    ];
  });
  const first = rows[0]?.arm;
  const contrasts = rows.filter(({ arm }) => arm !== first).flatMap((row) => {
    const base = rows.find(({ arm, reward }) =>
      arm === first && reward === row.reward
    )!;
    const pairs = row.seeds.flatMap(({ seed, change }) => {
      const other = base.seeds.find((one) => one.seed === seed);
      return other === undefined ? [] : [[other.change, change]];
    });
    if (pairs.length < 2) return [];
    const [a, b] = [0, 1].map((i) => pairs.map((pair) => pair[i]));
    const difference = briefly(pairedDifference(a, b));
    return [{ reward: row.reward, arm: row.arm, with: first, difference }];
  });
  return { rows, contrasts };
}

/** Rows of an arm, at the last points up to as many iterations. */
function rowsOf(
  arm: string,
  curves: StudyCurve[],
  upTo: (curve: StudyCurve) => number,
): StudyRow[] {
  const names = REWARDS.filter((name) => name in curves[0].points[0].rewards);
  return names.map((reward) => {
    const changes = curves.map((curve) => {
      const [start] = curve.points;
      const end = curve.points.findLast(({ step }) => step <= upTo(curve))!;
      const { [reward]: before } = start.rewards;
      const { [reward]: after } = end.rewards;
      return {
        seed: curve.seed,
        end,
        before: meanAndError(before).mean,
        after: meanAndError(after).mean,
        change: pairedDifference(before, after),
      };
    });
    return {
      arm,
      reward,
      seeds: changes.map(({ seed, end, before, after, change }) => ({
        seed,
        step: end.step,
        seconds: end.seconds,
        before,
        after,
        change: change.mean,
        error: change.standardError,
      })),
      change: briefly(
        changes.length === 1
          ? changes[0].change
          : meanAndError(changes.map(({ change }) => change.mean)),
      ),
    };
  });
}

function briefly({ mean, standardError, count }: MeanAndError) {
  return { mean, standardError, count };
}
