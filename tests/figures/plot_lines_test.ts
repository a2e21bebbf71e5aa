import { assertEquals } from "@std/assert";
import { plotLines } from "../../src/figures/plot_lines.ts";

Deno.test("plotLines() breaks at blanks only, and fills each line", () => {
  assertEquals(
    plotLines("real + reinforced, all", 12),
    "real +<br>reinforced,<br>all",
  );
  assertEquals(plotLines("uninterruptedly", 4), "uninterruptedly");
  assertEquals(plotLines("a b c d", 3), "a b<br>c d");
});

Deno.test("plotLines() escapes what Plotly would obey", () => {
  // Ten characters as they are read, though more when escaped.
  assertEquals(plotLines("<i> of 10", 12), "&lt;i&gt; of 10");
});
