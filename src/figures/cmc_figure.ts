/**
 * Curves of cumulative matches: how often the right image is among the first k.
 *
 * @module
 */
import { checkFinite, checkRange } from "../core/mod.ts";
import { meanAndError } from "../metrics/mod.ts";
import { type Curve, curveFigure } from "./curve_figure.ts";
import type { Figure, FigureText } from "./figure.ts";

/** One model of a {@linkcode cmcFigure}. */
export interface CmcCurve {
  /** Name in the legend and under the pointer. */
  name: string;
  /** Share of queries with a match among the first k at place k - 1, in [0, 1]; or one such curve for each seed. */
  cmc: ArrayLike<number> | readonly ArrayLike<number>[];
  /** Colour, to keep one model in one colour across figures. @default next of the palette */
  color?: string;
}

/** Options of {@linkcode cmcFigure}. */
export interface CmcFigureOptions
  extends Partial<Omit<FigureText, "xTitle" | "yTitle">> {
  /** The models, at least one. */
  models: readonly CmcCurve[];
  /** Ranks to draw, as far as the curves reach. @default 20 */
  ranks?: number;
}

/**
 * Draws curves of cumulative matches, in percent of the queries. Of several seeds the mean is drawn, with a band of one
 * standard error.
 *
 * @param options Models and title.
 * @returns A figure.
 * @throws {RangeError} If there is no model, a curve is empty, a share is not in [0, 1], or `ranks` is no whole number
 *   above 0.
 *
 * @example
 * ```ts
 * import { cmcFigure } from "@outis/outis/figures";
 *
 * const figure = cmcFigure({
 *   note: "Market-1501, no re-ranking",
 *   models: [
 *     { name: "real", cmc: [0.94, 0.96, 0.97] },
 *     { name: "real + ours", cmc: [[0.95, 0.97, 0.98], [0.94, 0.97, 0.98]] },
 *   ],
 * });
 * ```
 */
export function cmcFigure(options: CmcFigureOptions): Figure {
  const { models, ranks = 20, title = "Cumulative matches", note } = options;
  checkRange("draw matches", "models.length", models.length, { min: 1 });
  checkRange("draw matches", "ranks", ranks, { min: 1, integer: true });
  return curveFigure({
    title,
    ...(note === undefined ? {} : { note }),
    xTitle: "rank k",
    yTitle: "queries matched by rank k, %",
    series: models.map((model, i) => curve(model, i, ranks)),
  });
}

function curve(model: CmcCurve, index: number, ranks: number): Curve {
  const { name, cmc, color } = model;
  const place = `models[${index}].cmc`;
  const seeds = isOne(cmc) ? [cmc] : Array.from(cmc);
  const length = Math.min(ranks, ...seeds.map(({ length }) => length));
  checkRange("draw matches", `${place}.length`, seeds.length && length, {
    min: 1,
  });
  for (const seed of seeds) {
    checkFinite("draw matches", place, seed);
    for (let k = 0; k < length; k++) {
      checkRange("draw matches", `${place}[${k}]`, seed[k], { min: 0, max: 1 });
    }
  }
  const percent = Array.from(
    { length },
    (_, k) => seeds.map((seed) => 100 * seed[k]),
  );
  const known = seeds.length > 1 ? percent.map(meanAndError) : undefined;
  return {
    name,
    x: Array.from({ length }, (_, k) => k + 1),
    y: known?.map(({ mean }) => mean) ?? percent.map(([only]) => only),
    ...(known && { error: known.map(({ standardError }) => standardError) }),
    ...(color === undefined ? {} : { color }),
  };
}

function isOne(cmc: CmcCurve["cmc"]): cmc is ArrayLike<number> {
  return cmc.length === 0 || typeof cmc[0] === "number";
}
