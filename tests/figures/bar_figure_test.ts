import { assertEquals, assertThrows } from "@std/assert";
import { barFigure, type BarGroup } from "../../src/figures/bar_figure.ts";
import { palette } from "../../src/figures/theme.ts";

const group: BarGroup = {
  name: "accuracy",
  values: [0.75, 0.875],
  intervals: [[0.5, 0.875], [0.75, 1]],
};

Deno.test("barFigure() measures bars and intervals from where the bars start", () => {
  const { data, layout } = barFigure({
    title: "t",
    labels: ["real", "<b>both"],
    groups: [group],
    from: 0.5,
  });
  const bar = data[0] as unknown as Record<string, unknown>;
  assertEquals([bar.base, bar.y], [0.5, [0.25, 0.375]]);
  const { array, arrayminus } = bar.error_y as Record<string, unknown>;
  assertEquals(array, [0.125, 0.125]); // 0.875 - 0.75, 1 - 0.875
  assertEquals(arrayminus, [0.25, 0.125]); // 0.75 - 0.5, 0.875 - 0.75
  assertEquals(bar.text, ["0.750", "0.875"]);
  assertEquals(bar.customdata, [
    "0.750 (0.500 to 0.875)",
    "0.875 (0.750 to 1.000)",
  ]);
  assertEquals(layout.xaxis?.tickvals, [0, 1]);
  assertEquals(layout.xaxis?.ticktext, ["real", "&lt;b&gt;both"]);
  assertEquals(layout.showlegend, false);
});

Deno.test("barFigure() sets groups side by side, each in its colour, equal labels apart", () => {
  const { data, layout } = barFigure({
    title: "t",
    labels: ["s01", "s01"],
    groups: [
      { name: "a", values: Float32Array.of(1, 2) },
      { name: "b", values: [3, 4], color: "#123456" },
    ],
    digits: 0,
  });
  const bars = data as unknown as Record<string, unknown>[];
  assertEquals(bars.map((bar) => bar.y), [[1, 2], [3, 4]]);
  assertEquals(bars.map((bar) => bar.x), [[0, 1], [0, 1]]);
  assertEquals(bars.map((bar) => bar.marker), [
    { color: palette[0] },
    { color: "#123456" },
  ]);
  assertEquals(bars[1].text, ["3", "4"]);
  assertEquals("error_y" in bars[0], false);
  assertEquals(layout.showlegend, true);
});

Deno.test("barFigure() refuses what does not fit together", () => {
  const draw = (change: Partial<BarGroup>) => () =>
    barFigure({
      title: "t",
      labels: ["a", "b"],
      groups: [{ ...group, ...change }],
    });
  assertThrows(
    draw({ values: [1] }),
    TypeError,
    "Cannot draw bars as 'groups[0].values' must be of length 2: current value is of length 1",
  );
  assertThrows(draw({ intervals: [[0, 1]] }), TypeError, "intervals");
  assertThrows(draw({ values: [1, NaN] }), RangeError, "groups[0].values[1]");
  assertThrows(
    draw({ intervals: [[0.8, 0.9], [0.75, 1]] }),
    RangeError,
    "'groups[0].intervals[0][0]' must be a finite number at most 0.75: current value is 0.8",
  );
  assertThrows(
    draw({ intervals: [[0.7, 0.9], [0.75, 0.8]] }),
    RangeError,
    "'groups[0].intervals[1][1]' must be a finite number at least 0.875",
  );
  assertThrows(
    () => barFigure({ title: "t", labels: [], groups: [] }),
    RangeError,
    "groups.length",
  );
});

Deno.test("barFigure() breaks long labels at blanks", () => {
  const labels = ["real + reinforced, all", "<i> of 10", "uninterruptedly"];
  const { layout } = barFigure({
    title: "t",
    labels,
    groups: [{ name: "a", values: [1, 2, 3] }],
  });
  assertEquals(layout.xaxis?.ticktext, [
    "real +<br>reinforced,<br>all",
    "&lt;i&gt; of 10",
    "uninterruptedly",
  ]);
});
