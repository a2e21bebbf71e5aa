/**
 * A notebook as one offline page in the look of the report.
 *
 * @module
 */
import hljs from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import { Marked } from "marked";
import temml from "temml";
import {
  type Figure,
  Html,
  markup,
  reportPage,
  type ReportSection,
} from "../../src/figures/mod.ts";
import {
  type Cell,
  type CellOutput,
  type Notebook,
  textOf,
} from "./notebook.ts";

hljs.registerLanguage("typescript", typescript);

/** Looks of code and of what it says; colours of the report. */
const STYLE = markup`<style>${new Html(`
pre { overflow-x: auto; max-height: none; margin: .75rem 0; padding: .8rem 1rem; border-radius: 6px; background: var(--surface); font: .8125rem/1.5 ui-monospace, monospace; }
pre.output { background: none; border-left: 2px solid var(--rule); border-radius: 0; padding: .1rem 1rem; color: var(--muted); white-space: pre-wrap; }
pre.error { border-left-color: #d55e00; }
.hljs-keyword, .hljs-literal, .hljs-built_in { color: var(--accent); }
.hljs-comment { color: var(--muted); font-style: italic; }
.hljs-string, .hljs-number { color: #009e73; }
math[display="block"] { margin: .8rem 0; overflow-x: auto; }
.prose { max-width: 44rem; } .prose ul, .prose ol { margin: 0 0 1rem; } figure + .prose, .outis + .prose, .plots + .prose { margin-top: 1.25rem; } .prose table { border-collapse: collapse; } .prose td, .prose th { padding: .2rem 1rem .2rem 0; text-align: left; border-bottom: 1px solid var(--grid); }
`)}</style>`;

const markdown = new Marked({
  async: false,
  extensions: [{
    name: "formula",
    level: "inline",
    start: (source: string) => source.indexOf("$"),
    tokenizer(source: string) {
      const found = /^\$\$([^]+?)\$\$|^\$([^$\n]+?)\$/.exec(source);
      if (found === null) return;
      const [raw, block, inline] = found;
      return { type: "formula", raw, text: block ?? inline, block };
    },
    renderer: ({ text, block }) =>
      temml.renderToString(text, { displayMode: block !== undefined }),
  }],
});

/**
 * Writes the page.
 *
 * @param notebook With its outputs.
 * @param facts What the head of the page says of the run.
 */
export async function notebookPage(
  notebook: Notebook,
  facts: readonly (readonly [string, string])[],
): Promise<string> {
  const { title, sections } = sectionsOf(notebook);
  return await reportPage({ title, facts, sections });
}

/** One section for each heading of the second order; the one of the first order is the title. */
function sectionsOf(
  notebook: Notebook,
): { title: string; sections: ReportSection[] } {
  let title = notebook.name;
  const sections: { heading: string; parts: (Html | Figure | string)[] }[] = [];
  let parts: (Html | Figure | string)[] = [STYLE];
  const first = parts;
  for (const cell of notebook.cells) {
    if (cell.kind === "code") {
      parts.push(codeOf(cell), ...cell.outputs.flatMap(outputOf));
      continue;
    }
    for (const block of cell.source.split(/^(?=##? )/m)) {
      const heading = /^(##?) (.*)\n?/.exec(block);
      const rest = heading ? block.slice(heading[0].length) : block;
      if (heading?.[1] === "#") title = heading[2];
      if (heading?.[1] === "##") {
        sections.push({ heading: heading[2], parts: parts = [] });
      }
      if (rest.trim()) parts.push(prose(rest));
    }
  }
  if (first.length > 1 || sections.length === 0) {
    sections.unshift({ heading: "About", parts: first });
  } else sections[0].parts.unshift(STYLE);
  return { title, sections };
}

/** Markdown with formulas between dollar signs, as MathML: no font and no script is needed for it. */
function prose(text: string): Html {
  const html = markdown.parse(text) as string;
  return markup`<div class="prose">${new Html(html)}</div>`;
}

function codeOf({ source }: Cell): Html {
  const { value } = hljs.highlight(source, { language: "typescript" });
  return markup`<pre><code>${new Html(value)}</code></pre>`;
}

function outputOf(output: CellOutput): (Html | Figure)[] {
  if (output.output_type === "stream") {
    return [markup`<pre class="output">${plain(textOf(output.text))}</pre>`];
  }
  if (output.output_type === "error") {
    const text = plain((output.traceback ?? []).join("\n"));
    return [markup`<pre class="output error">${text}</pre>`];
  }
  const data = output.data ?? {};
  const figure = data["application/vnd.plotly.v1+json"];
  if (figure !== undefined) return [figure as Figure];
  const html = data["text/html"];
  if (html !== undefined) return [new Html(textOf(html as string | string[]))];
  const png = data["image/png"];
  if (png !== undefined) {
    const source = `data:image/png;base64,${textOf(png as string).trim()}`;
    return [markup`<img src="${source}" alt="Output of the cell">`];
  }
  const text = textOf(data["text/plain"] as string | string[] | undefined);
  return text.trim() === "undefined" || text === ""
    ? []
    : [markup`<pre class="output">${plain(text)}</pre>`];
}

/** Without the colours of a terminal. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[\d;]*m/g, "").trimEnd();
}
