/**
 * Receiver operating characteristics, with the rates that matter in front.
 *
 * @module
 */
import type { Data } from "plotly.js-dist-min";
import { checkRange } from "../core/mod.ts";
import {
  type Figure,
  figureLayout,
  type FigureText,
  plotText,
} from "./figure.ts";
import { palette } from "./theme.ts";

/** One curve of a {@linkcode rocFigure}. */
export interface RocCurve {
  /** Name in the legend and under the pointer. */
  name: string;
  /** Corners, [false accept rate, true accept rate], from [0, 0] to [1, 1], as `receiverCurve` gives them. */
  points:
    readonly (readonly [falseAcceptRate: number, trueAcceptRate: number])[];
  /** Colour, to keep one thing in one colour across figures. @default next of the palette */
  color?: string;
}

/** Options of {@linkcode rocFigure}. */
export interface RocFigureOptions extends FigureText {
  /** The curves, at least one. */
  curves: readonly RocCurve[];
  /** Smallest false accept rate shown, in (0, 1); below one over the number of different pairs a curve says nothing. @default 1e-4 */
  from?: number;
}

/** Points in each decade, so that a straight line of the curve is bent as a logarithmic axis wants it. */
const PER_DECADE = 24;

const dashes = ["solid", "dash", "dot", "dashdot", "longdash"] as const;

/**
 * Draws receiver operating characteristics over a logarithmic axis of false accept rates.
 *
 * @param options Title and curves.
 * @returns A figure with one trace per curve; dashes differ, so that colour is never the only difference.
 * @throws {RangeError} If there is no curve, `from` is not in (0, 1), or a point is no rate or goes backwards.
 *
 * @example
 * ```ts
 * import { rocFigure } from "@outis/outis/figures";
 *
 * const figure = rocFigure({
 *   title: "Verification of unseen people",
 *   note: "3,000 same and 3,000 different pairs",
 *   curves: [{ name: "real only", points: [[0, 0.6], [0.1, 0.9], [1, 1]] }],
 *   from: 1e-3,
 * });
 * ```
 */
export function rocFigure(options: RocFigureOptions): Figure {
  const { curves, from = 1e-4 } = options;
  const act = "draw a receiver curve";
  checkRange(act, "curves.length", curves.length, { min: 1 });
  checkRange(act, "from", from, { min: 0, max: 1, exclusive: true });
  curves.forEach(({ points }, k) => checkPoints(points, `curves[${k}].points`));
  const layout = figureLayout({
    xTitle: "false accept rate",
    yTitle: "true accept rate",
    ...options,
  });
  return {
    data: curves.map(({ name, points, color }, k): Data => {
      const shown = bend(points, from);
      return {
        type: "scatter",
        name: plotText(name),
        x: shown.map(([x]) => x),
        y: shown.map(([, y]) => y),
        mode: "lines",
        line: {
          color: color ?? palette[k % palette.length],
          width: 2,
          dash: dashes[k % dashes.length],
        },
        hovertemplate: "%{y:.3f} at %{x:.2e}",
      };
    }),
    layout: {
      ...layout,
      showlegend: curves.length > 1,
      hovermode: "closest",
      xaxis: {
        ...layout.xaxis,
        type: "log",
        range: [Math.log10(from), 0],
        dtick: 1,
      },
      yaxis: { ...layout.yaxis, range: [0, 1.02] },
    },
  };
}

function checkPoints(points: RocCurve["points"], name: string): void {
  const act = "draw a receiver curve";
  checkRange(act, `${name}.length`, points.length, { min: 2 });
  points.forEach(([x, y], i) => {
    const [least, lowest] = points[i - 1] ?? [0, 0];
    checkRange(act, `${name}[${i}][0]`, x, { min: least, max: 1 });
    checkRange(act, `${name}[${i}][1]`, y, { min: lowest, max: 1 });
  });
}

/** The curve from a rate on, with points between its corners. */
function bend(points: RocCurve["points"], from: number): [number, number][] {
  const decades = -Math.log10(from);
  const grid = Array.from(
    { length: Math.ceil(decades * PER_DECADE) + 1 },
    (_, k) => Math.min(1, from * 10 ** (k / PER_DECADE)),
  );
  const shown: [number, number][] = [];
  let at = 0;
  points.forEach(([x1, y1], i) => {
    const [x0, y0] = points[Math.max(0, i - 1)];
    for (; at < grid.length && grid[at] < x1; at++) {
      if (grid[at] >= x0) {
        shown.push([
          grid[at],
          y0 + (y1 - y0) * (grid[at] - x0) / (x1 - x0),
        ]);
      }
    }
    if (x1 >= from) shown.push([x1, y1]);
  });
  return shown;
}
