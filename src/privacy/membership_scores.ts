/**
 * How well a score tells what a generator was trained on from what it was not.
 *
 * | paper | here |
 * | --- | --- |
 * | X_i, Y_j: scores of the two kinds | `members`, `nonMembers` |
 * | θ, the area | `areaUnderCurve` |
 * | V_10(X_i), V_01(Y_j) | `placements` |
 *
 * @module
 */
import { checkFinite, checkLength, type Json } from "../core/mod.ts";
import { type ProtocolRecord, protocolRecord } from "../metrics/mod.ts";

/** Scores of images, and who is on them. */
export interface MembershipGroup {
  /** Scores, higher where an image looks more like a member. */
  scores: ArrayLike<number>;
  /**
   * Who is on each image: images of one person are not independent, and the interval knows. One name means one person in
   * both groups.
   *
   * @default every image is somebody else's
   */
  people?: readonly string[];
}

/** The members found where so many others are taken for members. */
export interface MembersFound {
  /** Rate of others taken for members, at most. */
  falsePositiveRate: number;
  /** Fraction of the members that is found; absent with `reason`. */
  truePositiveRate?: number;
  /** Wilson's interval of 95 % around it, at the threshold that was found, images taken as independent. */
  interval?: [number, number];
  /** Why it is absent: there are too few others to measure the rate. */
  reason?: string;
}

/** How well members are told from others. */
export interface MembershipScores {
  /** Probability that a member scores above another image, ties counting half: 0.5 is chance, 1 a generator that tells all. */
  areaUnderCurve: number;
  /** Interval of 95 % around it, clipped to [0, 1]; absent with a reason in `absent` where a side has one person. */
  interval?: [number, number];
  /** One for each wanted rate. */
  found: MembersFound[];
  /** How it was computed, from how many. */
  protocol: ProtocolRecord;
  /** Why a figure is left out. */
  absent: { [figure: string]: string };
}

/** Options of {@linkcode membershipScores}. */
export interface MembershipScoresOptions {
  /** Rates of false positives at which to give the true ones. @default [0.01] */
  falsePositiveRates?: readonly number[];
  /** What else decides the scores, for the record: the attack, its seeds. @default none */
  parameters?: { readonly [name: string]: Json };
}

/** Two-sided normal quantile of 95 %. */
const QUANTILE = 1.959963984540054;

/**
 * Area under the curve and true positives at low false positives of a membership attack.
 *
 * θ = 1 / (m n) Σ_ij ψ(X_i, Y_j), ψ = 1 if X > Y, ½ if equal. Its variance is that of DeLong et al. ("Comparing the areas
 * under two or more correlated receiver operating characteristic curves", 1988) with the placements summed over each
 * person (Obuchowski, "Nonparametric analysis of clustered ROC curve data", 1997), S_10/m + S_01/n + 2 S_11/(m n): without
 * `people`, or with one image of each, it is DeLong's. The interval is θ ± 1.96 deviations; at an area of exactly 1 it has
 * no width, which says that the sample is too easy, not that nothing is unknown.
 *
 * A rate of false positives is given where at least one of the others may be one: 100 others for 1 %. Its threshold is the
 * lowest that keeps to the rate.
 *
 * @param members Scores of the images that were trained on.
 * @param nonMembers Scores of images that were not.
 * @param options Wanted rates.
 * @returns Area with interval, and what is found.
 * @throws {TypeError} If `people` are not as many as scores.
 * @throws {RangeError} If a side is empty, or a score not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { membershipScores } from "@outis/outis/privacy";
 *
 * const { areaUnderCurve } = membershipScores(
 *   { scores: [3, 2, 1] },
 *   { scores: [2, 0] },
 * );
 * assertEquals(areaUnderCurve, 4.5 / 6);
 * ```
 */
