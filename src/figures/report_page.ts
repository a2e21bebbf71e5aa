/**
 * A report: one HTML file that needs nothing but itself.
 *
 * @module
 */
import { type Figure, plainText } from "./figure.ts";
import { contentPolicy } from "./content_policy.ts";
import { drawFigures } from "./draw_figures.ts";
import { Html, markup } from "./html.ts";
import { reportStyle } from "./report_style.ts";

/** One part of a report: what it shows, in the order given; figures that follow each other stand side by side. */
export interface ReportSection {
  /** Heading. */
  heading: string;
  /** A sentence or two on what to look at. @default none */
  intro?: string | Html;
  /** Grids, tables, markup; figures; plain strings are paragraphs. */
  parts: readonly (Html | Figure | string)[];
}

/** What {@linkcode reportPage} writes. Every string is plain text: whatever is in it, it is shown and never obeyed. */
export interface Report {
  /** Title of page and tab. */
  title: string;
  /** One sentence on what was run. @default none */
  subtitle?: string;
  /** What a reader asks first: data, counts, protocol, seed, engine, time. */
  facts: readonly (readonly [label: string, value: string | number | Html])[];
  /** Sections, pictures first. */
  sections: readonly ReportSection[];
  /** Everything needed to run it again; printed as JSON at the end, folded. @default none */
  manifest?: unknown;
}

/**
 * Writes a report.
 *
 * Pictures, tables and text are plain HTML and are there at once; figures are drawn by Plotly, which travels packed at
 * the end of the page. A Content-Security-Policy forbids every request and every script but the page's own two, so
 * that a name in the data can do nothing, and nothing of the data leaves the page.
 *
 * @param report Texts, sections, manifest.
 * @returns The page: about 2 MB and its pictures, if there is a figure; else just these.
 * @throws {TypeError} If the manifest cannot be written as JSON.
 *
 * @example
 * ```ts
 * import { curveFigure, reportPage } from "@outis/outis/figures";
 *
 * const page = await reportPage({
 *   title: "Faces of nobody",
 *   subtitle: "40 procedural identities, tuned for 60 iterations",
 *   facts: [["seed", 1], ["engine", "tensorflow 2.21, CPU"]],
 *   sections: [{
 *     heading: "Rewards",
 *     parts: [
 *       curveFigure({
 *         title: "Semantic consistency",
 *         series: [{ name: "reward", y: [0.80, 0.84] }],
 *       }),
 *     ],
 *   }],
 *   manifest: { seed: 1 },
 * });
 * ```
 */
export async function reportPage(report: Report): Promise<string> {
  const { title, subtitle, facts, sections, manifest } = report;
  const figures: Figure[] = [];
  const main = sections.map(({ heading, intro, parts }, i) =>
    markup`
<section id="section-${i + 1}">
<h2>${heading}</h2>
${paragraph(intro)}${partsHtml(parts, figures)}</section>
`
  );
  const drawing = await drawFigures(figures);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${
    contentPolicy(drawing.scripts)
  }">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(reportStyle)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${subtitle && markup`<p class="subtitle">${subtitle}</p>`}
<dl class="facts">${
    facts.map(([label, value]) =>
      markup`<div><dt>${label}</dt><dd>${value}</dd></div>`
    )
  }</dl>
${sections.length > 1 && contents(sections)}
</header>
<main>${main}</main>
${manifest !== undefined && folded("Run manifest", manifest)}
${drawing.html}
</body>
</html>
`.source;
}

function folded(summary: string, value: unknown): Html {
  const json = JSON.stringify(value, null, 2);
  return markup`<details><summary>${summary}</summary><pre>${json}</pre></details>`;
}

function contents(sections: readonly ReportSection[]): Html {
  return markup`<nav aria-label="Contents">${
    sections.map(({ heading }, i) =>
      markup`<a href="#section-${i + 1}">${heading}</a>`
    )
  }</nav>`;
}

function paragraph(text: string | Html | undefined): Html | undefined {
  return text ? markup`<p>${text}</p>\n` : undefined;
}

/** Writes the parts and appends their figures to `figures`, where the page's script finds them by index. */
function partsHtml(
  parts: ReportSection["parts"],
  figures: Figure[],
): (Html | undefined)[] {
  const pieces: (Html | undefined)[] = [];
  let row: Html[] = [];
  for (const part of [...parts, undefined]) {
    if (part && isFigure(part)) {
      row.push(figureHtml(part, figures.push(part) - 1));
      continue;
    }
    if (row.length > 0) pieces.push(markup`<div class="plots">${row}</div>\n`);
    row = [];
    pieces.push(part instanceof Html ? part : paragraph(part));
  }
  return pieces;
}

function isFigure(part: Html | Figure | string): part is Figure {
  return typeof part === "object" && "data" in part;
}

/** Room for a figure, and its title as text: it wraps, can be searched, and is there before the figure is. */
function figureHtml({ layout }: Figure, index: number): Html {
  const title = plainText(layout.title?.text ?? `Figure ${index + 1}`);
  const note = plainText(layout.title?.subtitle?.text ?? "");
  const style = `height: ${layout.height ?? 300}px`;
  return markup`<figure class="plot"><figcaption><b>${title}</b>${note}</figcaption><div class="canvas" data-figure="${index}" role="img" aria-label="${title}" style="${style}"></div></figure>`;
}
