import { assertEquals, assertThrows } from "@std/assert";
import { biasFigure, type BiasSeries } from "../../src/figures/bias_figure.ts";

function series(
  name: string,
  accuracies: { [group: string]: number },
): BiasSeries {
  const values = Object.values(accuracies);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const around = (value: number) => ({
    low: value - 0.125,
    high: value + 0.0625,
  });
  return {
    name,
    bias: {
      groups: Object.fromEntries(
        Object.entries(accuracies).map(([group, value]) => [group, {
          accuracy: { mean: value, std: 0 },
          interval: around(value),
        }]),
      ),
      mean: { value: mean, interval: around(mean) },
    },
  };
}

type Bar = {
  name: string;
  base: number;
  y: number[];
  error_y: { array: number[]; arrayminus: number[] };
};

Deno.test("biasFigure() draws groups and their mean in percent, from chance", () => {
  const { data, layout } = biasFigure({
    title: "t",
    series: [
      series("real", { A: 0.875, B: 0.75 }),
      series("both", { B: 0.8125, A: 0.9375 }),
    ],
  });
  const bars = data as unknown as Bar[];
  assertEquals(layout.xaxis?.ticktext, ["A", "B", "mean"]);
  assertEquals(bars.map(({ name }) => name), ["real", "both"]);
  assertEquals(bars[0].base, 50);
  assertEquals(bars[0].y, [37.5, 25, 31.25]);
  assertEquals(bars[1].y, [43.75, 31.25, 37.5]);
  assertEquals(bars[0].error_y.arrayminus, [12.5, 12.5, 12.5]);
  assertEquals(bars[0].error_y.array, [6.25, 6.25, 6.25]);
});

Deno.test("bars start lower where something is below chance, and an interval always reaches its value", () => {
  const low = series("guessing", { A: 0.5, B: 0.5 });
  low.bias.groups.A.interval = { low: 0.375, high: 0.4375 };
  const { data } = biasFigure({ title: "t", series: [low] });
  const [bar] = data as unknown as Bar[];
  assertEquals(bar.base, 30);
  assertEquals(bar.error_y.array[0], 0);
});

Deno.test("biasFigure() refuses other groups", () => {
  assertThrows(
    () =>
      biasFigure({
        title: "t",
        series: [series("a", { A: 1, B: 1 }), series("b", { A: 1, C: 1 })],
      }),
    RangeError,
    "Cannot draw bias as 'series[1]' must have the groups A, B: current value is A, C",
  );
  assertThrows(
    () => biasFigure({ title: "t", series: [] }),
    RangeError,
    "series.length",
  );
});