export function membershipScores(
  members: MembershipGroup,
  nonMembers: MembershipGroup,
  options: MembershipScoresOptions = {},
): MembershipScores {
  const { falsePositiveRates = [0.01], parameters = {} } = options;
  checkGroup("members", members);
  checkGroup("nonMembers", nonMembers);
  const own = placements(members.scores, nonMembers.scores);
  // Of the others: how many members lie above each, so that both sides average to the area.
  const theirs = placements(nonMembers.scores, members.scores)
    .map((below) => 1 - below);
  const areaUnderCurve = mean(own);
  const m = own.length;
  const n = theirs.length;
  const sums = sumsByPerson(
    [[own, members.people], [theirs, nonMembers.people]],
    areaUnderCurve,
  );
  const people = [0, 1].map((side) =>
    sums.filter(({ count }) => count[side] > 0).length
  );
  const absent: { [figure: string]: string } = {};
  let interval: [number, number] | undefined;
  if (Math.min(...people) < 2) {
    absent.interval = `${people[0]} people among the members and ${
      people[1]
    } among the others do not give a variance: two of each are needed.`;
  } else {
    const [s10, s01] = [0, 1].map((side) =>
      people[side] / (people[side] - 1) / [m, n][side] *
      total(sums.map(({ excess }) => excess[side] ** 2))
    );
    const s11 = sums.length / (sums.length - 1) *
      total(sums.map(({ excess }) => excess[0] * excess[1]));
    const variance = s10 / m + s01 / n + 2 * s11 / (m * n);
    const reach = QUANTILE * Math.sqrt(Math.max(0, variance));
    interval = clipped(areaUnderCurve, reach);
  }
  return {
    areaUnderCurve,
    ...(interval && { interval }),
    found: falsePositiveRates.map((rate) =>
      membersAt(rate, members.scores, nonMembers.scores)
    ),
    protocol: protocolRecord({
      name: "membership",
      parameters: {
        ...parameters,
        falsePositiveRates: [...falsePositiveRates],
        interval: "clustered DeLong, 95 %",
      },
      counts: { members: m, nonMembers: n, people: sums.length },
    }),
    absent,
  };
}

function checkGroup(
  name: string,
  { scores, people }: MembershipGroup,
): void {
  const act = "score membership";
  if (scores.length === 0) {
    throw new RangeError(
      `Cannot ${act} as '${name}' must be at least one image: current value is none`,
    );
  }
  checkFinite(act, `${name}.scores`, scores);
  if (people !== undefined) {
    checkLength(act, `${name}.people`, people, scores.length);
  }
}

/** For each of one side, the fraction of the other that lies below it, ties counting half. */
function placements(
  scores: ArrayLike<number>,
  others: ArrayLike<number>,
): number[] {
  const sorted = Float64Array.from(others).sort();
  return Array.from(scores, (score) => {
    const below = countUntil(sorted, (other) => other < score);
    const notAbove = countUntil(sorted, (other) => other <= score);
    return (below + notAbove) / 2 / sorted.length;
  });
}

/** Length of the beginning for which a condition holds: binary search. */
function countUntil(
  sorted: Float64Array,
  holds: (value: number) => boolean,
): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(sorted[middle])) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** What the images of each person add beyond the mean, on both sides. */
function sumsByPerson(
  sides: [values: number[], people: readonly string[] | undefined][],
  area: number,
): { count: [number, number]; excess: [number, number] }[] {
  const sums = new Map<
    string,
    { count: [number, number]; excess: [number, number] }
  >();
  for (const [side, [values, people]] of sides.entries()) {
    for (const [i, value] of values.entries()) {
      const name = people === undefined ? `${side}\0${i}` : people[i];
      const sum = sums.get(name) ?? { count: [0, 0], excess: [0, 0] };
      sum.count[side]++;
      sum.excess[side] += value - area;
      sums.set(name, sum);
    }
  }
  return [...sums.values()];
}

function membersAt(
  falsePositiveRate: number,
  members: ArrayLike<number>,
  nonMembers: ArrayLike<number>,
): MembersFound {
  const n = nonMembers.length;
  const allowed = Math.floor(falsePositiveRate * n + 1e-9);
  if (allowed < 1) {
    return {
      falsePositiveRate,
      reason: `${n} others cannot measure a rate of ${falsePositiveRate}.`,
    };
  }
  // The first of the others that must not be taken for a member bounds the threshold from below.
  const barred = Float64Array.from(nonMembers).sort()[n - 1 - allowed] ??
    -Infinity;
  const hits = Array.from(members).filter((score) => score > barred).length;
  const m = members.length;
  const rate = hits / m;
  return {
    falsePositiveRate,
    truePositiveRate: rate,
    interval: wilson(rate, m),
  };
}

/** Wilson's interval of a fraction. */
function wilson(rate: number, count: number): [number, number] {
  const square = QUANTILE ** 2;
  const middle = (rate + square / (2 * count)) / (1 + square / count);
  const reach = QUANTILE / (1 + square / count) *
    Math.sqrt(rate * (1 - rate) / count + square / (4 * count ** 2));
  return clipped(middle, reach);
}

function clipped(middle: number, reach: number): [number, number] {
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

function mean(values: readonly number[]): number {
  return total(values) / values.length;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
