import { assert, assertEquals, assertThrows } from "@std/assert";
import { curveFigure, sliderFigure } from "../../src/figures/mod.ts";

function position(label: string, ...lines: number[][]) {
  const series = lines.map((y, i) => ({ name: `line ${i}`, y }));
  return { label, figure: curveFigure({ title: `At ${label}`, series }) };
}

Deno.test("sliderFigure() shows one position's traces and hides the others'", () => {
  const figure = sliderFigure(
    [position("1", [0, 1]), position("2", [0, 2], [3, 4])],
    { name: "a < b", start: 1 },
  );
  const visible = figure.data.map((trace) => trace.visible);
  assertEquals(visible, [false, true, true]);
  assertEquals(figure.layout.title?.text, "At 1");
  const [slider] = figure.layout.sliders!;
  assertEquals(slider.active, 1);
  assertEquals(slider.currentvalue?.prefix, "a &lt; b: ");
  assertEquals(
    slider.steps?.map(({ label, args }) => [label, args]),
    [
      ["1", [{ visible: [true, false, false] }]],
      ["2", [{ visible: [false, true, true] }]],
    ],
  );
});

Deno.test("sliderFigure() holds the axes where all positions fit, and leaves given ranges", () => {
  const positions = [position("1", [0, 1]), position("2", [-1, 9])];
  const { layout } = sliderFigure(positions, { name: "a" });
  // Five hundredths of 10 on either side, and of 1 along x.
  assertEquals(layout.yaxis?.range, [-1.5, 9.5]);
  assertEquals(layout.xaxis?.range, [-0.05, 1.05]);
  const own = positions[0].figure;
  const range: [number, number] = [0, 100];
  const fixed = { ...own, layout: { ...own.layout, yaxis: { range } } };
  const held = sliderFigure([{ label: "1", figure: fixed }], { name: "a" });
  assertEquals(held.layout.yaxis?.range, range);
  assert(held.layout.height! > 330);
});

Deno.test("sliderFigure() refuses a slider without positions, and a start that is none", () => {
  assertThrows(() => sliderFigure([], { name: "a" }), RangeError, "positions");
  assertThrows(
    () => sliderFigure([position("1", [0])], { name: "a", start: 1 }),
    RangeError,
    "start",
  );
});
