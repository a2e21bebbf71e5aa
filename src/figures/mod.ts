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
export * from "./bar_figure.ts";
export * from "./curve_figure.ts";
export * from "./figure.ts";
export * from "./html.ts";
export * from "./image_grid.ts";
export * from "./report_page.ts";
export * from "./running_mean.ts";
export * from "./table.ts";
export * from "./theme.ts";
