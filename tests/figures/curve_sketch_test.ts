import { assert, assertEquals } from "@std/assert";
import { curveSketch } from "../../src/figures/curve_sketch.ts";
import { palette } from "../../src/figures/mod.ts";

/** Where the curves go: the paths without a fill. */
function curves(source: string): string[] {
  return Array.from(
    source.matchAll(/<path d="([^"]*)" fill="none"/g),
    ([, path]) => path,
  );
}

/** Texts of the drawing. */
function words(source: string): string[] {
  return Array.from(
    source.matchAll(/<text[^>]*>([^<]+)</g),
    ([, text]) => text,
  );
}

Deno.test("curveSketch() draws from edge to edge, and leaves a gap where a number is missing", () => {
  const { source } = curveSketch({
    title: "Loss",
    xTitle: "step",
    x: [1, 2, 3],
    series: [{ name: "a", y: [0, NaN, 4] }, { name: "b", y: [2, 2, 2] }],
  });
  // From 56 to 704 across, from 218 up to 10: 1 and 3, 0 and 4 are the ends, 2 is half-way.
  assertEquals(curves(source), [
    "M56,218L56,218M704,10L704,10",
    "M56,114L56,114L380,114L704,114",
  ]);
  // Fours of the range, rounded up to 1, 2 or 5: 0.5 across, 1 up.
  assertEquals(words(source), [
    ...["0", "1", "2", "3", "4"],
    ...["1", "1.5", "2", "2.5", "3"],
    "step",
  ]);
  assert(source.includes(palette[1]) && source.includes("b</figcaption>"));
});

Deno.test("curveSketch() draws a single point, and a level line, in the middle", () => {
  const one = curveSketch({
    title: "a",
    x: [7],
    series: [{ name: "a", y: [3] }],
  });
  assertEquals(curves(one.source), ["M380,114L380,114"]);
  assertEquals(words(one.source).slice(0, 5), ["2", "2.5", "3", "3.5", "4"]);
});

Deno.test("curveSketch() shows names as they are written", () => {
  const { source } = curveSketch({
    title: "<b>&",
    x: [0, 1],
    series: [{ name: "a", y: [1e-7, 2e-7] }],
  });
  assert(source.includes("&lt;b&gt;&amp;"));
  assert(words(source).includes("1.5e-7"), String(words(source)));
});

Deno.test("curveSketch() thins a hundred thousand steps, but never the last", () => {
  const x = Array.from({ length: 1e5 }, (_, i) => i);
  const series = [{ name: "a", y: x }];
  const { source } = curveSketch({ title: "a", x, series });
  assert(source.length < 20_000);
  assert(curves(source)[0].endsWith("L704,10"));
});
