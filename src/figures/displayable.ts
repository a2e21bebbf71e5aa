/**
 * Figures, pictures and tables as the output of a notebook's cell.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import { Html } from "./html.ts";
import { partsStyle } from "./report_style.ts";
import { lightTheme } from "./theme.ts";

/** The same thing by media type. */
export type MediaBundle = { [mediaType: string]: unknown };

/** What Deno's Jupyter kernel shows in its own way, as the last value of a cell or by `Deno.jupyter.display`. */
export interface Displayable {
  /** What is shown. */
  [display: symbol]: () => MediaBundle;
}

/**
 * Makes a part of a report something a notebook shows.
 *
 * @param part A figure, or markup such as a picture grid or a table.
 * @returns The last value of a cell, or an argument of `Deno.jupyter.display`.
 *
 * @example
 * ```ts
 * import { curveFigure, displayable } from "@outis/outis/figures";
 *
 * const loss = { name: "loss", y: [3, 2, 1] };
 * displayable(curveFigure({ title: "Loss", series: [loss] })); // as the last line of a cell
 * ```
 */
export function displayable(part: Figure | Html): Displayable {
  return { [Symbol.for("Jupyter.display")]: () => mediaBundle(part) };
}

/**
 * What is shown of a part, by media type.
 *
 * @param part A figure, or markup.
 * @returns A figure for Plotly, markup with its style; text for those who show neither.
 *
 * @example
 * ```ts
 * import { markup, mediaBundle } from "@outis/outis/figures";
 *
 * console.log("text/html" in mediaBundle(markup`<b>Faces</b>`)); // true
 * ```
 */
export function mediaBundle(part: Figure | Html): MediaBundle {
  if (part instanceof Html) {
    return {
      "text/html": `<div class="outis"><style>${STYLE}</style>${part}</div>`,
    };
  }
  const { data, layout } = part;
  return {
    "application/vnd.plotly.v1+json": { data, layout },
    "text/plain": `A figure: ${layout.title?.text ?? "without a title"}`,
  };
}

/**
 * The notebook's own colours, whatever its theme. JupyterLab has a style for tables of its own, with alternating rows;
 * the class named three times outweighs it.
 */
const STYLE = `.outis.outis.outis {
--ink: currentColor; --muted: color-mix(in srgb, currentColor 65%, transparent);
--rule: color-mix(in srgb, currentColor 30%, transparent); --grid: color-mix(in srgb, currentColor 15%, transparent);
--surface: color-mix(in srgb, currentColor 8%, transparent); --paper: transparent; --accent: ${lightTheme.accent};
table { margin: 0; table-layout: auto; font-size: inherit; }
tr, tr:hover { background: none; }
th, td { max-width: none; text-align: left; }
${partsStyle}.scroll { background: none; } /* its shade needs a paper of one colour */
}`;
