/**
 * What a run looks like: typed Plotly figures, picture grids, tables, and the offline report that holds them.
 *
 * @example
 * ```ts
 * import { curveFigure, reportPage, table } from "@outis/outis/figures";
 *
 * const page = await reportPage({
 *   title: "A run",
 *   facts: [["seed", 1]],
 *   sections: [{
 *     heading: "Recognition",
 *     parts: [
 *       table([{ title: "data" }, { title: "accuracy" }], [["real", 0.86]]),
 *       curveFigure({ title: "Loss", series: [{ name: "loss", y: [2, 1] }] }),
 *     ],
 *   }],
 * });
 * ```
 *
 * @module
 */
export * from "./ablation_figure.ts";
export * from "./angle_histogram.ts";
export * from "./bar_figure.ts";
export * from "./cmc_figure.ts";
export * from "./bias_figure.ts";
export * from "./curve_figure.ts";
export * from "./displayable.ts";
export * from "./dosnes_figure.ts";
export * from "./export_figure.ts";
export * from "./figure.ts";
export * from "./find_browser.ts";
export * from "./html.ts";
export {
  type GridImage,
  type GridRow,
  imageGrid,
  type ImageGridOptions,
} from "./image_grid.ts";
export * from "./neighbours_table.ts";
export * from "./plain_table.ts";
export * from "./live_curves.ts";
export * from "./report_page.ts";
export * from "./roc_figure.ts";
export * from "./slider_figure.ts";
export * from "./running_mean.ts";
export * from "./table.ts";
export * from "./theme.ts";
export {
  type Tradeoff,
  tradeoffFigure,
  type TradeoffFigureOptions,
  type TradeoffLevel,
} from "./tradeoff_figure.ts";
