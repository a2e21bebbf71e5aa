import { assertEquals, assertThrows } from "@std/assert";
import { type Curve, curveFigure } from "../../src/figures/curve_figure.ts";
import type { Figure } from "../../src/figures/figure.ts";
import { palette } from "../../src/figures/theme.ts";

/** Traces as plain records, to look into. */
function traces({ data }: Figure): Record<string, unknown>[] {
  return data as unknown as Record<string, unknown>[];
}

Deno.test("curveFigure() draws one line per curve over the shared x", () => {
  const figure = curveFigure({
    title: "Reward",
    x: [0, 10],
    series: [
      { name: "a", y: Float32Array.of(0.5, 0.75) },
      { name: "b", x: [5, 6, 7], y: [1, 2, 3], color: "#123456" },
    ],
  });
  const [a, b] = traces(figure);
  assertEquals([a.x, a.y, a.name], [[0, 10], [0.5, 0.75], "a"]);
  assertEquals([b.x, b.y, b.name], [[5, 6, 7], [1, 2, 3], "b"]);
  assertEquals(a.line, { color: palette[0], width: 2 });
  assertEquals(b.line, { color: "#123456", width: 2 });
  assertEquals(figure.layout.showlegend, true);
});

Deno.test("curveFigure() counts from 0 where there is no x, and needs no legend for one curve", () => {
  const figure = curveFigure({
    title: "t",
    series: [{ name: "a", y: [4, 5] }],
  });
  assertEquals(traces(figure)[0].x, [0, 1]);
  assertEquals(figure.layout.showlegend, false);
});

Deno.test("curveFigure() outlines the band forward above and back below, under the lines", () => {
  const figure = curveFigure({
    title: "t",
    x: [0, 1, 2],
    series: [
      { name: "plain", y: [0, 0, 0] },
      { name: "a", y: [1, 2, 4], error: [0.5, 0.25, 1] },
    ],
  });
  const [band, plain, line] = traces(figure);
  assertEquals(figure.data.length, 3);
  assertEquals(band.x, [0, 1, 2, 2, 1, 0]);
  // 1 + 0.5, 2 + 0.25, 4 + 1, then 4 - 1, 2 - 0.25, 1 - 0.5
  assertEquals(band.y, [1.5, 2.25, 5, 3, 1.75, 0.5]);
  assertEquals(band.fillcolor, `${palette[1]}30`);
  assertEquals([band.legendgroup, band.showlegend], ["1", false]);
  assertEquals([plain.name, line.name], ["plain", "a"]);
  assertEquals(line.customdata, [0.5, 0.25, 1]);
});

Deno.test("curveFigure() leaves gaps in line and band where a value is missing", () => {
  const figure = curveFigure({
    title: "t",
    series: [{
      name: "a",
      y: [1, NaN, 2, 3, 4],
      error: [1, 1, 1, NaN, 0],
    }],
  });
  const [band, line] = traces(figure);
  assertEquals(line.y, [1, null, 2, 3, 4]);
  // Runs: {0}, {2}, {4}.
  assertEquals(band.x, [0, 0, null, 2, 2, null, 4, 4]);
  assertEquals(band.y, [2, 0, null, 3, 1, null, 4, 4]);
});

Deno.test("curveFigure() on a logarithmic scale leaves out what has no logarithm", () => {
  const figure = curveFigure({
    title: "t",
    yScale: "log",
    series: [{ name: "a", y: [10, 0, -1, 5], error: [1, 1, 1, 6] }],
  });
  const [band, line] = traces(figure);
  assertEquals(line.y, [10, null, null, 5]);
  // 5 - 6 < 0: no band there either.
  assertEquals([band.x, band.y], [[0, 0], [11, 9]]);
  assertEquals(figure.layout.yaxis?.type, "log");
});

Deno.test("curveFigure() with smoothing keeps the raw curve behind the mean", () => {
  const figure = curveFigure({
    title: "t",
    smoothing: 3,
    series: [{ name: "a", y: [0, 3, 6, 12] }],
  });
  const [raw, line] = traces(figure);
  assertEquals([raw.y, raw.opacity], [[0, 3, 6, 12], 0.3]);
  assertEquals(line.y, [1.5, 3, 7, 9]);
});

Deno.test("curveFigure() tells curves apart by mark as well, while there is room", () => {
  const series = (length: number): Curve[] =>
    ["a", "b"].map((name) => ({ name, y: new Float64Array(length) }));
  const look = (length: number) =>
    traces(curveFigure({ title: "t", series: series(length) })).map((trace) => [
      trace.mode,
      (trace.marker as { symbol: string }).symbol,
    ]);
  assertEquals(look(40), [["lines+markers", "circle"], [
    "lines+markers",
    "square",
  ]]);
  assertEquals(look(41)[0][0], "lines");
});

Deno.test("curveFigure() escapes the names of curves", () => {
  const figure = curveFigure({
    title: "t",
    series: [{ name: "<b>s01", y: [1], error: [1] }],
  });
  assertEquals(traces(figure).map((trace) => trace.name), [
    "&lt;b&gt;s01",
    "&lt;b&gt;s01",
  ]);
});

Deno.test("curveFigure() refuses lengths that differ, negative errors and no curve", () => {
  const draw = (...series: Curve[]) => () =>
    curveFigure({ title: "t", x: [0, 1], series });
  assertThrows(
    draw({ name: "a", y: [1, 2] }, { name: "b", y: [1] }),
    TypeError,
    "Cannot draw a curve as 'series[1].x' must be of length 1: current value is of length 2",
  );
  assertThrows(
    draw({ name: "a", y: [1, 2], error: [1] }),
    TypeError,
    "'series[0].error' must be of length 2",
  );
  assertThrows(
    draw({ name: "a", y: [1, 2], error: [1, -0.5] }),
    RangeError,
    "'series[0].error[1]' must be a finite number at least 0: current value is -0.5",
  );
  assertThrows(draw(), RangeError, "'series.length'");
});
