/**
 * How evenly a recogniser serves groups of people.
 *
 * @module
 */
import { type Interval, percentileInterval } from "./percentile_interval.ts";
import { type ProtocolRecord, protocolRecord } from "./protocol_record.ts";
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
import {
  type VerificationMetrics,
  verificationMetrics,
} from "./verification_metrics.ts";

/** A value and the interval of its redraws. */
export interface Estimate {
  /** The value on the pairs as they are. */
  value: number;
  /** Percentile interval of the bootstrap; absent, with its reason, where too many redraws have no finite value. */
  interval?: Interval;
}

/** Result of {@linkcode biasMetrics}. */
export interface BiasMetrics {
  /** Verification of each group on its own, and the interval of its accuracy. */
  groups: { [name: string]: VerificationMetrics & { interval: Interval } };
  /** Mean of the groups' accuracies. */
  mean: Estimate;
  /** Population standard deviation of the groups' accuracies, as in the field's tables: these are all the groups. */
  std: Estimate;
  /** Largest error of a group over the smallest, at least 1. Absent where a group has no error. */
  skewedErrorRatio?: Estimate;
  /** What was done. */
  protocol: ProtocolRecord;
  /** Why a figure is absent. */
  absent: { [figure: string]: string };
}

/**
 * Accuracy of each group, and how much it differs between them: mean, standard deviation, and the skewed error ratio
 * max error / min error (M. Wang and W. Deng, CVPR 2020).
 *
 * Each group is verified on its own, with thresholds of its own, as is customary on RFW. Intervals are percentiles of a
 * bootstrap over whole identities (over pairs where the identities are not known, which takes pairs of the same person to
 * be independent); groups are redrawn independently.
 *
 * @param groups Pairs of at least two groups.
 * @param options Seed, redraws, level.
 * @returns Figures with intervals.
 * @throws {TypeError} If arrays of a group differ in length: the sentence names the group.
 * @throws {RangeError} If there are fewer than two groups, or one cannot be verified: the sentence names it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { biasMetrics } from "@outis/outis/metrics";
 *
 * const same = [1, 0, 0, 1];
 * const { mean, std } = biasMetrics({
 *   easy: { squaredDistances: [0.1, 1.7, 2, 0.1], same, folds: 2 },
 *   hard: { squaredDistances: [2, 1.7, 0.1, 2], same, folds: 2 },
 * });
 * assertEquals([mean.value, std.value], [0.75, 0.25]); // 1 and 1/2
 * ```
 */
export function biasMetrics(
  groups: { [name: string]: VerifiedGroup },
  options: BiasOptions = {},
): BiasMetrics {
  const { level = 0.95 } = options;
  checkGroups(groups);
  const redraws: Float64Array[] = [];
  const results: BiasMetrics["groups"] = {};
  for (const [name, group] of Object.entries(groups)) {
    const { accuracies: [accuracies] } = redrawGroup(name, [group], options);
    redraws.push(accuracies);
    results[name] = {
      ...named(
        name,
        () => verificationMetrics(group.squaredDistances, group.same, group),
      ),
      interval: percentileInterval(accuracies, level),
    };
  }
  const values = Object.values(results).map(({ accuracy }) => accuracy.mean);
  const estimate = (figure: (values: number[]) => number): Estimate => ({
    value: figure(values),
    interval: percentileInterval(acrossGroups(redraws, figure), level),
  });
  const { absent, ratio } = checkedRatio(estimate(skewedErrorRatio));
  return {
    groups: results,
    mean: estimate(meanOf),
    std: estimate(deviationOf),
    ...(ratio && { skewedErrorRatio: ratio }),
    protocol: biasProtocol("bias of verification", groups, options),
    absent,
  };
}

/**
 * The protocol of a measurement on groups.
 *
 * @param name Name of the protocol.
 * @param groups The groups.
 * @param options Seed, redraws, level.
 * @returns The record.
 *
 * @example
 * ```ts
 * import { biasProtocol } from "./bias_metrics.ts";
 *
 * const group = { squaredDistances: [0, 1], same: [1, 0] };
 * console.log(biasProtocol("bias", { a: group, b: group }, {}).counts.pairs); // 4
 * ```
 */
export function biasProtocol(
  name: string,
  groups: { [name: string]: VerifiedGroup },
  options: BiasOptions,
): ProtocolRecord {
  const { seed = 0, replicates = 2000, level = 0.95 } = options;
  const all = Object.values(groups);
  return protocolRecord({
    name,
    parameters: {
      groups: Object.keys(groups),
      thresholds: "of each group's own folds",
      deviation: "population, over the groups",
      interval: "bootstrap percentiles",
      redrawn: Object.fromEntries(
        Object.entries(groups).map(([name, { identities }]) => [
          name,
          identities ? "whole identities" : "pairs",
        ]),
      ),
      seed,
      replicates,
      level,
    },
    counts: {
      groups: all.length,
      pairs: all.reduce((sum, { same }) => sum + same.length, 0),
    },
  });
}

/** max error / min error; infinite where a group has none. */
function skewedErrorRatio(accuracies: readonly number[]): number {
  const errors = accuracies.map((accuracy) => 1 - accuracy);
  const least = Math.min(...errors);
  // Of values near 1, the difference to 1 may be off by a rounding.
  return least > 1e-12 ? Math.max(...errors) / least : Infinity;
}

function checkedRatio(
  { value, interval }: Estimate,
): { ratio?: Estimate; absent: BiasMetrics["absent"] } {
  if (value === Infinity) {
    const reason = "A group has no error, so there is nothing to divide by.";
    return { absent: { skewedErrorRatio: reason } };
  }
  if (interval!.high < Infinity) {
    return { ratio: { value, interval }, absent: {} };
  }
  return {
    ratio: { value },
    absent: {
      "skewedErrorRatio.interval":
        "Too many redraws have a group without an error.",
    },
  };
}
