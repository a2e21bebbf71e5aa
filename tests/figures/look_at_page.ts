// Opens a page in Chromium on several screens and prints what a demanding reader would complain of, as JSON:
//   deno run --allow-all look_at_page.ts <path of Chromium> <page.html> [folder for pictures]
// It is a program of its own because the driver asks for every permission, and the tests do without.
import { type Browser, chromium } from "playwright-core";

/** What was seen on one screen. */
export interface PageSight {
  /** Where: colours and width of the window in pixels. */
  screen: string;
  /** Errors and warnings of the console, exceptions, violations of the page's policy. */
  errors: string[];
  /** Addresses asked for, other than the page and what it carries. */
  requests: string[];
  /** Titles of the figures that were drawn. */
  drawn: string[];
  /** Texts of a figure that lie on each other, or beyond its edge. */
  overlaps: string[];
  /** Pixels by which the page is wider than the window. */
  overflow: number;
  /** Pictures that could not be decoded. */
  broken: number;
  /** Milliseconds from the start of the navigation until text and pictures are there. */
  loaded: number;
  /** Milliseconds until the figures in view are drawn. */
  firstFigure: number;
  /** Milliseconds of a processor's time the page took until then: what the first two would be on an idle machine. */
  work: number;
}

const SCREENS = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 375 },
] as const;

/**
 * Notes when the first figure is there; scrolls to it at once, as a reader who looks for figures would. Those out of sight,
 * which the page draws when it has nothing else to do, wait until they are asked for.
 */
const watch = `
const later = [];
let isIdle = false;
globalThis.requestIdleCallback = (task) => isIdle ? setTimeout(task) : later.push(task);
globalThis.drawRest = () => {
  isIdle = true;
  later.forEach((task) => task());
};
addEventListener("DOMContentLoaded", () => {
  document.querySelector(".canvas")?.scrollIntoView();
  new MutationObserver((_, observer) => {
    if (!document.querySelector("[data-drawn]")) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      globalThis.firstFigure = performance.now();
      document.body.classList.add("seen");
    });
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-drawn"] });
});`;

const read = `(() => {
  const words = (text) => text.textContent.trim();
  const overlaps = [];
  for (const canvas of document.querySelectorAll(".canvas")) {
    const title = canvas.getAttribute("aria-label");
    const edge = canvas.getBoundingClientRect();
    const texts = [...canvas.querySelectorAll("svg text")].filter((text) =>
      words(text) && getComputedStyle(text).visibility === "visible" && text.getBoundingClientRect().width > 0);
    const boxes = texts.map((text) => text.getBoundingClientRect());
    texts.forEach((text, i) => {
      const a = boxes[i];
      if (a.left < edge.left - 1 || a.right > edge.right + 1 || a.bottom > edge.bottom + 1 || a.top < edge.top - 1) {
        overlaps.push(title + ": " + words(text) + " is cut");
      }
      texts.slice(i + 1).forEach((other, k) => {
        const b = boxes[i + 1 + k];
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 3) overlaps.push(title + ": " + words(text) + " on " + words(other));
      });
    });
  }
  return {
    drawn: [...document.querySelectorAll(".canvas[data-drawn]")].map((canvas) => canvas.getAttribute("aria-label")),
    overlaps,
    overflow: document.documentElement.scrollWidth - innerWidth,
    broken: [...document.images].filter((image) => !image.hidden && (!image.complete || image.naturalWidth === 0)).length,
    loaded: performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
    firstFigure: globalThis.firstFigure ?? 0,
  };
})()`;

async function lookAt(
  browser: Browser,
  path: string,
  screen: typeof SCREENS[number],
  pictures: string | undefined,
): Promise<PageSight> {
  const { colorScheme, width } = screen;
  const name = `${colorScheme}, ${width}`;
  const viewport = { width, height: 800 };
  const page = await browser.newPage({ viewport, colorScheme });
  page.setDefaultTimeout(300_000); // on a busy machine
  await page.addInitScript(watch);
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      errors.push(message.text());
    }
  });
  page.on("request", (request) => {
    if (request.isNavigationRequest()) return;
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  const inspector = await page.context().newCDPSession(page);
  await inspector.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(`file://${path}`, { waitUntil: "commit" });
  await page.waitForSelector("body.seen");
  const { metrics } = await inspector.send("Performance.getMetrics");
  const work = 1000 *
    metrics.find(({ name }) => name === "TaskDuration")!.value;
  await page.evaluate("drawRest()");
  const undrawn = `.canvas:not([data-drawn="${colorScheme}"])`;
  await page.waitForSelector(undrawn, { state: "detached" });
  // Pictures further down are decoded when they come into view.
  await page.evaluate(
    `Promise.all([...document.images].filter((image) => !image.hidden).map((image) => {
      image.loading = "eager";
      return image.decode().catch(() => {});
    }))`,
  );
  const seen = await page.evaluate<
    Omit<PageSight, "screen" | "errors" | "requests" | "work">
  >(read);
  if (pictures !== undefined) {
    const file = `${pictures}/${colorScheme}-${width}.png`;
    await page.screenshot({ path: file, fullPage: true });
  }
  await page.close();
  return { screen: name, errors, requests, ...seen, work };
}

if (import.meta.main) {
  const [executablePath, path, pictures] = Deno.args;
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
  });
  try {
    const sights: PageSight[] = [];
    for (const screen of SCREENS) {
      sights.push(await lookAt(browser, path, screen, pictures));
    }
    console.log(JSON.stringify(sights));
  } finally {
    await browser.close();
  }
}
