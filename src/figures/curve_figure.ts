/**
 * Curves over training: losses, rewards, KL.
 *
 * @module
 */
import type { Data } from "plotly.js-dist-min";
import { checkLength, checkRange } from "../core/mod.ts";
import {
  type Figure,
  figureLayout,
  type FigureText,
  plotText,
} from "./figure.ts";
import { runningMean } from "./running_mean.ts";
import { palette, symbols } from "./theme.ts";

/** One curve of a {@linkcode curveFigure}. */
export interface Curve {
  /** Name in the legend and under the pointer. */
  name: string;
  /** Positions, `[N]`. @default the figure's x */
  x?: ArrayLike<number>;
  /** Values, `[N]`; one that is not finite leaves a gap. */
  y: ArrayLike<number>;
  /** Half-width of the band around y, `[N]`, in y's unit, e.g. a standard error. @default no band */
  error?: ArrayLike<number>;
  /** Colour, to keep one thing in one colour across figures. @default next of the palette */
  color?: string;
}

/** Options of {@linkcode curveFigure}. */
export interface CurveFigureOptions extends FigureText {
  /** The curves, at least one. */
  series: readonly Curve[];
  /** Positions of all curves that bring none, `[N]`. @default 0, 1, 2, … */
  x?: ArrayLike<number>;
  /** Vertical scale; a logarithmic one leaves out what is not positive. @default "linear" */
  yScale?: "linear" | "log";
  /** Window of a centred running mean, odd, in points; the raw curve stays behind it, faint. @default 1 */
  smoothing?: number;
}

/** Above this many points a curve is drawn without a mark at each. */
const markedPoints = 40;

/**
 * Draws curves with bands of uncertainty.
 *
 * The band is [y - error, y + error]. Short curves have marks whose shapes differ, so that colour is never the only
 * difference.
 *
 * @param options Title, axes and curves.
 * @returns A figure: first the bands, then the raw curves where they are smoothed, then the lines.
 * @throws {TypeError} If x, y and error of a curve differ in length.
 * @throws {RangeError} If there is no curve, an error is negative, or the window is no odd whole number.
 *
 * @example
 * ```ts
 * import { curveFigure } from "@outis/outis/figures";
 *
 * const figure = curveFigure({
 *   title: "Semantic consistency",
 *   note: "64 fixed evaluation seeds; band: one standard error",
 *   xTitle: "RL iteration",
 *   yTitle: "reward",
 *   x: [0, 10, 20],
 *   series: [{
 *     name: "after RL",
 *     y: [0.80, 0.84, 0.86],
 *     error: [0.01, 0.01, 0.01],
 *   }],
 * });
 * ```
 */
export function curveFigure(options: CurveFigureOptions): Figure {
  const { series, x, yScale = "linear", smoothing = 1 } = options;
  checkRange("draw curves", "series.length", series.length, { min: 1 });
  const curves = series.map((curve, i) => resolve(curve, i, x, yScale));
  const layout = figureLayout(options);
  return {
    data: [
      ...curves.filter((curve) => curve.error).map(band),
      ...curves.filter(() => smoothing !== 1).map(rawLine),
      ...curves.map((curve, i) => line(curve, i, smoothing)),
    ],
    layout: {
      ...layout,
      showlegend: series.length > 1,
      hovermode: "x unified",
      yaxis: {
        ...layout.yaxis,
        type: yScale,
        // Labels at 1, 2 and 5 of each decade.
        ...(yScale === "log" && { dtick: "D2" }),
      },
    },
  };
}

/** A curve whose every field is there, checked, with NaN for what cannot be drawn. */
interface ResolvedCurve {
  name: string;
  group: string;
  color: string;
  x: number[];
  y: number[];
  error?: number[];
}

function resolve(
  curve: Curve,
  index: number,
  sharedX: ArrayLike<number> | undefined,
  yScale: "linear" | "log",
): ResolvedCurve {
  const name = `series[${index}]`;
  const least = yScale === "log" ? Number.MIN_VALUE : -Infinity;
  const y = Array.from(curve.y, (v) => v >= least && v < Infinity ? v : NaN);
  const x = Array.from(curve.x ?? sharedX ?? y.keys());
  checkLength("draw a curve", `${name}.x`, x, y.length);
  if (curve.error) {
    checkLength("draw a curve", `${name}.error`, curve.error, y.length);
  }
  const error = curve.error && Array.from(curve.error, (half, i) => {
    if (half < 0) {
      checkRange("draw a curve", `${name}.error[${i}]`, half, { min: 0 });
    }
    return half < Infinity && y[i] - half >= least ? half : NaN;
  });
  return {
    name: plotText(curve.name),
    group: `${index}`,
    color: curve.color ?? palette[index % palette.length],
    x,
    y,
    error,
  };
}

function line(
  { name, group, color, x, y, error }: ResolvedCurve,
  index: number,
  smoothing: number,
): Data {
  return {
    type: "scatter",
    name,
    legendgroup: group,
    x,
    y: gaps(runningMean(y, smoothing)),
    mode: y.length > markedPoints ? "lines" : "lines+markers",
    line: { color, width: 2 },
    marker: { color, size: 6, symbol: symbols[index % symbols.length] },
    ...(error && { customdata: gaps(error) }),
    hovertemplate: error ? "%{y:.4~g} ± %{customdata:.2~g}" : "%{y:.4~g}",
  };
}

function rawLine({ name, group, color, x, y }: ResolvedCurve): Data {
  return {
    type: "scatter",
    name,
    legendgroup: group,
    showlegend: false,
    hoverinfo: "skip",
    x,
    y: gaps(y),
    mode: "lines",
    line: { color, width: 1 },
    opacity: 0.3,
  };
}

/** One closed outline per run of points that have an error: forward along the upper edge, back along the lower. */
function band({ name, group, color, x, y, error = [] }: ResolvedCurve): Data {
  const outlineX: (number | null)[] = [];
  const outlineY: (number | null)[] = [];
  for (let start = 0; start < y.length; start++) {
    let end = start;
    while (Number.isFinite(y[end]) && Number.isFinite(error[end])) end++;
    if (end === start) continue;
    const run = Array.from({ length: end - start }, (_, i) => start + i);
    const back = run.toReversed();
    if (outlineX.length > 0) {
      outlineX.push(null);
      outlineY.push(null);
    }
    outlineX.push(...run.map((i) => x[i]), ...back.map((i) => x[i]));
    outlineY.push(
      ...run.map((i) => y[i] + error[i]),
      ...back.map((i) => y[i] - error[i]),
    );
    start = end;
  }
  return {
    type: "scatter",
    name,
    legendgroup: group,
    showlegend: false,
    hoverinfo: "skip",
    x: outlineX,
    y: outlineY,
    mode: "lines",
    line: { width: 0 },
    fill: "toself",
    fillcolor: `${color}30`,
  };
}

/** Plotly leaves a gap at null; NaN has no form in JSON. */
function gaps(values: readonly number[]): (number | null)[] {
  return values.map((value) => Number.isFinite(value) ? value : null);
}
