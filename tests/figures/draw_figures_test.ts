import { assertEquals, assertStringIncludes } from "@std/assert";
import { drawFigures } from "../../src/figures/draw_figures.ts";
import type { Figure } from "../../src/figures/figure.ts";
import { darkTheme, lightTheme } from "../../src/figures/theme.ts";

const figure: Figure = {
  data: [{ type: "scatter", name: "</script>", y: Float32Array.of(0.5, 2) }],
  layout: { title: { text: "t" }, template: {}, height: 120 },
};

/** What the script of the page reads. */
function parse(source: string) {
  const [, json] = source.match(/id="figures">(.*?)<\/script>/)!;
  return JSON.parse(json);
}

Deno.test("drawFigures() gives the script the data, typed arrays as plain ones, and no titles", async () => {
  const { html } = await drawFigures([figure, { data: [], layout: {} }]);
  assertEquals(parse(html.source).figures, [
    {
      data: [{ type: "scatter", name: "</script>", y: [0.5, 2] }],
      layout: { height: 120 },
    },
    { data: [], layout: {} },
  ]);
});

Deno.test("drawFigures() brings a template for each theme", async () => {
  const { html } = await drawFigures([figure]);
  const { light, dark } = parse(html.source).templates;
  assertEquals(light.layout.font.color, lightTheme.ink);
  assertEquals(dark.layout.font.color, darkTheme.ink);
  // The page writes the title, so the figure starts at its top.
  assertEquals([light.layout.margin.t, dark.layout.margin.t], [12, 12]);
});

Deno.test("drawFigures() keeps the notice that Plotly's licence asks for", async () => {
  const { html } = await drawFigures([figure]);
  assertStringIncludes(html.source, "plotly.js, MIT licence, © Plotly, Inc.");
});

Deno.test("drawFigures() of no figures is nothing", async () => {
  const { html, scripts } = await drawFigures([]);
  assertEquals([html.source, scripts], ["", []]);
});
