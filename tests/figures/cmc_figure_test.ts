import { assertEquals, assertThrows } from "@std/assert";
import { cmcFigure } from "../../src/figures/cmc_figure.ts";
import { assertClose } from "../support/assert_close.ts";

/** Traces as plain records, to look into. */
function traces(figure: ReturnType<typeof cmcFigure>) {
  return figure.data as unknown as Record<string, unknown>[];
}

Deno.test("cmcFigure() draws percent over ranks from 1", () => {
  const figure = cmcFigure({
    title: "Market",
    ranks: 2,
    models: [
      { name: "real", cmc: Float64Array.of(0.5, 0.75, 1) },
      { name: "ours", cmc: [0.625], color: "#123456" },
    ],
  });
  const [real, ours] = traces(figure);
  assertEquals([real.x, real.y, real.name], [[1, 2], [50, 75], "real"]);
  assertEquals([ours.x, ours.y], [[1], [62.5]]);
  assertEquals(ours.line, { color: "#123456", width: 2 });
  assertEquals(figure.layout.title, { text: "Market" });
});

Deno.test("cmcFigure() draws the mean over seeds in a band of one standard error", () => {
  const [band, line] = traces(cmcFigure({
    models: [{ name: "ours", cmc: [[0.5, 1], [0.7, 1]] }],
  }));
  assertClose(line.y as number[], [60, 100], 1e-12);
  // Deviation sqrt(2 · 10²) = 14.14, over sqrt 2: 10.
  assertClose(band.y as number[], [70, 100, 100, 50], 1e-12);
});

Deno.test("cmcFigure() refuses what is no share, and nothing at all", () => {
  const draw = (...cmc: number[]) => () =>
    cmcFigure({ models: [{ name: "a", cmc }] });
  assertThrows(
    draw(0.5, 1.5),
    RangeError,
    "Cannot draw matches as 'models[0].cmc[1]' must be a finite number at least 0 and at most 1: current value is 1.5",
  );
  assertThrows(draw(NaN), RangeError, "'models[0].cmc[0]'");
  assertThrows(draw(), RangeError, "'models[0].cmc.length'");
  assertThrows(() => cmcFigure({ models: [] }), RangeError, "'models.length'");
});
