import { findBrowser } from "../../src/figures/find_browser.ts";

/** Path of Chromium, if it is there; in CI it has to be. */
export const chromium: string | undefined = await findBrowser().catch(() =>
  undefined
);

/** Whether a test that needs Chromium is left out: where there is none, but never in CI. */
export const withoutChromium: boolean = !chromium && !Deno.env.get("CI");
