import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  tradeoffFigure,
  type TradeoffFigureOptions,
} from "../../src/figures/mod.ts";

const options: TradeoffFigureOptions = {
  title: "Utility <against> leaks",
  xTitle: "leak rate",
  yTitle: "accuracy",
  curves: [
    {
      name: "threshold & co",
      settings: ["loose", "strict"],
      x: [0.4, 0.1],
      y: new Float32Array([0.75, 0.5]),
      yError: [0.02, 0.03],
    },
    { name: "point", settings: ["alone"], x: [0.2], y: [0.6] },
  ],
  levels: [
    { name: "photographs", value: 0.8, axis: "y" },
    { name: "chance", value: 0.05, axis: "x" },
  ],
};

Deno.test("tradeoffFigure() draws a trace for each curve, told apart by shape and colour", () => {
  const { data, layout } = tradeoffFigure(options);
  const traces = data as unknown as {
    [name: string]: unknown;
    marker: { color: string; symbol: string };
  }[];
  assertEquals(traces[0].x, [0.4, 0.1]);
  assertEquals(traces[0].y, [0.75, 0.5]);
  assertEquals(traces[0].text, ["loose", "strict"]);
  assertEquals(traces[0].name, "threshold &amp; co");
  assertEquals((traces[0].error_y as { array: number[] }).array, [0.02, 0.03]);
  assert(!("error_x" in traces[0]) && !("error_y" in traces[1]));
  assert(traces[0].marker.symbol !== traces[1].marker.symbol);
  assert(traces[0].marker.color !== traces[1].marker.color);
  assertEquals(layout.showlegend, true);
  // The theme is set by the page: light in the figure, dark where the reader prefers it.
  assert(layout.template !== undefined);
  assertEquals(JSON.parse(JSON.stringify(data)), data);
});

Deno.test("levels cross the axis they belong to", () => {
  const { shapes, annotations } = tradeoffFigure(options).layout;
  const [level, upright] = shapes!;
  assertEquals([level.y0, level.y1, level.xref], [0.8, 0.8, "paper"]);
  assertEquals([upright.x0, upright.x1, upright.yref], [0.05, 0.05, "paper"]);
  assertEquals(annotations!.map(({ text }) => text), ["photographs", "chance"]);
});

Deno.test("tradeoffFigure() refuses curves that cannot be drawn", () => {
  const [curve] = options.curves;
  const cases: [typeof options.curves, string][] = [
    [[], "'curves.length' must be"],
    [[{ ...curve, x: [1] }], "'curves[0].x' must be of length 2"],
    [[{ ...curve, y: [1, NaN] }], "'curves[0].y[1]' must be a finite number"],
    [[{ ...curve, yError: [1] }], "'curves[0].yError' must be of length 2"],
    [
      [{ ...curve, yError: [1, -1] }],
      "'curves[0].yError[1]' must be a finite number at least 0",
    ],
  ];
  for (const [curves, message] of cases) {
    assertThrows(() => tradeoffFigure({ ...options, curves }), Error, message);
  }
});
