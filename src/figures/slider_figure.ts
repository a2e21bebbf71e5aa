/**
 * One figure with a slider over a setting.
 *
 * @module
 */
import type { Data, Layout } from "plotly.js-dist-min";
import { checkRange } from "../core/mod.ts";
import { type Figure, plotText } from "./figure.ts";

/** What a {@linkcode sliderFigure} shows at one position of its slider. */
export interface SliderPosition {
  /** Value of the setting, as it stands at the slider. */
  label: string;
  /** What is seen there. */
  figure: Figure;
}

/** Options of {@linkcode sliderFigure}. */
export interface SliderFigureOptions {
  /** Name of the setting; stands before its value. */
  name: string;
  /** Position at which the slider stands first. @default 0 */
  start?: number;
}

/** Room below the figure for the slider, in CSS pixels. */
const SLIDER_HEIGHT = 84;

/** Share of an axis that stays free on either side of what is drawn. */
const MARGIN = 0.05;

/**
 * Joins figures of one kind into one, with a slider to go from one to the other: what an equation does as one of its
 * constants moves.
 *
 * Title, axes and marks are those of the first figure. Its axes are held where all positions fit, so that what moves is
 * the data; an axis with a range of its own, or a logarithmic one, stays as it is.
 *
 * @param positions What is seen at each position, in the order of the slider.
 * @param options Name of the setting, and where it starts.
 * @returns A figure: the traces of all positions, of which one position's are visible.
 * @throws {RangeError} If there is no position, or `start` is none of them.
 *
 * @example
 * ```ts
 * import { curveFigure, sliderFigure } from "@outis/outis/figures";
 *
 * const x = [-2, -1, 0, 1, 2];
 * const figure = sliderFigure(
 *   [0.5, 1, 2].map((sigma) => ({
 *     label: String(sigma),
 *     figure: curveFigure({
 *       title: "A kernel and its bandwidth",
 *       x,
 *       series: [{ name: "k", y: x.map((u) => Math.exp(-u * u / (2 * sigma ** 2))) }],
 *     }),
 *   })),
 *   { name: "σ", start: 1 },
 * );
 * console.log(figure.data.length); // 3, one of them visible
 * ```
 */
export function sliderFigure(
  positions: readonly SliderPosition[],
  options: SliderFigureOptions,
): Figure {
  const { name, start = 0 } = options;
  const act = "draw a slider";
  checkRange(act, "positions.length", positions.length, { min: 1 });
  checkRange(act, "start", start, {
    min: 0,
    max: positions.length - 1,
    integer: true,
  });
  const owners = positions.flatMap(({ figure }, p) => figure.data.map(() => p));
  const traces = positions.flatMap(({ figure }) => figure.data);
  const { layout } = positions[0].figure;
  const shown = (position: number) => owners.map((owner) => owner === position);
  const visible = shown(start);
  return {
    data: traces.map((trace, i): Data => ({ ...trace, visible: visible[i] })),
    layout: {
      ...layout,
      height: (layout.height ?? 330) + SLIDER_HEIGHT,
      margin: { ...layout.margin, b: 44 + SLIDER_HEIGHT },
      xaxis: held(traces, "x", layout.xaxis),
      yaxis: held(traces, "y", layout.yaxis),
      sliders: [{
        active: start,
        currentvalue: { prefix: `${plotText(name)}: `, font: { size: 12 } },
        pad: { t: 48, b: 8 },
        ticklen: 4,
        steps: positions.map(({ label }, p) => ({
          label: plotText(label),
          method: "restyle",
          args: [{ visible: shown(p) }],
        })),
      }],
    },
  };
}

/** An axis with room for all traces. */
function held(
  traces: readonly Data[],
  name: "x" | "y",
  axis: Layout["xaxis"] = {},
): Layout["xaxis"] {
  if (axis.range !== undefined || axis.type === "log") return axis;
  const values = traces.flatMap((trace) => {
    const own = (trace as { [name: string]: unknown })[name];
    return ArrayBuffer.isView(own) || Array.isArray(own)
      ? Array.from(own as ArrayLike<unknown>)
      : [];
  }).filter((value) => typeof value === "number" && Number.isFinite(value));
  if (values.length === 0) return axis;
  const [low, high] = (values as number[]).reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  const room = MARGIN * (high - low) || 1;
  return { ...axis, range: [low - room, high + room] };
}
