/**
 * Accuracy by group of people, side by side.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import type { BiasMetrics } from "../metrics/mod.ts";
import { barFigure } from "./bar_figure.ts";
import type { Figure, FigureText } from "./figure.ts";

/** One recogniser of a {@linkcode biasFigure}. */
export interface BiasSeries {
  /** Name in the legend. */
  name: string;
  /** What `biasMetrics` or `evaluateBias` says of it. */
  bias: Pick<BiasMetrics, "mean"> & {
    groups: {
      [name: string]: Pick<
        BiasMetrics["groups"][string],
        "accuracy" | "interval"
      >;
    };
  };
  /** Colour, to keep one thing in one colour across figures. @default next of the palette */
  color?: string;
}

/** Options of {@linkcode biasFigure}. */
export interface BiasFigureOptions extends FigureText {
  /** The recognisers, at least one; all of the same groups. */
  series: readonly BiasSeries[];
}

/**
 * Draws the accuracy of each group, and the mean of the groups, in percent, with their intervals; bars start at chance.
 *
 * @param options Title and results.
 * @returns A figure: a cluster of bars for each group, then the mean.
 * @throws {RangeError} If there is no series, or one has other groups.
 *
 * @example
 * ```ts
 * import { biasFigure } from "@outis/outis/figures";
 * import { biasMetrics } from "@outis/outis/metrics";
 *
 * const same = [1, 0, 0, 1];
 * const bias = biasMetrics({
 *   A: { squaredDistances: [0.1, 1.7, 2, 0.1], same, folds: 2 },
 *   B: { squaredDistances: [2, 1.7, 0.1, 2], same, folds: 2 },
 * });
 * const figure = biasFigure({
 *   title: "Accuracy by group",
 *   note: "interval: 95 % of redraws",
 *   series: [{ name: "real only", bias }],
 * });
 * ```
 */
export function biasFigure(options: BiasFigureOptions): Figure {
  const { series } = options;
  checkRange("draw bias", "series.length", series.length, { min: 1 });
  const names = Object.keys(series[0].bias.groups);
  const percent = (value: number): number => 100 * value;
  return barFigure({
    yTitle: "accuracy, %",
    ...options,
    labels: [...names, "mean"],
    groups: series.map(({ name, bias, color }, k) => {
      const own = Object.keys(bias.groups);
      if (own.toSorted().join("\0") !== names.toSorted().join("\0")) {
        throw new RangeError(
          `Cannot draw bias as 'series[${k}]' must have the groups ${
            names.join(", ")
          }: current value is ${own.join(", ") || "none"}`,
        );
      }
      const values = [
        ...names.map((group) => bias.groups[group].accuracy.mean),
        bias.mean.value,
      ];
      const intervals = [
        ...names.map((group) => bias.groups[group].interval),
        bias.mean.interval!,
      ];
      return {
        name,
        values: values.map(percent),
        // A percentile of redraws may pass by the value itself.
        intervals: intervals.map(({ low, high }, i): [number, number] => [
          percent(Math.min(low, values[i])),
          percent(Math.max(high, values[i])),
        ]),
        ...(color === undefined ? {} : { color }),
      };
    }),
    // Chance, unless something is below it.
    from: Math.min(
      50,
      ...series.flatMap(({ bias }) => [
        ...Object.values(bias.groups).map(({ accuracy, interval }) =>
          Math.floor(10 * Math.min(accuracy.mean, interval.low)) * 10
        ),
      ]),
    ),
    digits: 1,
  });
}
