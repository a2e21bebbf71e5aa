import { assert, assertEquals } from "@std/assert";
import { exportPage } from "../../src/figures/export_page.ts";

Deno.test("exportPage() keeps what is in a figure from ending the script it stands in", async () => {
  const page = await exportPage([{
    figure: {
      data: [{
        type: "scatter",
        name: "</script><script>",
        y: new Float32Array([1, 2]),
      }],
      layout: {},
    },
    options: { format: "svg", width: 10, height: 10, scale: 1 },
  }]);
  const [, json] = page.match(
    /<script type="application\/json" id="figures">([^<]*)<\/script>/,
  )!;
  const [{ figure }] = JSON.parse(json);
  assertEquals(figure.data[0].name, "</script><script>");
  assertEquals(figure.data[0].y, [1, 2]);
  // Plotly's and the page's own, and no other.
  assertEquals(page.match(/sha256-/g)?.length, 2);
  assert(page.includes("default-src &#39;none&#39;"));
});
