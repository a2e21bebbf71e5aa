/**
 * Two recognisers on the same pairs of groups of people.
 *
 * @module
 */
import { checkLength } from "../core/mod.ts";
import { biasProtocol } from "./bias_metrics.ts";
import { mcNemar, type McNemarTest } from "./mc_nemar.ts";
import {
  bootstrapTails,
  type Interval,
  percentileInterval,
} from "./percentile_interval.ts";
import type { ProtocolRecord } from "./protocol_record.ts";
import {
  acrossGroups,
  type BiasOptions,
  checkGroups,
  deviationOf,
  meanOf,
  named,
  redrawGroup,
  type VerifiedGroup,
} from "./redraw_groups.ts";

/** How a figure changes from one recogniser to the other. */
export interface PairedChange {
  /** The second's value less the first's. */
  difference: number;
  /** Percentile interval of the difference over the redraws, both on the same ones. */
  interval: Interval;
  /** Two-sided p-value of "no difference" from the redraws, in (0, 1]. */
  p: number;
}

/** Result of {@linkcode compareBias}. */
export interface BiasComparison {
  /** Change of each group's accuracy; and McNemar's test of it, which takes the pairs to be independent. */
  groups: { [name: string]: PairedChange & { mcNemar: McNemarTest } };
  /** Change of the mean of the groups' accuracies. */
  mean: PairedChange;
  /** Change of their population standard deviation: below 0, the second treats the groups more evenly. */
  std: PairedChange;
  /** What was done. */
  protocol: ProtocolRecord;
}

/**
 * Compares two recognisers on the same pairs: the bootstrap over whole identities of the difference, and McNemar's test.
 *
 * What the pairs have in common cancels, so the intervals are narrower than those of the two accuracies.
 *
 * @param before Distances of the first recogniser, by group.
 * @param after Distances of the second, of the same pairs in the same order.
 * @param options Seed, redraws, level.
 * @returns Changes with intervals and p-values.
 * @throws {TypeError} If the pairs of a group differ.
 * @throws {RangeError} If there are fewer than two groups, other ones, or one cannot be judged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareBias } from "@outis/outis/metrics";
 *
 * const same = [1, 0, 0, 1];
 * const easy = { squaredDistances: [0.1, 1.7, 2, 0.1], same, folds: 2 };
 * const hard = { squaredDistances: [2, 1.7, 0.1, 2], same, folds: 2 };
 * const { groups, std } = compareBias({ a: easy, b: hard }, { a: easy, b: easy });
 * assertEquals([groups.b.difference, std.difference], [0.5, -0.25]);
 * ```
 */
export function compareBias(
  before: { [name: string]: VerifiedGroup },
  after: { [name: string]: VerifiedGroup },
  options: BiasOptions = {},
): BiasComparison {
  const { level = 0.95 } = options;
  checkGroups(before);
  const names = Object.keys(before);
  const others = Object.keys(after);
  if (names.toSorted().join("\0") !== others.toSorted().join("\0")) {
    throw new RangeError(
      `Cannot compare two recognisers as 'after' must be the groups ${
        names.join(", ")
      }: current value is ${others.join(", ") || "none"}`,
    );
  }
  const groups: BiasComparison["groups"] = {};
  const accuracies: [number, number][] = [];
  const redraws: [Float64Array[], Float64Array[]] = [[], []];
  for (const name of names) {
    named(name, () => checkSamePairs(before[name], after[name]));
    const both = [before[name], after[name]];
    const { right, accuracies: redrawn } = redrawGroup(name, both, options);
    redraws.forEach((list, k) => list.push(redrawn[k]));
    const [a, b] = right.map((values) => meanOf([...values]));
    accuracies.push([a, b]);
    groups[name] = {
      ...change(b - a, redrawn[1].map((v, r) => v - redrawn[0][r]), level),
      mcNemar: mcNemar(right[0], right[1]),
    };
  }
  const changeOf = (figure: (values: number[]) => number): PairedChange => {
    const [a, b] = [0, 1].map((k) => figure(accuracies.map((pair) => pair[k])));
    const [from, to] = redraws.map((list) => acrossGroups(list, figure));
    return change(b - a, to.map((value, r) => value - from[r]), level);
  };
  return {
    groups,
    mean: changeOf(meanOf),
    std: changeOf(deviationOf),
    protocol: biasProtocol("paired comparison of bias", before, options),
  };
}

function change(
  difference: number,
  redrawn: Float64Array,
  level: number,
): PairedChange {
  return {
    difference,
    interval: percentileInterval(redrawn, level),
    p: bootstrapTails(redrawn),
  };
}

function checkSamePairs(before: VerifiedGroup, after: VerifiedGroup): void {
  const { same } = before;
  checkLength("compare two recognisers", "after.same", after.same, same.length);
  for (let i = 0; i < same.length; i++) {
    if (Boolean(same[i]) !== Boolean(after.same[i])) {
      throw new RangeError(
        `Cannot compare two recognisers as 'after.same[${i}]' must be that of the same pair: current value is ${
          after.same[i]
        }`,
      );
    }
  }
}
