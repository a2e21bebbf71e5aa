/**
 * Groups of people, judged and redrawn.
 *
 * @module
 */
import { checkRange, randomStream } from "../core/mod.ts";
import {
  bootstrapAccuracies,
  type JudgedPairs,
} from "./bootstrap_accuracies.ts";
import { judgePairs } from "./judge_pairs.ts";
import type { VerificationOptions } from "./verification_metrics.ts";

/** Pairs of one group, and how far apart a recogniser sees them. */
export interface VerifiedGroup extends Pick<VerificationOptions, "folds"> {
  /** Squared distances of unit features, one per pair. */
  squaredDistances: ArrayLike<number>;
  /** 1 (or true) for pairs of the same identity, 0 for others. */
  same: ArrayLike<number | boolean>;
  /** Identities of the pairs, whole numbers from 0. @default none: single pairs are redrawn */
  identities?: JudgedPairs["identities"];
}

/** Options of `biasMetrics` and `compareBias`. */
export interface BiasOptions {
  /** Seed of the redraws. @default 0 */
  seed?: number;
  /** Number of redraws. @default 2000 */
  replicates?: number;
  /** Part of the redraws inside an interval, in (0, 1). @default 0.95 */
  level?: number;
}

/** A group after {@linkcode redrawGroup}. */
export interface RedrawnGroup {
  /** For each recogniser, 1 for each pair judged rightly, else 0. */
  right: Uint8Array[];
  /** For each recogniser, its accuracy on each redraw; all on the same redraws. */
  accuracies: Float64Array[];
}

/**
 * Judges a group's pairs by one or several recognisers and redraws them.
 *
 * @param name Name of the group: part of the seed.
 * @param verified The same pairs, as each recogniser sees them.
 * @param options Seed and number of redraws.
 * @returns Judgements and accuracies.
 * @throws {RangeError} If the group cannot be judged: the sentence names it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { redrawGroup } from "./redraw_groups.ts";
 *
 * const group = { squaredDistances: [0.1, 1.7, 2, 0.1], same: [1, 0, 0, 1], folds: 2 };
 * const { accuracies } = redrawGroup("all", [group], { replicates: 3 });
 * assertEquals([...accuracies[0]], [1, 1, 1]);
 * ```
 */
export function redrawGroup(
  name: string,
  verified: readonly VerifiedGroup[],
  options: BiasOptions,
): RedrawnGroup {
  const { seed = 0, replicates = 2000 } = options;
  return named(name, () => {
    const right = verified.map(({ squaredDistances, same, folds }) =>
      judgePairs(squaredDistances, same, { folds })
    );
    const { same, identities } = verified[0];
    const accuracies = bootstrapAccuracies({
      same,
      right,
      ...(identities && { identities }),
    }, { random: randomStream(seed, "bias", name), replicates });
    return { right, accuracies };
  });
}

/**
 * Does something for a group, so that an error names it.
 *
 * @param name Name of the group.
 * @param act What is done.
 * @returns What it gives.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { named } from "./redraw_groups.ts";
 *
 * assertEquals(named("A", () => 1), 1);
 * ```
 */
export function named<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) {
      error.message += ` (in the group ${name})`;
    }
    throw error;
  }
}

/**
 * A figure of all groups on each redraw.
 *
 * @param accuracies Accuracies of each group on its redraws.
 * @param figure What to compute from one accuracy per group.
 * @returns One value per redraw.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { acrossGroups, meanOf } from "./redraw_groups.ts";
 *
 * const accuracies = [new Float64Array([0, 1]), new Float64Array([1, 1])];
 * assertEquals([...acrossGroups(accuracies, meanOf)], [0.5, 1]);
 * ```
 */
export function acrossGroups(
  accuracies: readonly Float64Array[],
  figure: (accuracies: number[]) => number,
): Float64Array {
  return accuracies[0].map((_, r) =>
    figure(accuracies.map((values) => values[r]))
  );
}

/**
 * Checks that there are groups to compare.
 *
 * @param groups Groups by name.
 * @throws {RangeError} If there are fewer than two.
 *
 * @example
 * ```ts
 * import { checkGroups } from "./redraw_groups.ts";
 *
 * checkGroups({ a: 1, b: 2 });
 * ```
 */
export function checkGroups(groups: { [name: string]: unknown }): void {
  const count = Object.keys(groups).length;
  checkRange("measure bias", "number of groups", count, { min: 2 });
}

/**
 * Mean of accuracies.
 *
 * @param values One per group.
 * @returns Their mean.
 *
 * @example
 * ```ts
 * import { meanOf } from "./redraw_groups.ts";
 *
 * console.log(meanOf([0, 1])); // 0.5
 * ```
 */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Population standard deviation of accuracies.
 *
 * @param values One per group.
 * @returns sqrt(mean((value - mean)²)).
 *
 * @example
 * ```ts
 * import { deviationOf } from "./redraw_groups.ts";
 *
 * console.log(deviationOf([0, 1])); // 0.5
 * ```
 */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
}
