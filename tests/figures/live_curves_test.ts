import { assert, assertEquals } from "@std/assert";
import { liveCurves, type MediaBundle } from "../../src/figures/mod.ts";

/** What was displayed, and whether in place of what was there. */
function recorder() {
  const shown: { bundle: MediaBundle; update: boolean }[] = [];
  const ids = new Set<string>();
  const display = (
    bundle: unknown,
    options: { display_id: string; update: boolean },
  ) => {
    shown.push({ bundle: bundle as MediaBundle, update: options.update });
    ids.add(options.display_id);
    return Promise.resolve();
  };
  return { shown, ids, display };
}

/** The curves of a Plotly figure by name; undefined of a sketch. */
function curvesOf(
  { bundle }: { bundle: MediaBundle },
): { [name: string]: unknown } | undefined {
  const plot = bundle["application/vnd.plotly.v1+json"] as
    | { data: { name: string; y: unknown }[] }
    | undefined;
  return plot && Object.fromEntries(plot.data.map(({ name, y }) => [name, y]));
}

Deno.test("liveCurves() sketches the first step and some others, and ends with a figure of all", async () => {
  const { shown, ids, display } = recorder();
  const live = liveCurves(display, { names: ["loss"], drawings: 2 });
  for (let step = 1; step <= 5; step++) {
    await live(step, 5, { loss: step, norm: 9 });
  }
  // Two of five steps is one at 2.5 and one at 5; the third is the first behind 2.5.
  assertEquals(shown.map(({ update }) => update), [false, true, true]);
  const points = shown.slice(0, 2).map(({ bundle }) =>
    String(bundle["text/html"]).match(/L[\d.]+,/g)?.length
  );
  assertEquals(points, [1, 3]);
  assertEquals(shown.map(curvesOf), [
    undefined,
    undefined,
    { loss: [1, 2, 3, 4, 5] },
  ]);
  assertEquals(ids.size, 1);
});

Deno.test("liveCurves() draws all numbers unless some are chosen", async () => {
  const { shown, display } = recorder();
  const live = liveCurves(display);
  await live(1, 2, { a: 1, b: 2 });
  await live(2, 2, { a: 3 });
  assertEquals(curvesOf(shown[1]), { a: [1, 3], b: [2, null] });
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
