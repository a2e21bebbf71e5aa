/**
 * The page a browser draws figures in to write them down.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import { plainArrays } from "./draw_figures.ts";
import { contentPolicy } from "./content_policy.ts";
import { Html, markup } from "./html.ts";
import { plotlySource, scriptDigest } from "./plotly_source.ts";

/** A figure and how Plotly is to draw it. */
export interface ExportedFigure {
  /** The figure with its template and size. */
  figure: Figure;
  /** Options of `Plotly.toImage`. */
  options: {
    format: "png" | "svg";
    width: number;
    height: number;
    scale: number;
  };
}

/**
 * Writes a page that draws figures and leaves them behind as text: the JSON of their data URIs in `#drawn`, or what went
 * wrong in `#fault`. It takes itself apart after that, so that what is read back is not larger than need be.
 *
 * @param figures Figures in order; typed arrays in them become plain ones.
 * @returns The page.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { exportPage } from "./export_page.ts";
 *
 * const options = { format: "svg", width: 800, height: 450, scale: 1 } as const;
 * const page = await exportPage([{ figure: { data: [], layout: {} }, options }]);
 * assert(page.startsWith("<!doctype html>"));
 * ```
 */
export async function exportPage(
  figures: readonly ExportedFigure[],
): Promise<string> {
  const plotly = await plotlySource();
  // The text of a script ends at the first "</script": in JSON every "<" can be written otherwise.
  const json = new Html(
    JSON.stringify(figures, plainArrays).replaceAll("<", "\\u003c"),
  );
  const policy = contentPolicy([plotly.digest, scriptDigest(exportScript)]);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Figures</title>
</head>
<body>
<pre id="drawn"></pre>
<pre id="fault"></pre>
<script type="application/json" id="figures">${json}</script>
<script type="text/plain" id="plotly">${plotly.gzipped}</script>
<script>${new Html(exportScript)}</script>
</body>
</html>
`.source;
}

const exportScript = `
(async () => {
  const text = (id) => document.getElementById(id).textContent;
  try {
    const bytes = Uint8Array.from(atob(text("plotly")), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
    const drawn = [];
    for (const { figure, options } of JSON.parse(text("figures"))) {
      drawn.push(await globalThis.Plotly.toImage(figure, options));
    }
    document.getElementById("drawn").textContent = JSON.stringify(drawn);
  } catch (error) {
    document.getElementById("fault").textContent = error.message.replace(/[<>&]/g, " ");
  }
  for (const script of [...document.scripts]) script.remove();
})();
`;
