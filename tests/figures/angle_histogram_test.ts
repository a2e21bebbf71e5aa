import { assertEquals, assertThrows } from "@std/assert";
import { angleHistogram } from "../../src/figures/angle_histogram.ts";

type Line = { x: number[]; y: number[]; fillcolor: string };

Deno.test("angleHistogram() draws shares per degree, whatever the number of pairs", () => {
  const { data, layout } = angleHistogram({
    title: "t",
    series: [
      { name: "same", histogram: [3, 1, 0, 0], color: "#123456" },
      { name: "different", histogram: [0, 100, 300, 0] },
    ],
  });
  const [same, different] = data as unknown as Line[];
  assertEquals(same.x, [0, 45, 90, 135, 180]);
  // 75 % in 45 degrees.
  assertEquals(same.y, [75 / 45, 25 / 45, 0, 0, 0]);
  assertEquals(different.y, [0, 25 / 45, 75 / 45, 0, 0]);
  assertEquals(same.fillcolor, "#12345630");
  // The third part ends at 135 degrees.
  assertEquals(layout.xaxis?.range, [0, 135]);
  assertEquals(layout.shapes, undefined);
});

Deno.test("a mark is drawn and stays inside", () => {
  const { layout } = angleHistogram({
    title: "t",
    series: [{ name: "same", histogram: [1, 0, 0] }],
    mark: 80,
  });
  assertEquals(layout.xaxis?.range, [0, 80]);
  assertEquals([layout.shapes?.[0].x0, layout.shapes?.[0].x1], [80, 80]);
});

Deno.test("angleHistogram() refuses empty distributions", () => {
  const draw = (histogram: number[], mark?: number) => () =>
    angleHistogram({ title: "t", series: [{ name: "a", histogram }], mark });
  assertThrows(
    draw([0, 0]),
    RangeError,
    "Cannot draw angles as 'pairs of series[0]' must be a finite number above 0: current value is 0",
  );
  assertThrows(draw([1, NaN]), RangeError, "series[0].histogram[1]");
  assertThrows(draw([1], 200), RangeError, "'mark'");
  assertThrows(
    () => angleHistogram({ title: "t", series: [] }),
    RangeError,
    "series.length",
  );
});
