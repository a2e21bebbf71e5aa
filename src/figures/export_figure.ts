/**
 * Figures as files.
 *
 * @module
 */
import type { Layout } from "plotly.js-dist-min";
import { checkOneOf, checkRange } from "../core/mod.ts";
import { exportPage } from "./export_page.ts";
import type { Figure } from "./figure.ts";
import { findBrowser } from "./find_browser.ts";
import { darkTheme, lightTheme, plotTemplate } from "./theme.ts";

/** Options of {@linkcode exportFigure}. */
export interface ExportFigureOptions {
  /** PNG for slides and READMEs, SVG for print. @default "png" */
  format?: "png" | "svg";
  /** Width in CSS pixels. @default 800 */
  width?: number;
  /** Height in CSS pixels. @default the figure's own, or 450 */
  height?: number;
  /** Pixels of a PNG for each CSS pixel, along either side. @default 2 */
  scale?: number;
  /** Colours around the data; the ground is filled. @default "light" */
  theme?: "light" | "dark";
  /** Path of Chromium or Chrome. @default where `findBrowser` finds one */
  browser?: string;
  /** Ends the work. */
  signal?: AbortSignal;
}

/**
 * Draws a figure as a PNG or SVG file, in the look of the report, with its title.
 *
 * Plotly draws in a browser only: Chromium is started without a window, draws a page that may fetch nothing, and ends.
 * That takes a second or two however many figures there are: {@linkcode exportFigures} draws many at once. It needs the
 * permission to run the browser, and to write to the system's temporary folder.
 *
 * @param figure The figure.
 * @param options Format, size, theme, browser.
 * @returns The file's bytes.
 * @throws {Deno.errors.NotFound} If there is no browser.
 * @throws {RangeError} If an option is out of range.
 * @throws {Error} If the browser draws nothing.
 *
 * @example
 * ```ts
 * import { curveFigure, exportFigure } from "@outis/outis/figures";
 *
 * const loss = curveFigure({ title: "Loss", series: [{ name: "loss", y: [3, 2, 1] }] });
 * async function writeLoss(path: string) {
 *   await Deno.writeFile(path, await exportFigure(loss, { theme: "dark" }));
 * }
 * ```
 */
export async function exportFigure(
  figure: Figure,
  options: ExportFigureOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const [file] = await exportFigures([figure], options);
  return file;
}

/**
 * Draws figures as PNG or SVG files, all in one start of the browser.
 *
 * @param figures The figures.
 * @param options Format, size, theme, browser, for all of them; {@linkcode exportFigure} tells more.
 * @returns The files' bytes, in the order of the figures.
 * @throws {Deno.errors.NotFound} If there is no browser.
 * @throws {RangeError} If an option is out of range.
 * @throws {Error} If the browser draws nothing.
 *
 * @example
 * ```ts
 * import { exportFigures, type Figure } from "@outis/outis/figures";
 *
 * async function writeAll(figures: Figure[]) {
 *   const files = await exportFigures(figures, { format: "svg" });
 *   await Promise.all(files.map((file, i) => Deno.writeFile(`figure${i + 1}.svg`, file)));
 * }
 * ```
 */
export async function exportFigures(
  figures: readonly Figure[],
  options: ExportFigureOptions = {},
): Promise<Uint8Array<ArrayBuffer>[]> {
  const { format = "png", width = 800, height, scale = 2 } = options;
  const { theme = "light", browser, signal } = options;
  const act = "export a figure";
  checkOneOf(act, "format", format, ["png", "svg"]);
  checkOneOf(act, "theme", theme, ["light", "dark"]);
  checkRange(act, "width", width, { min: 10, max: 10_000 });
  checkRange(act, "scale", scale, { min: 0.1, max: 10 });
  if (height !== undefined) {
    checkRange(act, "height", height, { min: 10, max: 10_000 });
  }
  if (figures.length === 0) return [];
  const program = browser ?? await findBrowser();
  const page = await exportPage(figures.map(({ data, layout }) => {
    const size = { width, height: height ?? layout.height ?? 450 };
    return {
      figure: { data, layout: { ...layout, ...size, ...look(layout, theme) } },
      options: { format, ...size, scale: format === "png" ? scale : 1 },
    };
  }));
  const addresses = await drawnBy(program, page, signal);
  if (addresses.length !== figures.length) {
    throw new Error(
      `Cannot export figures as '${program}' must draw all ${figures.length}: current value is ${addresses.length}`,
    );
  }
  return addresses.map((address) => bytesOf(address));
}

/** The page's ground shows through figures, and pages write titles themselves; a file has neither. */
function look(
  { title, legend, showlegend, margin }: Figure["layout"],
  theme: "light" | "dark",
): Partial<Layout> {
  const colors = theme === "light" ? lightTheme : darkTheme;
  const isLegendAbove = showlegend !== false && legend?.yanchor !== "top";
  const lines = (title?.text ? 26 : 0) + (title?.subtitle?.text ? 18 : 0) +
    (isLegendAbove ? 32 : 0);
  return {
    template: plotTemplate(colors),
    paper_bgcolor: colors.paper,
    title: {
      ...title,
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { t: 16, l: 16 },
    },
    margin: { ...margin, t: 20 + lines, r: 24 },
  };
}

/** Opens a page in a browser of its own, and reads the data URIs the page leaves. */
async function drawnBy(
  program: string,
  page: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "outis-figures-" });
  try {
    const path = `${folder}/figures.html`;
    await Deno.writeTextFile(path, page);
    const command = new Deno.Command(program, {
      args: [
        "--headless",
        // The page is this project's own, and forbids itself everything: a sandbox, which root has none of, adds nothing.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        `--user-data-dir=${folder}/profile`,
        // Ends when nothing is left to do: the page's clock, not the machine's.
        "--virtual-time-budget=120000",
        "--dump-dom",
        `file://${path}`,
      ],
      stdin: "null",
      ...(signal && { signal }),
    });
    const { stdout, stderr, code } = await output(command, program);
    signal?.throwIfAborted();
    const dom = new TextDecoder().decode(stdout);
    const [, drawn] = dom.match(/<pre id="drawn">([^<]*)<\/pre>/) ?? [];
    const [, fault] = dom.match(/<pre id="fault">([^<]+)<\/pre>/) ?? [];
    if (!drawn) {
      const last = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
      throw new Error(
        `Cannot export a figure as '${program}' must draw it: current value is ${
          fault ?? `code ${code}, ${last || "no message"}`
        }`,
      );
    }
    return JSON.parse(drawn);
  } finally {
    await removed(folder);
  }
}

async function output(
  command: Deno.Command,
  program: string,
): Promise<Deno.CommandOutput> {
  try {
    return await command.output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Deno.errors.NotFound(
      `Cannot export a figure as 'browser' must be the path of Chromium or Chrome: current value is ${program}`,
    );
  }
}

/** A browser that was ended leaves children, who may still write for a moment. */
async function removed(folder: string): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      return await Deno.remove(folder, { recursive: true });
    } catch (error) {
      if (tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The bytes of a data URI, in base64 or percent-encoded. */
function bytesOf(address: string): Uint8Array<ArrayBuffer> {
  const comma = address.indexOf(",");
  const body = address.slice(comma + 1);
  return address.slice(0, comma).endsWith(";base64")
    ? Uint8Array.fromBase64(body)
    : new TextEncoder().encode(decodeURIComponent(body));
}
