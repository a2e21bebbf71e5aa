// Opens a report in Chromium and prints what a reader would see, as JSON:
//   deno run --allow-all look_at_report.ts <path of Chromium> <report.html>
// It is a program of its own because the driver asks for every permission, and the tests do without.
import { type Browser, chromium, type Page } from "playwright-core";

/** A reader's screen. */
export interface Look {
  /** Light or dark, as the reader prefers. */
  colorScheme: "light" | "dark";
  /** Width of the window in CSS pixels. */
  width: number;
}

/** The screens on which the report is looked at. */
export const looks: readonly Look[] = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 375 },
];

/** What is drawn. */
export interface Drawn {
  /** Theme of each figure. */
  themes: string[];
  /** Width of each figure in pixels. */
  widths: number[];
  /** Vertical centres of the marks of the first curve of the first figure, from the top, in pixels. */
  marks: number[];
  /** Number of bands in the first figure. */
  bands: number;
  /** Colours of the lines of the first figure. */
  lines: string[];
  /** Names in the legend of the first figure. */
  legend: string[];
  /** Colour of the labels on the axis of the first figure. */
  axis: string;
  /** Heights of all bars, in pixels. */
  bars: number[];
}

/** What the page did that a quiet page does not do. */
export interface Noise {
  /** Errors and warnings of the console, exceptions, violations of the page's policy. */
  errors: string[];
  /** Addresses asked for, other than the page and what it carries. */
  requests: string[];
}

/** All that was seen on one screen. */
export interface Sight {
  /** Where it was seen. */
  look: Look;
  /** The figures as they are at first. */
  drawn: Drawn;
  /** The figures while the page is being printed. */
  onPaper: Drawn;
  /** The figures after printing. */
  afterPaper: Drawn;
  /** The figures after the reader changed from light to dark or back. */
  inOtherTheme: Drawn;
  /** Title of the window, after everything in the page had its chance. */
  title: string;
  /** Text of the first fact. */
  fact: string;
  /** Number of links that leave the page. */
  links: number;
  /** Widths of the pictures that could be decoded, in their own pixels. */
  images: number[];
  /** Pixels by which the page is wider than the window. */
  overflow: number;
  /** Colour behind everything. */
  paper: string;
  /** Pixels between the end of the pictures and the first figure. */
  picturesBeforeFigures: number;
  /** When the first text or picture was painted, in milliseconds. */
  firstPaint: number;
  /** Noise of the page. */
  noise: Noise;
  /** Noise after a picture from elsewhere and a foreign script were put into it. */
  provoked: Noise;
}

const readDrawn = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const box = (element) => element.getBoundingClientRect();
  const first = document.querySelector(".canvas");
  const within = (selector) => [...first.querySelectorAll(selector)];
  const curve = within(".trace").find((trace) => trace.querySelector(".point"));
  return {
    themes: all(".canvas").map((canvas) => canvas.dataset.drawn),
    widths: all(".canvas .main-svg:first-child").map((svg) => box(svg).width),
    marks: [...curve.querySelectorAll(".point")].map((mark) => box(mark).top + box(mark).height / 2),
    bands: within(".js-fill").length,
    lines: within(".js-line").map((line) => getComputedStyle(line).stroke),
    legend: within(".legendtext").map((text) => text.textContent),
    axis: getComputedStyle(first.querySelector(".xtick text")).fill,
    bars: all(".canvas .bars .point path").map((bar) => box(bar).height),
  };
})()`;

const readPage = `(() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  return {
    title: document.title,
    fact: document.querySelector(".facts dd").textContent,
    links: document.querySelectorAll("a:not([href^='#section-'])").length,
    images: [...document.images].filter((image) => image.complete).map((image) => image.naturalWidth),
    overflow: document.documentElement.scrollWidth - innerWidth,
    paper: getComputedStyle(document.body).backgroundColor,
    picturesBeforeFigures: box(".plots").top - box(".pictures").bottom,
    firstPaint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  };
})()`;

const provoke = `new Promise((done) => {
  const script = document.createElement("script");
  script.textContent = "document.title = 'changed by a foreign script'";
  const image = document.createElement("img");
  image.onerror = done;
  image.src = "https://example.org/s01.png";
  document.body.append(script, image);
})`;

/** Waits until no figure is left that is not drawn in this theme. */
async function untilDrawn(page: Page, theme: string): Promise<void> {
  const undrawn = `.canvas:not([data-drawn="${theme}"])`;
  // A busy machine takes its time.
  const timeout = 120_000;
  await page.waitForSelector(undrawn, { state: "detached", timeout });
}

function listen(page: Page): Noise {
  const noise: Noise = { errors: [], requests: [] };
  page.on("pageerror", (error) => noise.errors.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      noise.errors.push(message.text());
    }
  });
  page.on("request", (request) => {
    const own = request.isNavigationRequest() ||
      /^(data|blob):/.test(request.url());
    if (!own) noise.requests.push(request.url());
  });
  return noise;
}

async function lookAt(
  browser: Browser,
  url: string,
  look: Look,
): Promise<Sight> {
  const { colorScheme, width } = look;
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme,
  });
  const noise = listen(page);
  await page.goto(url);
  await untilDrawn(page, colorScheme);
  const drawn = await page.evaluate<Drawn>(readDrawn);
  await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
  const onPaper = await page.evaluate<Drawn>(readDrawn);
  await page.evaluate(`dispatchEvent(new Event("afterprint"))`);
  const afterPaper = await page.evaluate<Drawn>(readDrawn);
  const other = colorScheme === "light" ? "dark" : "light";
  await page.emulateMedia({ colorScheme: other });
  await untilDrawn(page, other);
  const inOtherTheme = await page.evaluate<Drawn>(readDrawn);
  await page.emulateMedia({ colorScheme });
  const quiet = structuredClone(noise);
  await page.evaluate(provoke);
  const seen = await page.evaluate<
    Omit<
      Sight,
      | "look"
      | "drawn"
      | "onPaper"
      | "afterPaper"
      | "inOtherTheme"
      | "noise"
      | "provoked"
    >
  >(readPage);
  await page.close();
  return {
    look,
    drawn,
    onPaper,
    afterPaper,
    inOtherTheme,
    ...seen,
    noise: quiet,
    provoked: noise,
  };
}

if (import.meta.main) {
  const [executablePath, path] = Deno.args;
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--disable-gpu",
    ],
  });
  try {
    const sights: Sight[] = [];
    for (const look of looks) {
      sights.push(await lookAt(browser, `file://${path}`, look));
    }
    console.log(JSON.stringify(sights));
  } finally {
    await browser.close();
  }
}
