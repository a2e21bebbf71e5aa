import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import {
  ablationFigure,
  type AblationFigureOptions,
} from "../../src/figures/ablation_figure.ts";
import { palette } from "../../src/figures/theme.ts";

type Trace = {
  x: number[];
  y: number[];
  xaxis?: string;
  name: string;
  error_x: { array: number[] };
  customdata: string[];
  marker: { color: string; symbol?: string };
};

const draw = (change: Partial<AblationFigureOptions> = {}) => {
  const { data, layout } = ablationFigure({
    title: "t",
    labels: ["base", "<b>more"],
    series: [{ name: "a", values: [[1, 2, 3], [3, 3, 6]] }],
    ...change,
  });
  return { traces: data as unknown as Trace[], layout };
};

Deno.test("ablationFigure() shows means with Student's intervals, and every score", () => {
  const { traces: [scores, means], layout } = draw();
  assertEquals(scores.x, [1, 2, 3, 3, 3, 6]);
  assertEquals(means.x, [2, 4]);
  // t(0.95, 2) = 4.3027 times deviation / √3: 1/√3 and √3/√3.
  assertAlmostEquals(means.error_x.array[0], 2.4841, 1e-4);
  assertAlmostEquals(means.error_x.array[1], 4.3027, 1e-4);
  assertEquals(means.y, [0, 1]);
  assertEquals(means.customdata[0], "2.000 ± 2.484");
  assertEquals(layout.yaxis?.ticktext, ["base", "&lt;b&gt;more"]);
  // From top to bottom.
  assertEquals(layout.yaxis?.range, [1.5, -0.5]);
});

Deno.test("differences are taken seed by seed, so what a seed does to both cancels", () => {
  const { traces: [, , differences], layout } = draw({
    series: [{ name: "a", values: [[10, 20, 30], [11, 22, 33]] }],
  });
  assertEquals(differences.xaxis, "x2");
  // 1, 2, 3: 2 ± 2.484 and p = 0.0742, where the scores themselves spread over 20.
  assertEquals(differences.x, [2]);
  assertEquals(differences.y, [1]);
  assertEquals(differences.customdata, ["2.000 ± 2.484, p = 0.074"]);
  assertEquals(layout.xaxis2?.title, { text: "difference<br>from base" });
});

Deno.test("one series is compared with its first label or the label before", () => {
  const series = [{ name: "a", values: [[0, 2], [2, 3], [3, 5]] }];
  const labels = ["x", "y", "z"];
  const { traces: first } = draw({ labels, series });
  assertEquals(first[2].x, [1.5, 3]);
  const { traces: previous, layout } = draw({
    labels,
    series,
    against: "previous",
  });
  assertEquals(previous[2].x, [1.5, 1.5]);
  assertEquals(layout.xaxis2?.title, {
    text: "difference<br>from the line<br>above",
  });
});

Deno.test("several series are compared with the first, each in colour and shape of its own", () => {
  const { traces, layout } = draw({
    series: [
      { name: "real", values: [[1, 2], [5, 6]] },
      { name: "ours", values: [[2, 4], [5, 6]], color: "#123456" },
    ],
  });
  assertEquals(traces[2].x, []);
  assertEquals(traces[5].x, [1.5, 0]);
  // Equal scores are no difference; without a spread there is no p.
  assertEquals(traces[5].customdata[1], "0.000 ± 0.000");
  assertEquals(traces[1].marker.color, palette[0]);
  assertEquals(traces[4].marker.color, "#123456");
  assert(traces[1].marker.symbol !== traces[4].marker.symbol);
  assert(traces[1].y[0] < 0 && traces[4].y[0] > 0);
  assertEquals(layout.showlegend, true);
  assertEquals(layout.xaxis2?.title, { text: "difference<br>from real" });
});

Deno.test("ablationFigure() refuses what cannot be compared", () => {
  const refuse = (values: number[][], says: string, type = TypeError) =>
    assertThrows(() => draw({ series: [{ name: "a", values }] }), type, says);
  refuse([[1, 2]], "'series[0].values' must be of length 2");
  refuse([[1, 2], [1, 2, 3]], "series[0].values[1]");
  refuse([[1], [2]], "'series[0].values[0].length'", RangeError);
  refuse([[1, 2], [1, NaN]], "series[0].values[1][1]", RangeError);
  assertThrows(() => draw({ series: [] }), RangeError, "series.length");
  assertThrows(() => draw({ level: 1 }), RangeError, "'level'");
});
