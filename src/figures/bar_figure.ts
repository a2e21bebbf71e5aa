/**
 * Bars with intervals: final scores side by side.
 *
 * @module
 */
import type { Data } from "plotly.js-dist-min";
import { checkFinite, checkLength, checkRange } from "../core/mod.ts";
import {
  type Figure,
  figureLayout,
  type FigureText,
  plotText,
} from "./figure.ts";
import { plotLines } from "./plot_lines.ts";
import { palette } from "./theme.ts";

/** Bars of one colour in a {@linkcode barFigure}: one method, say, over all labels. */
export interface BarGroup {
  /** Name in the legend and under the pointer. */
  name: string;
  /** One value per label, `[N]`. */
  values: ArrayLike<number>;
  /** Ends of each value's interval, `[N][2]`, low then high, in the values' unit. @default no intervals */
  intervals?: readonly (readonly [low: number, high: number])[];
  /** Colour, to keep one thing in one colour across figures. @default next of the palette */
  color?: string;
}

/** Options of {@linkcode barFigure}. */
export interface BarFigureOptions extends FigureText {
  /** What stands under each bar, or each cluster of bars, `[N]`. */
  labels: readonly string[];
  /** The bars, at least one group; several stand side by side. */
  groups: readonly BarGroup[];
  /** Where bars start, in the values' unit; a chance level is a fair start, a cut-off axis is not. @default 0 */
  from?: number;
  /** Decimals of the value written in each bar. @default 3 */
  digits?: number;
}

/**
 * Draws bars with intervals and the value in each bar.
 *
 * @param options Title, labels and values.
 * @returns A figure with one trace per group.
 * @throws {TypeError} If a group has not one value, and one interval, per label.
 * @throws {RangeError} If there is no group, a value is not finite, or an interval does not hold its value.
 *
 * @example
 * ```ts
 * import { barFigure } from "@outis/outis/figures";
 *
 * const figure = barFigure({
 *   title: "Verification accuracy on unseen identities",
 *   note: "10 folds; bars start at chance; interval: 95 %",
 *   labels: ["real only", "real + synthetic"],
 *   groups: [{
 *     name: "accuracy",
 *     values: [0.86, 0.89],
 *     intervals: [[0.84, 0.88], [0.87, 0.91]],
 *   }],
 *   from: 0.5,
 * });
 * ```
 */
export function barFigure(options: BarFigureOptions): Figure {
  const { labels, groups, from = 0, digits = 3 } = options;
  checkRange("draw bars", "groups.length", groups.length, { min: 1 });
  checkRange("draw bars", "from", from);
  checkRange("draw bars", "digits", digits, { min: 0, max: 20, integer: true });
  groups.forEach((group, i) => checkGroup(group, `groups[${i}]`, labels));
  const layout = figureLayout(options);
  const positions = Array.from(labels.keys());
  return {
    data: groups.map((group, i): Data => {
      const values = Array.from(group.values);
      const text = values.map((value) => value.toFixed(digits));
      return {
        type: "bar",
        name: plotText(group.name),
        x: positions,
        base: from,
        y: values.map((value) => value - from),
        marker: { color: group.color ?? palette[i % palette.length] },
        ...(group.intervals && {
          error_y: {
            type: "data",
            symmetric: false,
            array: group.intervals.map(([, high], i) => high - values[i]),
            arrayminus: group.intervals.map(([low], i) => values[i] - low),
            thickness: 1.5,
            width: 5,
          },
        }),
        text,
        textposition: "inside",
        insidetextanchor: "start",
        textangle: 0,
        customdata: group.intervals?.map(([low, high], i) =>
          `${text[i]} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
        ) ?? text,
        hovertemplate: "%{customdata}",
      };
    }),
    layout: {
      ...layout,
      showlegend: groups.length > 1,
      bargap: 0.35,
      bargroupgap: 0.08,
      xaxis: {
        ...layout.xaxis,
        tickvals: positions,
        ticktext: labels.map((label) => plotLines(label, LINE)),
        ticks: "",
      },
      yaxis: { ...layout.yaxis, zeroline: from === 0 },
    },
  };
}

/** Characters of a line below a bar: four such labels have room on a phone. */
const LINE = 12;

function checkGroup(
  { values, intervals }: BarGroup,
  name: string,
  labels: readonly string[],
): void {
  checkLength("draw bars", `${name}.values`, values, labels.length);
  checkFinite("draw bars", `${name}.values`, values);
  if (!intervals) return;
  checkLength("draw bars", `${name}.intervals`, intervals, labels.length);
  intervals.forEach(([low, high], i) => {
    checkRange("draw bars", `${name}.intervals[${i}][0]`, low, {
      max: values[i],
    });
    checkRange("draw bars", `${name}.intervals[${i}][1]`, high, {
      min: values[i],
    });
  });
}
