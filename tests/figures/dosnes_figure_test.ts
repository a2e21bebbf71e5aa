import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  dosnesFigure,
  type DosnesPanel,
  reportPage,
} from "../../src/figures/mod.ts";
import { palette } from "../../src/figures/theme.ts";
import { chromium, withoutChromium } from "./chromium.ts";
import { grayPng } from "./gray_png.ts";
import type { SpheresSight } from "./look_at_spheres.ts";

/** The three axes, two identities. */
const axes: DosnesPanel = {
  name: "<b>ours",
  points: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, -0.6, -0.8],
  identities: ["s01", "s02", "s02", "<i>"],
  captions: ["a", "b", "<script>", "d"],
};

type Trace = Record<string, unknown>;

Deno.test("dosnesFigure() writes points as longitude and latitude, by identity", () => {
  const { data, layout } = dosnesFigure({ title: "t", panels: [axes] });
  const traces = data as unknown as Trace[];
  // Three identities, in front and from behind.
  assertEquals(traces.map(({ geo }) => geo), [
    "geo",
    "geo",
    "geo",
    "geo2",
    "geo2",
    "geo2",
  ]);
  assertEquals([traces[0].lon, traces[0].lat], [[0], [0]]);
  assertEquals([traces[1].lon, traces[1].lat], [[90, 0], [0, 90]]);
  // asin(-0.8) = -53.13°.
  assertEquals([traces[2].lon, traces[2].lat], [[-90], [-53.13]]);
  assertEquals(traces[2].name, "&lt;i&gt;");
  assertEquals(traces[1].text, ["b", "&lt;script&gt;"]);
  assertEquals(traces.map(({ showlegend }) => showlegend), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  const names = layout.annotations?.map(({ text }) => text);
  assertEquals(names, ["&lt;b&gt;ours", "&lt;b&gt;ours, from behind"]);
  const [front, back] = [layout.geo, layout.geo2].map((geo) =>
    geo?.projection?.rotation
  );
  assertEquals([front, back], [{ lon: 0, lat: 15 }, { lon: 180, lat: -15 }]);
  // Land and coasts would be fetched.
  assertEquals(layout.geo?.visible, false);
});

Deno.test("an identity looks the same on all spheres, and like no other", () => {
  const names = Array.from({ length: 36 }, (_, i) => `s${i}`);
  const panel = (identities: string[]): DosnesPanel => ({
    name: "p",
    identities,
    points: identities.flatMap(() => [0, 0, 1]),
  });
  const { data } = dosnesFigure({
    title: "t",
    panels: [panel(names), panel(names.toReversed())],
    sides: "front",
  });
  const traces = data as unknown as (Trace & {
    marker: { color: string; symbol: string };
  })[];
  const looks = traces.map(({ marker }) => `${marker.color} ${marker.symbol}`);
  assertEquals(new Set(looks).size, 36);
  assertEquals(looks.slice(0, 36), looks.slice(36));
  assertEquals(traces.map(({ name }) => name).slice(36), names);
  assertEquals(traces[7].marker, {
    ...traces[7].marker,
    color: palette[1],
    symbol: "diamond",
  });
});

Deno.test("pictures stand once in the figure, whatever number of sides shows them", async () => {
  const images = await Promise.all([1, 2, 3, 4].map((n) => grayPng(n, 1)));
  const { data, layout } = dosnesFigure({
    title: "t",
    panels: [{ ...axes, images }, axes, { ...axes, images }],
  });
  const { pictures } = layout.meta as { pictures: string[] };
  assertEquals(pictures.length, 8);
  assert(pictures.every((uri) => uri.startsWith("data:image/png;base64,")));
  const custom = (data as unknown as Trace[]).map((trace) => trace.customdata);
  const first = [[0], [1, 2], [3]];
  const third = [[4], [5, 6], [7]];
  const none = [undefined, undefined, undefined];
  assertEquals(custom, [
    ...first,
    ...first,
    ...none,
    ...none,
    ...third,
    ...third,
  ]);
});

Deno.test("dosnesFigure() refuses what does not fit together", () => {
  const draw = (change: Partial<DosnesPanel>) => () =>
    dosnesFigure({ title: "t", panels: [{ ...axes, ...change }] });
  assertThrows(
    draw({ points: [1, 0, 0] }),
    TypeError,
    "Cannot draw spheres as 'panels[0].points' must be of length 12: current value is of length 3",
  );
  assertThrows(
    draw({ points: axes.points && Array(12).fill(2) }),
    RangeError,
    "points[0]",
  );
  assertThrows(draw({ captions: ["a"] }), TypeError, "captions");
  assertThrows(
    draw({ images: Array(4).fill(new Uint8Array(4)) }),
    TypeError,
    "'panels[0].images[0]' must be a PNG file",
  );
  assertThrows(
    () => dosnesFigure({ title: "t", panels: [] }),
    RangeError,
    "panels.length",
  );
});

Deno.test({
  name:
    "in a report, a sample under the pointer shows its picture, and nothing is fetched" +
    (chromium ? "" : " (needs Chromium)"),
  ignore: withoutChromium,
  async fn() {
    const images = await Promise.all([8, 9, 10, 11].map((n) => grayPng(n, n)));
    const figure = dosnesFigure({
      title: "Spheres",
      panels: [{ ...axes, images }, axes],
    });
    const sight = await look(
      await reportPage({
        title: "A run",
        facts: [],
        sections: [{ heading: "Features", parts: [figure] }],
      }),
    );
    // From (0°, 15°): x and z are in front; y is on the rim, as is -y from behind.
    const [front, , back] = sight.samples;
    assert(front >= 2 && back >= 1 && front + back >= 4, `${sight.samples}`);
    assertEquals(sight.legend, ["s01", "s02", "<i>"]);
    assertEquals(sight.pointed.label, "s01 a");
    assertEquals(sight.pointed.width, 8);
    assert(sight.pointed.away[0] < 1, `${sight.pointed.away}`);
    assert(sight.pointed.away[1] < 30, `${sight.pointed.away}`);
    assertEquals(sight.stays, false);
    assert(sight.turned < front, `${sight.turned} of ${front}`);
    assertEquals(sight.noise, []);
  },
});

async function look(page: string): Promise<SpheresSight> {
  if (!chromium) throw new Error("Cannot look at a report without Chromium");
  const path = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.writeTextFile(path, page);
    const program = new URL("look_at_spheres.ts", import.meta.url).pathname;
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      { args: ["run", "--allow-all", program, chromium, path] },
    ).output();
    assert(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(path);
  }
}
