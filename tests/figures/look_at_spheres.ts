// Opens a report with spheres in Chromium, points at samples, and prints what appears, as JSON:
//   deno run --allow-all look_at_spheres.ts <path of Chromium> <report.html>
// It is a program of its own because the driver asks for every permission, and the tests do without.
import { chromium } from "playwright-core";

/** A sample under the pointer. */
export interface Pointed {
  /** Words of Plotly's label. */
  label: string;
  /** Address of the picture that is shown; nothing if there is none. */
  picture: string;
  /** Width of the picture in its own pixels. */
  width: number;
  /** Pixels between the sample and the picture's nearest edge, sideways and up or down. */
  away: [number, number];
}

/** What was seen. */
export interface SpheresSight {
  /** Number of samples on the visible half of each sphere, of the first that are drawn. */
  samples: number[];
  /** Names in the legend. */
  legend: string[];
  /** What appears at a sample of the first sphere. */
  pointed: Pointed;
  /** Whether a picture stays when the pointer leaves. */
  stays: boolean;
  /** Visible samples of the first sphere after it was turned by half. */
  turned: number;
  /** Errors and warnings, and addresses asked for. */
  noise: string[];
}

const visible = `((sphere) =>
  [...sphere.querySelectorAll(".point")].filter((point) => point.getBoundingClientRect().width > 0))`;

const look = `(() => {
  const spheres = [...document.querySelectorAll(".canvas .geo")];
  const first = ${visible}(spheres[0])[0].getBoundingClientRect();
  return {
    samples: spheres.map((sphere) => ${visible}(sphere).length),
    legend: [...document.querySelectorAll(".legendtext")].map((text) => text.textContent),
    at: [first.x + first.width / 2, first.y + first.height / 2],
  };
})()`;

const point = `(() => {
  const image = document.querySelector(".thumbnail");
  const { left, right, top, bottom } = image.getBoundingClientRect();
  const apart = (at, low, high) => Math.max(low - at, at - high, 0);
  return {
    label: [...document.querySelectorAll(".hoverlayer text")].map((text) => text.textContent).join(" "),
    picture: image.hidden ? "" : image.src,
    width: image.naturalWidth,
    away: [apart(AT[0], left, right), apart(AT[1], top, bottom)],
  };
})()`;

if (import.meta.main) {
  const [executablePath, path] = Deno.args;
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({
      viewport: { width: 1000, height: 900 },
      colorScheme: "light",
    });
    page.setDefaultTimeout(120_000); // on a busy machine
    const noise: string[] = [];
    page.on("pageerror", (error) => noise.push(error.message));
    page.on("console", (message) => noise.push(message.text()));
    page.on("request", (request) => {
      const { protocol } = new URL(request.url());
      if (!["file:", "data:", "blob:"].includes(protocol)) {
        noise.push(request.url());
      }
    });
    await page.goto(`file://${path}`);
    await page.waitForSelector('.canvas[data-drawn="light"]');
    type First = Pick<SpheresSight, "samples" | "legend"> & {
      at: [number, number];
    };
    const { at, ...seen } = await page.evaluate<First>(look);
    const [x, y] = at;
    await page.mouse.move(x - 2, y - 2);
    await page.mouse.move(x, y);
    await page.waitForSelector(".thumbnail:not([hidden])");
    await page.waitForSelector(".hoverlayer text");
    const pointed = await page.evaluate<Pointed>(
      point.replaceAll("AT", JSON.stringify(at)),
    );
    await page.mouse.move(x, 2);
    await page.waitForSelector(".thumbnail", { state: "hidden" });
    const stays = await page.isVisible(".thumbnail");
    await page.evaluate(
      `Plotly.relayout(document.querySelector(".canvas"), { "geo.projection.rotation.lon": 180 })`,
    );
    const turned = (await page.evaluate<First>(look)).samples[0];
    const sight: SpheresSight = { ...seen, pointed, stays, turned, noise };
    console.log(JSON.stringify(sight));
  } finally {
    await browser.close();
  }
}
