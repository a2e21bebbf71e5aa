import { assert, assertEquals } from "@std/assert";
import { liveCurves } from "../../src/figures/mod.ts";

/** What was displayed: the curves by name, and whether in place of what was there. */
function recorder() {
  const shown: { y: { [name: string]: unknown }; update: boolean }[] = [];
  const ids = new Set<string>();
  const display = (
    bundle: unknown,
    options: { display_id: string; update: boolean },
  ) => {
    const plot = (bundle as {
      [type: string]: { data: { name: string; y: unknown }[] };
    })["application/vnd.plotly.v1+json"];
    const y = Object.fromEntries(plot.data.map(({ name, y }) => [name, y]));
    shown.push({ y, update: options.update });
    ids.add(options.display_id);
    return Promise.resolve();
  };
  return { shown, ids, display };
}

Deno.test("liveCurves() draws at most so often, and always the first and the last step", async () => {
  const { shown, ids, display } = recorder();
  const live = liveCurves(display, { names: ["loss"], drawings: 2 });
  for (let step = 1; step <= 5; step++) {
    await live(step, 5, { loss: step, norm: 9 });
  }
  // Two of five steps is one at 2.5 and one at 5; the third is the first behind 2.5.
  assertEquals(shown, [
    { y: { loss: [1] }, update: false },
    { y: { loss: [1, 2, 3] }, update: true },
    { y: { loss: [1, 2, 3, 4, 5] }, update: true },
  ]);
  assertEquals(ids.size, 1);
});

Deno.test("liveCurves() draws all numbers unless some are chosen", async () => {
  const { shown, display } = recorder();
  const live = liveCurves(display);
  await live(1, 2, { a: 1, b: 2 });
  await live(2, 2, { a: 3 });
  assertEquals(shown[1].y, { a: [1, 3], b: [2, null] });
});

Deno.test("two outputs of liveCurves() are apart", async () => {
  const one = recorder();
  const other = recorder();
  await liveCurves(one.display)(1, 1, { a: 1 });
  await liveCurves(other.display)(1, 1, { a: 1 });
  assert(one.ids.isDisjointFrom(other.ids));
});

Deno.test("liveCurves() has an output for each part of a stage", async () => {
  const { shown, ids, display } = recorder();
  const live = liveCurves(display, { title: "Loss" });
  await live("decoder", 1, 1, { loss: 1 });
  await live("denoiser", 1, 1, { loss: 2 });
  assertEquals(shown.map(({ update }) => update), [false, false]);
  assertEquals(ids.size, 2);
});
