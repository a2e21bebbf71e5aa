/**
 * The receiver operating characteristic of distances: how well small ones tell same from different.
 *
 * @module
 */
import { checkFinite, checkLength } from "../core/mod.ts";

/** The true accept rate at a wanted false accept rate. */
export interface TrueAcceptRate {
  /** Wanted rate of false accepts. */
  falseAcceptRate: number;
  /** Fraction of the same pairs accepted where at most that fraction of the different pairs is; absent with `reason`. */
  trueAcceptRate?: number;
  /** Why it is absent: there are too few different pairs to measure the wanted rate. */
  reason?: string;
}

/** What the curve says. */
export interface ReceiverCurve {
  /** Area under the curve: probability that a same pair is closer than a different one, ties counting half. */
  areaUnderCurve: number;
  /** Rate at which false accepts and false rejects are equally frequent, interpolated between neighbouring thresholds. */
  equalErrorRate: number;
  /** One for each wanted rate. */
  trueAcceptRates: TrueAcceptRate[];
}

/**
 * Measures how distances separate same from different pairs, over all thresholds. A pair is accepted where its distance
 * is small.
 *
 * @param distances One per pair.
 * @param same 1 for pairs of the same identity, 0 for others.
 * @param falseAcceptRates Rates at which to give the true accept rate.
 * @returns Area, equal error rate, true accept rates. All in [0, 1].
 * @throws {TypeError} If there are not as many distances as pairs.
 * @throws {RangeError} If a distance is not finite, or one kind of pairs is missing.
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
  same: ArrayLike<number>,
  falseAcceptRates: readonly number[],
): ReceiverCurve {
  const count = distances.length;
  checkLength("measure a receiver curve", "same", same, count);
  checkFinite("measure a receiver curve", "distances", distances);
  const order = Array.from({ length: count }, (_, i) => i)
    .sort((a, b) => distances[a] - distances[b]);
  const positives = order.filter((i) => same[i]).length;
  const negatives = count - positives;
  if (positives === 0 || negatives === 0) {
    throw new RangeError(
      `Cannot measure a receiver curve as 'same' must be both kinds of pairs: current value is ${positives} same, ${negatives} different`,
    );
  }

  const best = falseAcceptRates.map(() => 0);
  let area = 0;
  let equalErrorRate: number | undefined;
  let accepted = 0;
  let falsely = 0;
  // From one distance to the next larger; equal ones are accepted together.
  for (let at = 0; at < count;) {
    const [acceptedBefore, falselyBefore] = [accepted, falsely];
    const distance = distances[order[at]];
    for (; at < count && distances[order[at]] === distance; at++) {
      if (same[order[at]]) accepted++;
      else falsely++;
    }
    area += (falsely - falselyBefore) * (acceptedBefore + accepted) / 2;
    const rejectsBefore = 1 - acceptedBefore / positives;
    const rejects = 1 - accepted / positives;
    const [rateBefore, rate] = [falselyBefore / negatives, falsely / negatives];
    if (equalErrorRate === undefined && rate >= rejects) {
      // Where the segment from the last point meets the line of equal rates.
      const gap = rejectsBefore - rateBefore;
      const step = gap / (gap + rate - rejects);
      equalErrorRate = rateBefore + step * (rate - rateBefore);
    }
    falseAcceptRates.forEach((wanted, k) => {
      if (rate <= wanted) best[k] = accepted / positives;
    });
  }
  return {
    areaUnderCurve: area / (positives * negatives),
    equalErrorRate: equalErrorRate!,
    trueAcceptRates: falseAcceptRates.map((wanted, k) =>
      negatives * wanted >= 1
        ? { falseAcceptRate: wanted, trueAcceptRate: best[k] }
        : {
          falseAcceptRate: wanted,
          reason:
            `${negatives} different pairs cannot measure a rate of ${wanted}.`,
        }
    ),
  };
}
