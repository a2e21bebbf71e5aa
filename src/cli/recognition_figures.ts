/**
 * Figures of recognisers, as `outis evaluate` prints them.
 *
 * @module
 */
import type { PlainTableRow } from "../figures/mod.ts";
import type {
  EvaluatedBias,
  EvaluatedReid,
  EvaluatedVerification,
} from "../stages/mod.ts";
import {
  type EvaluationFigures,
  withoutOverlap,
} from "./evaluation_figures.ts";

const percent = (value: number | undefined) =>
  value === undefined ? null : 100 * value;

/**
 * Figures of a re-identification.
 *
 * @param result What was evaluated.
 * @returns Its figures.
 *
 * @example
 * ```ts
 * import { reidFigures } from "./recognition_figures.ts";
 *
 * console.log(reidFigures.length); // 1
 * ```
 */
export function reidFigures(result: EvaluatedReid): EvaluationFigures {
  const { mAP, cmc, mINP, protocol, absent, overlap } = result;
  const ranks = [1, 5, 10].filter((rank) => rank <= (cmc?.length ?? 0));
  return {
    columns: [{ title: "figure" }, { title: "%", digits: 2 }],
    rows: [
      ["mAP", percent(mAP)],
      ...ranks.map((rank): PlainTableRow => [
        `Rank-${rank}`,
        percent(cmc![rank - 1]),
      ]),
      ["mINP", percent(mINP)],
    ],
    protocols: { "": protocol },
    absent: withoutOverlap(absent),
    overlap: overlap === undefined ? {} : { "": overlap },
    notes: [],
  };
}

/**
 * Figures of a verification, a row for each set.
 *
 * @param sets Results by name.
 * @returns Their figures, and the average of several.
 *
 * @example
 * ```ts
 * import { verificationFigures } from "./recognition_figures.ts";
 *
 * console.log(verificationFigures({}).rows); // []
 * ```
 */
export function verificationFigures(
  sets: { [name: string]: EvaluatedVerification },
): EvaluationFigures {
  const entries = Object.entries(sets);
  // A column for each rate that the pairs of some set allow.
  const rates = [
    ...new Set(
      entries.flatMap(([, { trueAcceptRates }]) =>
        trueAcceptRates.map(({ falseAcceptRate }) => falseAcceptRate)
      ),
    ),
  ].sort((a, b) => b - a);
  const rows = entries.map(([name, result]): PlainTableRow => [
    name,
    { value: percent(result.accuracy.mean), error: 100 * result.accuracy.std },
    result.areaUnderCurve,
    percent(result.equalErrorRate),
    ...rates.map((rate) =>
      percent(
        result.trueAcceptRates.find(({ falseAcceptRate }) =>
          falseAcceptRate === rate
        )?.trueAcceptRate,
      )
    ),
    result.bestThreshold.threshold,
  ]);
  if (entries.length > 1) {
    const sum = entries.reduce(
      (sum, [, { accuracy }]) => sum + accuracy.mean,
      0,
    );
    rows.push([
      `average of ${entries.length}`,
      percent(sum / entries.length),
      null,
      null,
      ...rates.map(() => null),
      null,
    ]);
  }
  return {
    columns: [
      { title: "set" },
      { title: "accuracy", unit: "%, ± over folds", digits: 2 },
      { title: "AUC", digits: 4 },
      { title: "EER", unit: "%", digits: 2 },
      ...rates.map((rate) => ({
        title: `TAR at ${rate}`,
        unit: "%",
        digits: 2,
        align: "right" as const,
      })),
      { title: "best threshold", digits: 2 },
    ],
    rows,
    protocols: partsOf(entries, ({ protocol }) => protocol),
    absent: Object.assign(
      {},
      ...entries.map(([name, { absent }]) =>
        Object.fromEntries(
          Object.entries(withoutOverlap(absent))
            .map(([figure, why]) => [
              entries.length > 1 ? `${name} ${figure}` : figure,
              why,
            ]),
        )
      ),
    ),
    overlap: partsOf(entries, ({ overlap }) => overlap),
    notes: [],
  };
}

/**
 * Figures of groups.
 *
 * @param result What was evaluated.
 * @returns Its figures.
 *
 * @example
 * ```ts
 * import { biasFigures } from "./recognition_figures.ts";
 *
 * console.log(biasFigures.length); // 1
 * ```
 */
export function biasFigures(result: EvaluatedBias): EvaluationFigures {
  const { groups, mean, std, skewedErrorRatio, comparison } = result;
  const range = (interval?: { low: number; high: number }, factor = 100) =>
    interval === undefined
      ? null
      : `${(factor * interval.low).toFixed(2)} to ${
        (factor * interval.high).toFixed(2)
      }`;
  return {
    columns: [
      { title: "group" },
      { title: "accuracy", unit: "%", digits: 2 },
      { title: "interval", align: "right" },
      ...(comparison === undefined ? [] : [
        { title: "change", unit: "points", digits: 2 },
        { title: "its interval", align: "right" as const },
        { title: "p", digits: 3 },
      ]),
    ],
    rows: [
      ...Object.entries(groups).map(([name, { accuracy, interval }]) => ({
        name,
        value: percent(accuracy.mean),
        interval: range(interval),
        change: comparison?.groups[name],
      })),
      {
        name: "mean",
        value: percent(mean.value),
        interval: range(mean.interval),
        change: comparison?.mean,
      },
      {
        name: "standard deviation",
        value: percent(std.value),
        interval: range(std.interval),
        change: comparison?.std,
      },
      {
        name: "skewed error ratio (no %)",
        value: skewedErrorRatio?.value ?? null,
        interval: range(skewedErrorRatio?.interval, 1),
        change: undefined,
      },
    ].map(({ name, value, interval, change }): PlainTableRow => [
      name,
      value,
      interval,
      ...(comparison === undefined ? [] : [
        percent(change?.difference),
        range(change?.interval),
        change?.p ?? null,
      ]),
    ]),
    protocols: {
      "": result.protocol,
      ...(comparison && { "the change": comparison.protocol }),
    },
    absent: withoutOverlap(result.absent),
    overlap: result.overlap ?? {},
    notes: [],
  };
}

function partsOf<Result, Part>(
  entries: [string, Result][],
  part: (result: Result) => Part | undefined,
): { [name: string]: Part } {
  return Object.fromEntries(
    entries.flatMap(([name, result]) => {
      const found = part(result);
      return found === undefined
        ? []
        : [[entries.length > 1 ? name : "", found]];
    }),
  );
}
