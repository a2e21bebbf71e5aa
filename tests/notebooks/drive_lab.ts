// Opens a notebook in JupyterLab as `deno task lab` starts it, runs it, stops it, goes on, and prints what was seen, as JSON:
//   deno run --allow-all drive_lab.ts <path of Chromium> <notebook>
// Of the notebook's cells, the last three are: a long training; what a reader asks after he has stopped it; the training's end.
// It is a program of its own because the driver asks for every permission, and the tests do without.
import { chromium, type Page } from "playwright-core";
import { basename, dirname } from "node:path";

/** What was seen. */
export interface LabSight {
  /** Widths of the pictures, in their own pixels. */
  pictures: number[];
  /** Lengths of the training's curve, two of them before Stop, in characters of its path. */
  curve: [number, number];
  /** Plotly figures with a curve in them, in the end. */
  figures: number;
  /** Output of the training after Stop. */
  stopped: string;
  /** Output of the next cell. */
  asked: string;
  /** Output of the last cell, after the training was run again. */
  ended: string;
  /** Exceptions of the page. */
  errors: string[];
}

const LAB = new URL("../../notebooks/tools/lab.ts", import.meta.url).pathname;

/** A JupyterLab that runs. */
interface Lab {
  /** With its token. */
  address: string;
  /** Ends it and its kernels. */
  stop: () => Promise<void>;
}

async function startLab(folder: string): Promise<Lab> {
  const permissions = ["-RWES", "--allow-ffi", "--allow-run"];
  const place = ["--ServerApp.port=0", `--ServerApp.root_dir=${folder}`];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, LAB, "--no-browser", ...place],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stop = async () => {
    child.kill("SIGTERM");
    await child.status;
  };
  let said = "";
  const lines = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`JupyterLab did not start: ${said}`);
    said += value;
    const [address] = said.match(/http:\/\/127\.0\.0\.1:\S+(?=\n)/) ?? [];
    if (address === undefined) continue;
    // A pipe that nobody reads would hold it up.
    (async () => {
      while (!(await lines.read()).done);
    })();
    return { address, stop };
  }
}

/** A notebook in a window of JupyterLab. */
function labNotebook(page: Page) {
  const cell = (index: number) =>
    page.locator(".jp-Notebook .jp-Cell").nth(index);
  const output = (index: number) => cell(index).locator(".jp-Cell-outputArea");
  return {
    output,
    /** Runs all cells. */
    async runAll() {
      await page.getByRole("menuitem", { name: "Run", exact: true }).click();
      await page.locator('.lm-Menu-item[data-command="runmenu:run-all"]')
        .click();
    },
    /** Runs one cell, and waits for what it says. */
    async run(index: number, says: RegExp) {
      await cell(index).locator(".jp-InputPrompt").click();
      await page.keyboard.press("Control+Enter");
      await output(index).getByText(says).first().waitFor();
      return await output(index).innerText();
    },
    /** Presses Stop. */
    async stop() {
      await page.locator('[data-command="notebook:interrupt-kernel"]').first()
        .click();
    },
  };
}

async function drive(page: Page): Promise<Omit<LabSight, "errors">> {
  const { output, run, runAll, stop } = labNotebook(page);
  // The last cells, however many of them JupyterLab has drawn yet.
  const [training, asking, ending] = [-3, -2, -1];
  // Without a kernel, it would ask for one.
  await page.getByText("Deno | Idle").waitFor();
  await runAll();

  const line = output(training).locator("svg > path");
  const length = async () => (await line.getAttribute("d"))!.length;
  await line.waitFor();
  const first = await length();
  while (await length() <= first) await page.waitForTimeout(100);
  const curve: [number, number] = [first, await length()];
  const pictures = await page.locator(".jp-OutputArea-output .pictures img")
    .evaluateAll((images) =>
      (images as unknown as { naturalWidth: number }[])
        .map(({ naturalWidth }) => naturalWidth)
    );

  await stop();
  await output(training).getByText("AbortError").first().waitFor();
  const stopped = await output(training).innerText();
  const asked = await run(asking, /after \d+ steps/);
  await run(training, /trained/);
  const ended = await run(ending, /went on/);
  const figures = page.locator(".js-plotly-plot:has(.js-line)");
  await figures.nth(1).waitFor();
  return {
    pictures,
    curve,
    figures: await figures.count(),
    stopped,
    asked,
    ended,
  };
}

if (import.meta.main) {
  const [executablePath, path] = Deno.args;
  const lab = await startLab(dirname(path));
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
  });
  try {
    // Tall enough for all cells: JupyterLab draws what is in view.
    const viewport = { width: 1100, height: 3000 };
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(120_000); // on a busy machine
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    const address = lab.address.replace(
      "/lab?",
      `/lab/tree/${basename(path)}?`,
    );
    await page.goto(address);
    console.log(JSON.stringify({ ...await drive(page), errors }));
  } finally {
    await browser.close();
    await lab.stop();
  }
}
