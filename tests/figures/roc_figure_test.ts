import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { rocFigure } from "../../src/figures/roc_figure.ts";

type Line = { x: number[]; y: number[]; name: string; line: { dash: string } };

Deno.test("rocFigure() draws the curve from the smallest rate on", () => {
  const { data, layout } = rocFigure({
    title: "t",
    curves: [{ name: "a<b", points: [[0, 0], [0, 0.5], [0.5, 0.9], [1, 1]] }],
    from: 1e-2,
  });
  const { x, y, name } = data[0] as unknown as Line;
  assertEquals(name, "a&lt;b");
  assertEquals([x[0], x.at(-1), y.at(-1)], [0.01, 1, 1]);
  // On the straight line from (0, 0.5) to (0.5, 0.9).
  assertAlmostEquals(y[0], 0.5 + 0.4 * 0.02, 1e-12);
  assert(x.includes(0.5) && y.includes(0.9));
  x.slice(1).forEach((value, i) => assert(value >= x[i]));
  y.slice(1).forEach((value, i) => assert(value >= y[i] - 1e-12));
  assertEquals(layout.xaxis?.type, "log");
  assertEquals(layout.xaxis?.range, [-2, 0]);
  assertEquals(layout.showlegend, false);
});

Deno.test("steps stay upright", () => {
  const { data } = rocFigure({
    title: "t",
    curves: [{
      name: "a",
      points: [[0, 0], [0.1, 0], [0.1, 1], [1, 1]],
    }],
    from: 0.05,
  });
  const { x, y } = data[0] as unknown as Line;
  const at = x.map((value, i) => [value, y[i]]).filter(([v]) => v === 0.1);
  assertEquals(at, [[0.1, 0], [0.1, 1]]);
  assert(
    x.every((value, i) =>
      y[i] === (value < 0.1 || i === x.indexOf(0.1) ? 0 : 1)
    ),
  );
});

Deno.test("curves differ by more than their colour", () => {
  const points: [number, number][] = [[0, 0], [1, 1]];
  const { data, layout } = rocFigure({
    title: "t",
    curves: [{ name: "a", points }, { name: "b", points }],
  });
  const lines = data as unknown as Line[];
  assert(lines[0].line.dash !== lines[1].line.dash);
  assertEquals(layout.showlegend, true);
});

Deno.test("rocFigure() refuses what is no curve", () => {
  const draw = (points: [number, number][], from = 0.1) => () =>
    rocFigure({ title: "t", curves: [{ name: "a", points }], from });
  assertThrows(
    draw([[0, 0], [0.5, 0.9], [0.4, 1]]),
    RangeError,
    "Cannot draw a receiver curve as 'curves[0].points[2][0]' must be a finite number at least 0.5 and at most 1: current value is 0.4",
  );
  assertThrows(draw([[0, 0], [1, NaN]]), RangeError, "points[1][1]");
  assertThrows(draw([[0, 0]]), RangeError, "points.length");
  assertThrows(draw([[0, 0], [1, 1]], 0), RangeError, "'from'");
  assertThrows(
    () => rocFigure({ title: "t", curves: [] }),
    RangeError,
    "curves.length",
  );
});
