/**
 * Histograms of angles between features.
 *
 * @module
 */
import type { Data } from "plotly.js-dist-min";
import { checkFinite, checkRange } from "../core/mod.ts";
import {
  type Figure,
  figureLayout,
  type FigureText,
  plotText,
} from "./figure.ts";
import { palette } from "./theme.ts";

/** One distribution of an {@linkcode angleHistogram}. */
export interface AngleSeries {
  /** Name in the legend and under the pointer. */
  name: string;
  /** Pairs in each of the equal parts of [0°, 180°], as `angleDistributions` counts them. */
  histogram: readonly number[];
  /** Colour, to keep one thing in one colour across figures. @default next of the palette */
  color?: string;
}

/** Options of {@linkcode angleHistogram}. */
export interface AngleHistogramOptions extends FigureText {
  /** The distributions, at least one. */
  series: readonly AngleSeries[];
  /** An angle to be marked, in degrees, such as a threshold. @default none */
  mark?: number;
}

/**
 * Draws distributions of angles over degrees, each as a share of its own pairs, so that thousands of pairs within
 * identities stand beside millions between them.
 *
 * @param options Title, histograms, mark.
 * @returns A figure with one trace per distribution; the axis ends where the last of them does.
 * @throws {RangeError} If there is no distribution, one has no pairs, or the mark is not in [0, 180].
 *
 * @example
 * ```ts
 * import { angleHistogram } from "@outis/outis/figures";
 *
 * const figure = angleHistogram({
 *   title: "Angles between faces",
 *   series: [
 *     { name: "same person", histogram: [6, 3, 1, 0] },
 *     { name: "different people", histogram: [0, 20, 70, 10] },
 *   ],
 *   mark: 60,
 * });
 * ```
 */
export function angleHistogram(options: AngleHistogramOptions): Figure {
  const { series, mark } = options;
  const act = "draw angles";
  checkRange(act, "series.length", series.length, { min: 1 });
  if (mark !== undefined) checkRange(act, "mark", mark, { min: 0, max: 180 });
  const layout = figureLayout({
    xTitle: "angle, degrees",
    yTitle: "share of pairs, % per degree",
    ...options,
  });
  // The edge after the last part with a pair in it.
  const end = Math.max(
    mark ?? 0,
    ...series.map(({ histogram }) =>
      180 * (histogram.findLastIndex((count) => count > 0) + 1) /
      histogram.length
    ),
  );
  return {
    data: series.map(({ name, histogram, color }, k): Data => {
      checkFinite(act, `series[${k}].histogram`, histogram);
      const pairs = histogram.reduce((sum, count) => sum + count, 0);
      checkRange(act, `pairs of series[${k}]`, pairs, {
        min: 0,
        exclusive: "min",
      });
      const step = 180 / histogram.length;
      const colour = color ?? palette[k % palette.length];
      return {
        type: "scatter",
        name: plotText(name),
        // A step line needs the right edge of the last part, too.
        x: Array.from({ length: histogram.length + 1 }, (_, i) => i * step),
        y: [...histogram, histogram.at(-1)!].map((count) =>
          100 * count / pairs / step
        ),
        mode: "lines",
        line: { color: colour, width: 2, shape: "hv" },
        fill: "tozeroy",
        fillcolor: `${colour}30`,
        hovertemplate: "%{y:.3~g} % per degree from %{x:.1f}°",
      };
    }),
    layout: {
      ...layout,
      showlegend: series.length > 1,
      hovermode: "closest",
      xaxis: { ...layout.xaxis, range: [0, end] },
      yaxis: { ...layout.yaxis, rangemode: "tozero" },
      ...(mark !== undefined && {
        shapes: [{
          type: "line",
          x0: mark,
          x1: mark,
          y0: 0,
          y1: 1,
          yref: "paper",
          line: { dash: "dot", width: 1.5, color: "#808080" },
        }],
      }),
    },
  };
}
