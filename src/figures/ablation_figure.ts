/**
 * Scores over seeds with intervals, and what each part adds under the same seeds.
 *
 * @module
 */
import type { Data } from "plotly.js-dist-min";
import { checkFinite, checkLength, checkRange } from "../core/mod.ts";
import { meanInterval, pairedTest } from "../metrics/mod.ts";
import {
  type Figure,
  figureLayout,
  type FigureText,
  plotText,
} from "./figure.ts";
import { plotLines } from "./plot_lines.ts";
import { palette, symbols } from "./theme.ts";

/** One method of an {@linkcode ablationFigure}, over all labels. */
export interface AblationSeries {
  /** Name in the legend. */
  name: string;
  /** Scores by label and seed, `[N][S]`; the same seeds in the same order everywhere, at least two. */
  values: readonly ArrayLike<number>[];
  /** Colour, to keep one thing in one colour across figures. @default next of the palette */
  color?: string;
}

/** Options of {@linkcode ablationFigure}. */
export interface AblationFigureOptions extends FigureText {
  /** What is compared, from top to bottom, `[N]`: the parts of a method, or backbones. */
  labels: readonly string[];
  /** The methods, at least one. */
  series: readonly AblationSeries[];
  /**
   * What differences are taken from: of one series, its first label or the label before; of several, the first series at
   * the same label. @default "first"
   */
  against?: "first" | "previous";
  /** Confidence of the intervals, in (0, 1). @default 0.95 */
  level?: number;
  /** Decimals of the numbers under the pointer. @default 3 */
  digits?: number;
}

/**
 * Draws an ablation: on the left the mean score of each label with its interval over seeds, and the scores themselves
 * below it; on the right the mean difference under the same seeds with its interval, which is what a claim rests on, as
 * what a seed does to all methods alike cancels (Figures 5 and 6).
 *
 * Intervals are Student's t. One that does not reach the line at 0 is a difference that the seeds do not explain.
 *
 * @param options Title, labels and scores.
 * @returns A figure: for each series its scores, its means, its differences.
 * @throws {TypeError} If a series has not one list per label, or lists differ in length.
 * @throws {RangeError} If there is no series, fewer than two seeds, or a score is not finite.
 *
 * @example
 * ```ts
 * import { ablationFigure } from "@outis/outis/figures";
 *
 * const figure = ablationFigure({
 *   title: "What each part adds",
 *   note: "3 seeds; interval: 95 %",
 *   xTitle: "mAP",
 *   labels: ["base", "+ selection", "+ semantic reward"],
 *   series: [{
 *     name: "policy gradient",
 *     values: [[0.51, 0.54, 0.52], [0.55, 0.57, 0.56], [0.58, 0.61, 0.60]],
 *   }],
 * });
 * ```
 */
export function ablationFigure(options: AblationFigureOptions): Figure {
  const { labels, series, against = "first", level = 0.95, digits = 3 } =
    options;
  const { xTitle } = options;
  const act = "draw an ablation";
  checkRange(act, "series.length", series.length, { min: 1 });
  checkRange(act, "digits", digits, { min: 0, max: 20, integer: true });
  const seeds = series[0].values[0]?.length ?? 0;
  checkRange(act, "series[0].values[0].length", seeds, { min: 2 });
  series.forEach(({ values }, s) => {
    checkLength(act, `series[${s}].values`, values, labels.length);
    values.forEach((scores, i) => {
      checkLength(act, `series[${s}].values[${i}]`, scores, seeds);
      checkFinite(act, `series[${s}].values[${i}]`, scores);
    });
  });

  const one = series.length === 1;
  const base = (s: number, i: number): ArrayLike<number> | undefined => {
    if (!one) return s === 0 ? undefined : series[0].values[i];
    if (i === 0) return undefined;
    return series[0].values[against === "first" ? 0 : i - 1];
  };
  const { xaxis, yaxis, ...layout } = figureLayout(options);
  const line = { zeroline: false, showgrid: true };
  return {
    data: series.flatMap((each, s) => {
      const color = each.color ?? palette[s % palette.length];
      const marker = { color, symbol: symbols[s % symbols.length], size: 9 };
      const at = (i: number) => i + (s - (series.length - 1) / 2) * APART;
      const shared = {
        type: "scatter" as const,
        mode: "markers" as const,
        name: plotText(each.name),
        legendgroup: `${s}`,
      };
      const differences = labels.keys().toArray()
        .filter((i) => base(s, i) !== undefined);
      return [
        {
          ...shared,
          x: each.values.flatMap((scores) => Array.from(scores)),
          y: each.values.flatMap((scores, i) =>
            Array.from(scores, () => at(i) + 0.4 * APART)
          ),
          marker: { color, size: 5, opacity: 0.35 },
          showlegend: false,
          hoverinfo: "skip",
        },
        {
          ...shared,
          ...intervals(
            each.values.map((scores) => meanInterval(scores, { level })),
            digits,
          ),
          y: each.values.map((_, i) => at(i)),
          marker,
        },
        {
          ...shared,
          ...intervals(
            differences.map((i) =>
              pairedTest(base(s, i)!, each.values[i], { level })
            ),
            digits,
          ),
          y: differences.map(at),
          marker,
          xaxis: "x2",
          showlegend: false,
        },
      ] as Data[];
    }),
    layout: {
      ...layout,
      showlegend: !one,
      hovermode: "closest",
      height: 144 + 36 * labels.length * (1 + (series.length - 1) / 2),
      xaxis: {
        ...xaxis,
        ...line,
        domain: [0, 0.56],
        ...(xTitle && { title: { text: plotLines(xTitle, LINE) } }),
      },
      xaxis2: {
        ...line,
        domain: [0.62, 1],
        title: { text: plotLines(differenceTitle(options), LINE) },
      },
      yaxis: {
        ...yaxis,
        tickvals: [...labels.keys()],
        ticktext: labels.map(plotText),
        range: [labels.length - 0.5, -0.5],
        showgrid: false,
      },
      shapes: [{
        type: "line",
        xref: "x2",
        yref: "paper",
        x0: 0,
        x1: 0,
        y0: 0,
        y1: 1,
        line: { color: "#808080", width: 1, dash: "dash" },
      }],
    },
  };
}

/** Characters of a line below the panels, which are narrow on a phone. */
const LINE = 14;

/** Between series at one label; labels are 1 apart. */
const APART = 0.24;

function differenceTitle(options: AblationFigureOptions): string {
  const { labels, series, against } = options;
  if (series.length > 1) return `difference from ${series[0].name}`;
  return `difference from ${
    against === "previous" ? "the line above" : labels[0]
  }`;
}

/** Means with error bars, and both in words. */
function intervals(
  values: readonly { mean: number; halfWidth: number; p?: number }[],
  digits: number,
): object {
  return {
    x: values.map(({ mean }) => mean),
    error_x: {
      type: "data",
      array: values.map(({ halfWidth }) => halfWidth),
      thickness: 1.5,
      width: 5,
    },
    customdata: values.map(({ mean, halfWidth, p }) =>
      `${mean.toFixed(digits)} ± ${halfWidth.toFixed(digits)}${
        p === undefined ? "" : `, p = ${p.toPrecision(2)}`
      }`
    ),
    hovertemplate: "%{customdata}",
  };
}
