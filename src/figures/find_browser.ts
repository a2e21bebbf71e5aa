/**
 * Where Chromium or Chrome usually is.
 *
 * @module
 */

/** In the order of preference: Debian and others, Chrome's own packages, macOS, Windows. */
const PLACES: readonly string[] = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/**
 * Looks for a browser that can draw figures without a window.
 *
 * @param places Paths, in the order of preference. @default the usual ones of Linux, macOS and Windows
 * @returns The first that is a file.
 * @throws {Deno.errors.NotFound} If none is.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { findBrowser } from "@outis/outis/figures";
 *
 * await assertRejects(() => findBrowser(["/nowhere/chromium"]), Deno.errors.NotFound);
 * ```
 */
export async function findBrowser(
  places: readonly string[] = PLACES,
): Promise<string> {
  for (const place of places) {
    const found = await Deno.stat(place).catch(() => undefined);
    if (found?.isFile) return place;
  }
  throw new Deno.errors.NotFound(
    "Cannot export a figure as 'browser' must be the path of Chromium or Chrome where none is in a usual place: current value is undefined",
  );
}
