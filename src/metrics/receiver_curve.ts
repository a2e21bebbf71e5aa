/**
 * The receiver operating characteristic of distances: how well small ones tell same from different.
 *
 * @module
 */
import { checkFinite, checkLength, checkRange } from "../core/mod.ts";

/** The true accept rate at a wanted false accept rate. */
export interface TrueAcceptRate {
  /** Wanted rate of false accepts. */
  falseAcceptRate: number;
  /** Fraction of the same pairs accepted where at most that fraction of the different pairs is. */
  trueAcceptRate: number;
}

/** What the curve says. */
export interface ReceiverCurve {
  /**
   * Corners of the curve, [false accept rate, true accept rate], from [0, 0] to [1, 1]: points on a straight line between
   * two others are left out.
   */
  points: [number, number][];
  /** Area under the curve: probability that a same pair is closer than a different one, ties counting half. */
  areaUnderCurve: number;
  /** Rate at which false accepts and false rejects are equally frequent, interpolated between neighbouring thresholds. */
  equalErrorRate: number;
  /** One for each wanted rate that the pairs allow. */
  trueAcceptRates: TrueAcceptRate[];
  /** Why a wanted rate is not among them, by names such as `TAR@FAR=1e-4`. */
  absent: { [figure: string]: string };
}

/**
 * Measures how distances separate same from different pairs, over all thresholds. A pair is accepted where its distance
 * is small; equal distances are accepted together.
 *
 * A true accept rate is that of the largest threshold at which the false accept rate is not above the wanted one. It is
 * absent where the wanted rate is less than one different pair: too few to measure it.
 *
 * @param distances One per pair.
 * @param same 1 for pairs of the same identity, 0 for others.
 * @param falseAcceptRates Rates above 0 and at most 1, at which to give the true accept rate.
 * @returns Curve, area, equal error rate, true accept rates. All in [0, 1].
 * @throws {TypeError} If there are not as many distances as pairs.
 * @throws {RangeError} If a distance is not finite, a rate is out of range, or one kind of pairs is missing.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { receiverCurve } from "@outis/outis/metrics";
 *
 * const { areaUnderCurve } = receiverCurve([0.1, 0.2, 0.9], [1, 1, 0], [0.01]);
 * assert(areaUnderCurve === 1);
 * ```
 */
export function receiverCurve(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  falseAcceptRates: readonly number[],
): ReceiverCurve {
  const count = distances.length;
  checkLength("measure a receiver curve", "same", same, count);
  checkFinite("measure a receiver curve", "distances", distances);
  falseAcceptRates.forEach((rate, k) =>
    checkRange("measure a receiver curve", `falseAcceptRates[${k}]`, rate, {
      min: 0,
      max: 1,
      exclusive: "min",
    })
  );
  const sorted = (kind: boolean): Float64Array =>
    Float64Array.from(distances).filter((_, i) => Boolean(same[i]) === kind)
      .sort();
  const positives = sorted(true);
  const negatives = sorted(false);
  if (positives.length === 0 || negatives.length === 0) {
    throw new RangeError(
      `Cannot measure a receiver curve as 'same' must be both kinds of pairs: current value is ${positives.length} same, ${negatives.length} different`,
    );
  }

  const best = falseAcceptRates.map(() => 0);
  const corners: [number, number][] = [[0, 0]];
  let area = 0;
  let equalErrorRate: number | undefined;
  let accepted = 0;
  let falsely = 0;
  // From one distance to the next larger.
  while (accepted < positives.length || falsely < negatives.length) {
    const [acceptedBefore, falselyBefore] = [accepted, falsely];
    const distance = Math.min(
      positives[accepted] ?? Infinity,
      negatives[falsely] ?? Infinity,
    );
    while (positives[accepted] === distance) accepted++;
    while (negatives[falsely] === distance) falsely++;
    area += (falsely - falselyBefore) * (acceptedBefore + accepted) / 2;
    addCorner(corners, [falsely, accepted]);
    const rejectsBefore = 1 - acceptedBefore / positives.length;
    const rejects = 1 - accepted / positives.length;
    const rateBefore = falselyBefore / negatives.length;
    const rate = falsely / negatives.length;
    if (equalErrorRate === undefined && rate >= rejects) {
      // Where the segment from the last point meets the line of equal rates.
      const gap = rejectsBefore - rateBefore;
      const step = gap / (gap + rate - rejects);
      const between = rateBefore + step * (rate - rateBefore);
      equalErrorRate = Math.min(rate, between); // which a rounding may pass
    }
    falseAcceptRates.forEach((wanted, k) => {
      if (rate <= wanted) best[k] = accepted / positives.length;
    });
  }
  const measurable = (rate: number) => negatives.length * rate >= 1;
  return {
    points: corners.map(([f, a]) => [
      f / negatives.length,
      a / positives.length,
    ]),
    areaUnderCurve: area / (positives.length * negatives.length),
    equalErrorRate: equalErrorRate!,
    trueAcceptRates: falseAcceptRates
      .map((falseAcceptRate, k) => ({
        falseAcceptRate,
        trueAcceptRate: best[k],
      }))
      .filter(({ falseAcceptRate }) => measurable(falseAcceptRate)),
    absent: Object.fromEntries(
      falseAcceptRates.filter((rate) => !measurable(rate)).map((rate) => [
        `TAR@FAR=${rate.toExponential()}`,
        `${negatives.length} different pairs cannot measure a rate of ${rate}.`,
      ]),
    ),
  };
}

// In whole numbers of pairs, so that what lies on a line is told exactly.
function addCorner(
  corners: [number, number][],
  point: [number, number],
): void {
  if (corners.length >= 2) {
    const [[x0, y0], [x1, y1]] = corners.slice(-2);
    const turn = (x1 - x0) * (point[1] - y1) - (y1 - y0) * (point[0] - x1);
    if (turn === 0) corners.pop();
  }
  corners.push(point);
}
