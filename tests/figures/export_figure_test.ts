import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import {
  curveFigure,
  darkTheme,
  exportFigure,
  exportFigures,
  lightTheme,
  type Theme,
} from "../../src/figures/mod.ts";
import { chromium, withoutChromium } from "./chromium.ts";

const hostile = `</script><img src=x> & "s01"`;
const loss = curveFigure({
  title: hostile,
  note: "a note",
  series: [{ name: "a", y: new Float32Array([3, 2, 1]) }],
});

/** A program that takes the browser's arguments and prints something else. */
async function fakeBrowser(script: string): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "browser-" });
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`);
  await Deno.chmod(path, 0o755);
  return path;
}

for (const theme of ["light", "dark"] as const) {
  Deno.test({
    name: `exportFigures() draws PNG in ${theme} colours, at twice the size` +
      (chromium ? "" : " (needs Chromium)"),
    ignore: withoutChromium,
    async fn() {
      const tall = { ...loss, layout: { ...loss.layout, height: 300 } };
      const files = await exportFigures([loss, tall], { theme, width: 400 });
      const heights = [];
      for (const file of files) {
        const { data, info } = await sharp(file).removeAlpha().raw()
          .toBuffer({ resolveWithObject: true });
        assertEquals(info.width, 800);
        heights.push(info.height);
        const wanted: Theme = theme === "light" ? lightTheme : darkTheme;
        assertEquals([...data.subarray(0, 3)], rgb(wanted.paper));
        // The line in its colour: more than a few pixels of #0072b2.
        let blue = 0;
        for (let i = 0; i < data.length; i += 3) {
          if (data[i] === 0 && data[i + 1] === 114 && data[i + 2] === 178) {
            blue++;
          }
        }
        assert(blue > 500, `${blue}`);
      }
      assertEquals(heights, [900, 600]);
    },
  });
}

Deno.test({
  name: "exportFigure() draws SVG whose words are words" +
    (chromium ? "" : " (needs Chromium)"),
  ignore: withoutChromium,
  async fn() {
    const before = leftovers();
    const file = await exportFigure(loss, { format: "svg", width: 500 });
    const svg = new TextDecoder().decode(file);
    assert(svg.startsWith("<svg"), svg.slice(0, 80));
    assert(svg.includes('width="500"') && svg.includes('height="450"'));
    assert(svg.includes('>&#60;/script&#62;&#60;img src=x&#62; &amp; "s01"<'));
    assert(svg.includes("a note"));
    assert(!svg.includes("<img"));
    assertEquals(leftovers(), before);
  },
});

Deno.test("exportFigure() says in one sentence what is wrong with the browser", async () => {
  await assertRejects(
    () => exportFigure(loss, { browser: "/nowhere/chromium" }),
    Deno.errors.NotFound,
    "Cannot export a figure as 'browser' must be the path of Chromium or Chrome: current value is /nowhere/chromium",
  );
  const before = leftovers();
  const broken = await fakeBrowser("echo no display >&2; exit 3");
  const faulty = await fakeBrowser(
    `echo '<pre id="drawn"></pre><pre id="fault">no canvas</pre>'`,
  );
  const short = await fakeBrowser(`echo '<pre id="drawn">[]</pre>'`);
  try {
    const refuse = (browser: string, says: string) =>
      assertRejects(() => exportFigure(loss, { browser }), Error, says);
    await refuse(broken, "must draw it: current value is code 3, no display");
    await refuse(faulty, "must draw it: current value is no canvas");
    await refuse(short, "must draw all 1: current value is 0");
    assertEquals(leftovers(), before);
  } finally {
    for (const path of [broken, faulty, short]) await Deno.remove(path);
  }
});

Deno.test("an interruption ends the browser and clears up", async () => {
  const before = leftovers();
  const slow = await fakeBrowser("exec sleep 60");
  try {
    await assertRejects(
      () =>
        exportFigure(loss, { browser: slow, signal: AbortSignal.timeout(300) }),
      DOMException,
    );
    assertEquals(leftovers(), before);
  } finally {
    await Deno.remove(slow);
  }
});

Deno.test("exportFigure() refuses formats and sizes it cannot draw", async () => {
  const browser = "/nowhere/chromium";
  const refuse = (options: Parameters<typeof exportFigure>[1], says: string) =>
    assertRejects(
      () => exportFigure(loss, { browser, ...options }),
      RangeError,
      says,
    );
  await refuse({ format: "gif" as "png" }, "'format'");
  await refuse({ theme: "blue" as "dark" }, "'theme'");
  await refuse({ width: 0 }, "'width'");
  await refuse({ height: 1e6 }, "'height'");
  await refuse({ scale: 0 }, "'scale'");
  assertEquals(await exportFigures([], { browser }), []);
});

function rgb(hex: string): number[] {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

/** Folders of ours that are still there; other tests may run at the same time, in folders of other names. */
function leftovers(): string[] {
  const folder = Deno.env.get("TMPDIR") ?? "/tmp";
  return Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .filter((name) => name.startsWith("outis-figures-")).sort();
}
