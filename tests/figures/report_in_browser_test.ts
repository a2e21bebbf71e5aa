// The report as a reader has it: a file, opened in Chromium.
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  barFigure,
  curveFigure,
  darkTheme,
  imageGrid,
  lightTheme,
  palette,
  reportPage,
  table,
} from "../../src/figures/mod.ts";
import { grayPng } from "./gray_png.ts";
import type { Sight } from "./look_at_report.ts";

/** The name of an identity's folder, from someone who wishes us ill. */
const hostile =
  `</script><script>document.title = "s01"</script><img src=x onerror="document.title = 's01'"><a href="https://example.org/">s01</a>`;

const chromium = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find(isFile);

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

async function report(): Promise<string> {
  const png = await grayPng(64, 64);
  const row = (label: string) => ({
    label,
    images: Array.from({ length: 8 }, () => ({ png, caption: "0.91" })),
  });
  const curves = (title: string) =>
    curveFigure({
      title,
      x: [0, 1, 2],
      series: [
        { name: hostile, y: [0.8, 0.84, 0.9], error: [0.01, 0.01, 0.01] },
        { name: "before", y: [0.8, 0.8, 0.8] },
      ],
    });
  const bars = barFigure({
    title: "three",
    labels: ["real", "both"],
    groups: [{
      name: "accuracy",
      values: [0.75, 0.875],
      intervals: [[0.7, 0.8], [0.85, 0.9]],
    }],
    from: 0.5,
  });
  const numbers = table(
    ["data", "images", "accuracy", "AUC", "TAR", "EER"].map((title) => ({
      title,
    })),
    [[hostile, 1200, { value: 0.86, note: "a note" }, 0.9, 0.5, 0.1]],
  );
  const pictures = imageGrid([row("real"), row("before RL"), row(hostile)], {
    columns: ["a", "b", "c", "d", "e", "f", "g", hostile],
  });
  return reportPage({
    title: "A run",
    facts: [["identity", hostile], ["seed", 1]],
    sections: [
      { heading: "Samples", parts: [pictures] },
      { heading: "Rewards", parts: [curves("one"), curves("two")] },
      { heading: "Recognition", parts: [numbers, bars] },
    ],
    manifest: { identity: hostile },
  });
}

async function look(browser: string): Promise<Sight[]> {
  const path = await Deno.makeTempFile({ suffix: ".html" });
  try {
    await Deno.writeTextFile(path, await report());
    const program = new URL("look_at_report.ts", import.meta.url).pathname;
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      { args: ["run", "--allow-all", program, browser, path] },
    ).output();
    assert(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(path);
  }
}

function rgb(hex: string): string {
  const channels = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return `rgb(${channels.join(", ")})`;
}

const three = (value: unknown) => [value, value, value];

Deno.test({
  name: "a report opens from a file, in light, in dark and on a phone" +
    (chromium ? "" : " (needs Chromium)"),
  ignore: !chromium && !Deno.env.get("CI"),
  async fn(t) {
    if (!chromium) throw new Error("Cannot look at a report without Chromium");
    const sights = await look(chromium);
    assertEquals(sights.length, 3);
    for (const sight of sights) {
      const { colorScheme, width } = sight.look;
      await t.step(
        `${colorScheme}, ${width} pixels: drawn`,
        () => drawn(sight),
      );
      await t.step(
        `${colorScheme}, ${width} pixels: quiet`,
        () => quiet(sight),
      );
    }
    const firstPaint = Math.min(...sights.map((sight) => sight.firstPaint));
    assert(firstPaint < 1000, `${firstPaint} ms until something is seen`);
  },
});

function drawn(sight: Sight): void {
  const { colorScheme } = sight.look;
  const [theme, other] = colorScheme === "light"
    ? [lightTheme, darkTheme]
    : [darkTheme, lightTheme];
  const { marks, bars, ...first } = sight.drawn;
  assertEquals(first.themes, three(colorScheme));
  assertEquals(first.legend, [hostile, "before"]);
  assertEquals(first.bands, 1);
  assertEquals(first.axis, rgb(theme.muted));
  assertEquals(first.lines.slice(-2), palette.slice(0, 2).map(rgb));
  // 0.80, 0.84, 0.90: upwards, by steps as 4 to 6.
  assertEquals(marks.length, 3);
  assert(marks[0] > marks[1] && marks[1] > marks[2], `${marks}`);
  const ratio = (marks[0] - marks[1]) / (marks[1] - marks[2]);
  assertAlmostEquals(ratio, 4 / 6, 0.02);
  // From 0.5 to 0.75 and to 0.875: heights as 2 to 3.
  assertEquals(bars.length, 2);
  assertAlmostEquals(bars[0] / bars[1], 2 / 3, 0.02);

  assertEquals(sight.paper, rgb(theme.paper));
  assertEquals(sight.images.slice(0, 24), Array(24).fill(64));
  assert(sight.picturesBeforeFigures > 0);
  assertEquals(sight.overflow, 0);

  assertEquals(sight.onPaper.themes, three("light"));
  assertEquals(sight.onPaper.axis, rgb(lightTheme.muted));
  assertEquals(sight.onPaper.widths, three(310));
  assertEquals(sight.afterPaper, sight.drawn);
  assertEquals(sight.inOtherTheme.axis, rgb(other.muted));
}

function quiet(sight: Sight): void {
  assertEquals(sight.noise, { errors: [], requests: [] });
  // Silence means something where noise would have been heard.
  assertStringIncludes(sight.provoked.errors.join(), "img-src");
  assertStringIncludes(sight.provoked.errors.join(), "script-src");
  assertEquals(sight.title, "A run");
  assertEquals(sight.fact, hostile);
  assertEquals(sight.links, 0);
}
