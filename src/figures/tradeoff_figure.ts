/**
 * What is lost of one thing where more is had of another.
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
import { palette, symbols } from "./theme.ts";

/** A curve along which one setting moves. */
export interface Tradeoff {
  /** What moves. Name in the legend. */
  name: string;
  /** Value of the setting at each point, `[N]`, as it is to be read under the pointer. */
  settings: readonly string[];
  /** What is paid, `[N]`. */
  x: ArrayLike<number>;
  /** What is had, `[N]`. */
  y: ArrayLike<number>;
  /** Half-widths of the bars along x, `[N]`. @default no bars */
  xError?: ArrayLike<number>;
  /** Half-widths of the bars along y, `[N]`. @default no bars */
  yError?: ArrayLike<number>;
}

/** A level that is no point of any curve: photographs, chance. */
export interface TradeoffLevel {
  /** What it is; stands at the line. */
  name: string;
  /** Where it crosses its axis. */
  value: number;
  /** The axis. */
  axis: "x" | "y";
}

/** Options of {@linkcode tradeoffFigure}. */
export interface TradeoffFigureOptions extends FigureText {
  /** The curves, at least one; a point alone is a curve, too. */
  curves: readonly Tradeoff[];
  /** Lines across. @default none */
  levels?: readonly TradeoffLevel[];
}

/**
 * Draws curves of two measures against each other, one point for each setting: privacy against utility, say.
 *
 * Points are joined in the order they are given in, and differ in shape from curve to curve, so that colour is never the
 * only difference.
 *
 * @param options Title, axes, curves and levels.
 * @returns A figure with one trace per curve.
 * @throws {TypeError} If the lists of a curve differ in length.
 * @throws {RangeError} If there is no curve, a number is not finite, or an error is negative.
 *
 * @example
 * ```ts
 * import { tradeoffFigure } from "@outis/outis/figures";
 *
 * const figure = tradeoffFigure({
 *   title: "Accuracy against leak rate",
 *   xTitle: "share of released images that match a real person",
 *   yTitle: "verification accuracy",
 *   curves: [{
 *     name: "drop threshold",
 *     settings: ["FMR 0.001", "FMR 0.01"],
 *     x: [0.3, 0.1],
 *     y: [0.71, 0.68],
 *   }],
 *   levels: [{ name: "photographs", value: 0.74, axis: "y" }],
 * });
 * ```
 */
export function tradeoffFigure(options: TradeoffFigureOptions): Figure {
  const { curves, levels = [] } = options;
  const act = "draw a trade-off";
  checkRange(act, "curves.length", curves.length, { min: 1 });
  for (const [i, curve] of curves.entries()) {
    const { settings, x, y, xError = x, yError = y } = curve;
    const lists = { x, y, xError, yError };
    for (const [name, values] of Object.entries(lists)) {
      checkLength(act, `curves[${i}].${name}`, values, settings.length);
      checkFinite(act, `curves[${i}].${name}`, values);
    }
    for (const name of ["xError", "yError"] as const) {
      Array.from(curve[name] ?? []).forEach((value, k) =>
        checkRange(act, `curves[${i}].${name}[${k}]`, value, { min: 0 })
      );
    }
  }
  const layout = figureLayout(options);
  return {
    data: curves.map(trace),
    layout: {
      ...layout,
      showlegend: curves.length > 1,
      hovermode: "closest",
      shapes: levels.map(({ axis, value }) => {
        const along = axis === "y" ? "x" : "y";
        return {
          type: "line",
          [`${along}ref`]: "paper",
          [`${along}0`]: 0,
          [`${along}1`]: 1,
          [`${axis}0`]: value,
          [`${axis}1`]: value,
          line: { color: GREY, width: 1, dash: "dash" },
        };
      }),
      annotations: levels.map(({ axis, name, value }) => ({
        text: plotText(name),
        showarrow: false,
        font: { color: GREY, size: 11 },
        ...(axis === "y"
          ? { xref: "paper", x: 1, xanchor: "right", y: value, yshift: 8 }
          : {
            yref: "paper",
            y: 1,
            yanchor: "top",
            x: value,
            textangle: -90,
            xshift: -8,
          }),
      })),
    },
  };
}

/** Readable on both grounds. */
const GREY = "#808080";

function trace(curve: Tradeoff, index: number): Data {
  const { name, settings, x, y, xError, yError } = curve;
  const color = palette[index % palette.length];
  const bars = (values: ArrayLike<number>) => ({
    type: "data" as const,
    array: Array.from(values),
    color,
    thickness: 1,
    width: 3,
  });
  return {
    type: "scatter",
    name: plotText(name),
    x: Array.from(x),
    y: Array.from(y),
    ...(xError && { error_x: bars(xError) }),
    ...(yError && { error_y: bars(yError) }),
    text: settings.map(plotText),
    mode: "lines+markers",
    line: { color, width: 1.5, dash: "dot" },
    marker: { color, size: 9, symbol: symbols[index % symbols.length] },
    hovertemplate: "%{text}<br>%{x:.3~g}, %{y:.3~g}",
  };
}
