import { assertEquals } from "@std/assert";
import { figureLayout, plainText, plotText } from "../../src/figures/figure.ts";

const folder = `<a href="x">s01</a> & &lt;b&gt;`;

Deno.test("plotText() leaves Plotly no tag and no entity to read", () => {
  assertEquals(
    plotText(folder),
    `&lt;a href="x"&gt;s01&lt;/a&gt; &amp; &amp;lt;b&amp;gt;`,
  );
});

Deno.test("plainText() takes back what plotText() did", () => {
  assertEquals(plainText(plotText(folder)), folder);
});

Deno.test("figureLayout() escapes every text", () => {
  const layout = figureLayout({
    title: folder,
    note: folder,
    xTitle: folder,
    yTitle: folder,
  });
  const texts = [
    layout.title?.text,
    layout.title?.subtitle?.text,
    layout.xaxis?.title?.text,
    layout.yaxis?.title?.text,
  ];
  assertEquals(texts, Array(4).fill(plotText(folder)));
});

Deno.test("figureLayout() has no subtitle and no axis titles unless told", () => {
  const { title, xaxis, yaxis } = figureLayout({ title: "Loss" });
  assertEquals({ title, xaxis, yaxis }, {
    title: { text: "Loss" },
    xaxis: {},
    yaxis: {},
  });
});
