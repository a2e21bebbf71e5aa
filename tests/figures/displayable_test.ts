import { assert, assertEquals } from "@std/assert";
import {
  curveFigure,
  displayable,
  markup,
  mediaBundle,
} from "../../src/figures/mod.ts";

const figure = curveFigure({ title: "Loss", series: [{ name: "a", y: [1] }] });

Deno.test("displayable() gives the kernel a figure for Plotly, with words beside it", () => {
  const shown = displayable(figure)[Symbol.for("Jupyter.display")]();
  assertEquals(shown, mediaBundle(figure));
  assertEquals(Object.keys(shown), [
    "application/vnd.plotly.v1+json",
    "text/plain",
  ]);
  assertEquals(shown["application/vnd.plotly.v1+json"], {
    data: figure.data,
    layout: figure.layout,
  });
});

Deno.test("mediaBundle() brings the style of pictures along, for its own part of the page only", () => {
  const html = String(mediaBundle(markup`<b>a &amp; b</b>`)["text/html"]);
  assert(html.includes("<b>a &amp; b</b>"));
  assert(html.includes("<style>.outis.outis.outis {"));
  assert(html.includes(".pictures table"));
});
