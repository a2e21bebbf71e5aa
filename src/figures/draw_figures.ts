/**
 * The end of a page that draws figures: their data, Plotly, and the script that puts them together.
 *
 * @module
 */
import type { Template } from "plotly.js-dist-min";
import type { Figure } from "./figure.ts";
import { Html, markup } from "./html.ts";
import { plotlySource, scriptDigest } from "./plotly_source.ts";
import { reportScript } from "./report_script.ts";
import { darkTheme, lightTheme, plotTemplate, type Theme } from "./theme.ts";

/** What a page needs to draw its figures. */
export interface Drawing {
  /** Stands last in the body: data and Plotly as text, then one script. */
  html: Html;
  /** SHA-256 of the scripts that have to be allowed to run, in base64. */
  scripts: string[];
}

/**
 * Packs figures for a page.
 *
 * Titles are left out: the page writes them as text. The page draws figure i into each `.canvas` whose `data-figure`
 * is i, in the template of the reader's theme.
 *
 * @param figures Figures, in order; typed arrays in them become plain ones.
 * @returns Markup and digests; both empty if there are no figures.
 *
 * @example
 * ```ts
 * import { curveFigure } from "@outis/outis/figures";
 * import { drawFigures } from "./draw_figures.ts";
 *
 * const loss = curveFigure({ title: "Loss", series: [{ name: "loss", y: [2, 1] }] });
 * const { html, scripts } = await drawFigures([loss]);
 * ```
 */
export async function drawFigures(
  figures: readonly Figure[],
): Promise<Drawing> {
  if (figures.length === 0) return { html: new Html(""), scripts: [] };
  const plotly = await plotlySource();
  const json = JSON.stringify({
    figures: figures.map(({ data, layout }) => ({
      data,
      layout: { ...layout, title: undefined, template: undefined },
    })),
    templates: { light: template(lightTheme), dark: template(darkTheme) },
  }, plainArrays);
  // The text of a script ends at the first "</script": in JSON every "<" can be written otherwise.
  const data = new Html(json.replaceAll("<", "\\u003c"));
  return {
    html:
      markup`<footer>Figures drawn by plotly.js, MIT licence, © Plotly, Inc.</footer>
<noscript>The figures of this page are drawn by a script inside it, which was not run.</noscript>
<script type="application/json" id="figures">${data}</script>
<script type="text/plain" id="plotly">${plotly.gzipped}</script>
<script>${new Html(reportScript)}</script>`,
    scripts: [plotly.digest, scriptDigest(reportScript)],
  };
}

/** The template without room for a title. */
function template(theme: Theme): Template {
  const { layout, ...rest } = plotTemplate(theme);
  const margin = { ...layout?.margin, t: 12 };
  return { ...rest, layout: { ...layout, margin } };
}

/**
 * Makes typed arrays plain ones, as `JSON.stringify`'s second argument.
 *
 * @param _key Name or index of the value.
 * @param value Any value.
 * @returns The value, or a plain array of the same numbers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plainArrays } from "./draw_figures.ts";
 *
 * assertEquals(JSON.stringify(new Float32Array([1]), plainArrays), "[1]");
 * ```
 */
export function plainArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as Float32Array)
    : value;
}
