/**
 * Curves as a few lines of SVG, for what is drawn again and again.
 *
 * @module
 */
import type { Curve } from "./curve_figure.ts";
import type { FigureText } from "./figure.ts";
import { type Html, markup } from "./html.ts";
import { palette } from "./theme.ts";

/** Options of {@linkcode curveSketch}. */
export interface CurveSketchOptions extends Omit<FigureText, "yTitle"> {
  /** The curves. */
  series: readonly Pick<Curve, "name" | "y">[];
  /** Positions of all curves, ascending, `[N]`. */
  x: readonly number[];
}

/** The drawing's own units, of which it is as many pixels wide where there is room. */
const [WIDTH, HEIGHT] = [720, 260];
/** Free of curves: numbers stand here. */
const MARGIN = { left: 56, right: 16, top: 10, bottom: 42 };

/**
 * Draws curves without Plotly: smaller by far, and at once there, in the colours of the text around it.
 *
 * A notebook needs it while curves grow: JupyterLab draws a Plotly figure once, and shows nothing of what replaces it.
 *
 * @param options Title and curves; what is not finite leaves a gap.
 * @returns Markup with an SVG in it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { curveSketch } from "./curve_sketch.ts";
 *
 * const sketch = curveSketch({ title: "Loss", x: [1, 2], series: [{ name: "loss", y: [2, 1] }] });
 * assert(sketch.source.includes("<path"));
 * ```
 */
export function curveSketch(options: CurveSketchOptions): Html {
  const { title, note, xTitle, series, x } = options;
  const values = series.flatMap(({ y }) => Array.from(y))
    .filter(Number.isFinite);
  const across = scale(x, MARGIN.left, WIDTH - MARGIN.right);
  const up = scale(values, HEIGHT - MARGIN.bottom, MARGIN.top);
  const label = (
    at: [x: number, y: number],
    anchor: "start" | "middle" | "end",
    text: string | number,
  ) =>
    markup`<text x="${at[0]}" y="${
      at[1]
    }" text-anchor="${anchor}">${text}</text>`;
  const bottom = HEIGHT - MARGIN.bottom;
  const grid = up.ticks.map((value) =>
    markup`<path d="M${MARGIN.left},${up.place(value)}H${
      WIDTH - MARGIN.right
    }" stroke="currentColor" stroke-opacity=".15"/>${
      label([MARGIN.left - 8, up.place(value) + 4], "end", value)
    }`
  );
  const below = across.ticks.map((value) =>
    label([across.place(value), bottom + 16], "middle", value)
  );
  const lines = series.map(({ y }, k) =>
    markup`<path d="${
      pathOf(x, Array.from(y), across.place, up.place)
    }" fill="none" stroke="${
      colorOf(k)
    }" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`
  );
  const legend = series.length < 2
    ? []
    : series.map(({ name }, k) =>
      markup` <span style="color: ${
        colorOf(k)
      }" aria-hidden="true">●</span> ${name}`
    );
  return markup`<figure><figcaption><b>${title}</b>${note}${legend}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}" style="display: block; width: 100%; max-width: ${WIDTH}px; font-size: 12px"><g fill="currentColor" fill-opacity=".7">${grid}${below}${
    label([(MARGIN.left + WIDTH) / 2, HEIGHT - 6], "middle", xTitle ?? "")
  }</g>${lines}</svg></figure>`;
}

function colorOf(index: number): string {
  return palette[index % palette.length];
}

/** Puts numbers between two places, and round ones among them at ticks. */
function scale(values: readonly number[], from: number, to: number) {
  let [low, high] = [Infinity, -Infinity];
  // A long training has more numbers than a call may have arguments.
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low < high)) {
    const only = Number.isFinite(low) ? low : 0;
    [low, high] = [only - 1, only + 1];
  }
  const rough = (high - low) / 4;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * [1, 2, 5, 10].find((by) => by * decade >= rough)!;
  const first = Math.ceil(low / step);
  const ticks = Array.from(
    { length: Math.floor(high / step) - first + 1 },
    (_, i) => Number(((first + i) * step).toPrecision(6)),
  );
  const place = (value: number) =>
    Number((from + (to - from) * (value - low) / (high - low)).toFixed(1));
  return { ticks, place };
}

/** Points of a line, of more than a page has pixels for. */
const POINTS = 1000;

/** A line through the points; round caps make a dot of one that stands alone. */
function pathOf(
  x: readonly number[],
  y: readonly number[],
  across: (value: number) => number,
  up: (value: number) => number,
): string {
  let path = "";
  let isDown = false;
  const every = Math.ceil(y.length / POINTS);
  y.forEach((value, i) => {
    if (i % every !== 0 && i < y.length - 1) return;
    if (Number.isFinite(value)) {
      const point = `${across(x[i])},${up(value)}`;
      path += isDown ? `L${point}` : `M${point}L${point}`;
    }
    isDown = Number.isFinite(value);
  });
  return path;
}
