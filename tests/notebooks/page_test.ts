import { assert, assertEquals } from "@std/assert";
import type { Cell, CellOutput } from "../../notebooks/tools/notebook.ts";
import { notebookPage } from "../../notebooks/tools/page.ts";
import { curveFigure } from "../../src/figures/mod.ts";

function markdown(source: string): Cell {
  return { kind: "markdown", source, outputs: [] };
}

function code(source: string, ...outputs: CellOutput[]): Cell {
  return { kind: "code", source, outputs };
}

function page(...cells: Cell[]): Promise<string> {
  return notebookPage({ name: "07_page", cells }, [["Deno", "2.9.6"]]);
}

Deno.test("notebookPage() makes sections of headings and MathML of formulas", async () => {
  const html = await page(
    markdown(
      "# Rewards\n\nWhat they are.\n\n## One\n\nSo $a_1$ and\n$$b^2$$\n",
    ),
    markdown("## Two\n\nIt costs 5 \\$."),
  );
  assert(html.includes("<title>Rewards</title>"), html.slice(0, 900));
  assertEquals(
    Array.from(html.matchAll(/<h2>(.*?)<\/h2>/g), ([, text]) => text),
    ["About", "One", "Two"],
  );
  assertEquals(html.match(/<math/g)?.length, 2);
  assertEquals(html.match(/<math[^>]*display="block"/g)?.length, 1);
});

Deno.test("notebookPage() shows what a cell gave: streams, figures, markup, errors", async () => {
  const { data, layout } = curveFigure({
    title: "Loss",
    series: [{ name: "a", y: [1, 2] }],
  });
  const html = await page(code(
    "const a = 1 < 2;",
    { output_type: "stream", name: "stdout", text: ["one\n", "<two>\n"] },
    {
      output_type: "display_data",
      data: { "application/vnd.plotly.v1+json": { data, layout } },
    },
    { output_type: "display_data", data: { "text/html": ["<b>bold</b>"] } },
    {
      output_type: "execute_result",
      data: { "text/plain": "\x1b[33m3\x1b[39m" },
    },
    { output_type: "execute_result", data: { "text/plain": "undefined" } },
    { output_type: "error", traceback: ["\x1b[31mTypeError\x1b[0m: no"] },
  ));
  assert(html.includes('<pre class="output">one\n&lt;two&gt;</pre>'));
  assert(html.includes('data-figure="0"'));
  assert(html.includes("<b>bold</b>"));
  assert(html.includes('<pre class="output">3</pre>'));
  assert(!html.includes(">undefined<"));
  assert(html.includes('<pre class="output error">TypeError: no</pre>'));
  assert(html.includes("</span> &lt; <span"), "code is escaped");
  // Nothing may be fetched.
  assert(!/(src|href)="https?:/.test(html));
});
