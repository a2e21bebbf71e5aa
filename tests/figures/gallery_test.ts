// Every figure as a reader has it: drawn in Chromium, in light, in dark and on a phone.
import { assert, assertEquals } from "@std/assert";
import { exportFigures } from "../../src/figures/mod.ts";
import { decodeImage } from "../../src/io/mod.ts";
import { chromium, withoutChromium } from "./chromium.ts";
import { galleryFigures, galleryPage } from "./gallery.ts";
import type { PageSight } from "./look_at_page.ts";

const needs = chromium ? "" : " (needs Chromium)";

async function look(html: string): Promise<PageSight[]> {
  if (!chromium) throw new Error("Cannot look at figures without Chromium");
  const path = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.writeTextFile(path, html);
    const program = new URL("look_at_page.ts", import.meta.url).pathname;
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

Deno.test({
  name:
    "every figure is drawn on every screen, no text lies on another, and the page can be read in under a second" +
    needs,
  ignore: withoutChromium,
  async fn() {
    const figures = Object.values(await galleryFigures()).flat()
      .filter((part) => "data" in part);
    const sights = await look(await galleryPage());
    assertEquals(sights.length, 3);
    for (const { screen, drawn, ...faults } of sights) {
      assertEquals(drawn.length, figures.length, screen);
      const { errors, requests, overlaps, overflow, broken } = faults;
      assertEquals(
        { screen, errors, requests, overlaps, overflow, broken },
        {
          screen,
          errors: [],
          requests: [],
          overlaps: [],
          overflow: 0,
          broken: 0,
        },
      );
    }
    // The first screen finds nothing in the browser's caches; a machine that does other things, too, is slow at times.
    const best = (time: "loaded" | "work") =>
      Math.min(...sights.map((sight) => sight[time]));
    assert(best("loaded") < 1000, `${best("loaded")} ms until it can be read`);
    assert(best("work") < 2500, `${best("work")} ms of work for its figures`);
  },
});

Deno.test({
  name: "every figure can be written as PNG and SVG" + needs,
  ignore: withoutChromium,
  async fn() {
    const figures = Object.values(await galleryFigures()).flat()
      .filter((part) => "data" in part);
    const size = { width: 640, scale: 1 };
    const pngs = await exportFigures(figures, { ...size, theme: "dark" });
    const svgs = await exportFigures(figures, { ...size, format: "svg" });
    assertEquals([pngs.length, svgs.length], [figures.length, figures.length]);
    for (const [i, png] of pngs.entries()) {
      const { width, height, pixels } = await decodeImage(png);
      const title = figures[i].layout.title!.text!;
      assertEquals(
        [width, height],
        [640, figures[i].layout.height ?? 450],
        title,
      );
      // Something is on it: not all is ground.
      const inked = pixels.filter((value) => Math.abs(value - pixels[0]) > 0.2);
      assert(inked.length > pixels.length / 500, title);
      const svg = new TextDecoder().decode(svgs[i]);
      assert(svg.startsWith("<svg") && svg.includes(title), title);
    }
  },
});
