// JupyterLab as a reader has it: `deno task lab`, in Chromium.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { chromium, withoutChromium } from "../figures/chromium.ts";
import type { LabSight } from "./drive_lab.ts";

const CELLS = [
  `
import {
  curveFigure, displayable, liveCurves, peopleGrid, proceduralFaces, smallRecognizer, trainRecognizer, useBackend,
} from "@outis/outis";

await useBackend("auto");
const size = 16;
const people = proceduralFaces({ identities: 3, imagesPerIdentity: 2, size });`,
  `displayable(await peopleGrid({ people }, { images: 2 }));`,
  `displayable(curveFigure({ title: "Squares", series: [{ name: "squares", y: [0, 1, 4, 9] }] }));`,
  `
const told: number[] = [];
let steps = 1_000_000;`,
  `
const curves = liveCurves(Deno.jupyter.display, { title: "Loss", names: ["loss"], drawings: 20_000 });
await trainRecognizer(smallRecognizer({ height: size, width: size }), people, {
  steps,
  batchSize: 4,
  checkpoint: "recogniser.safetensors",
  onStep: (done, total, numbers) => {
    told.push(done);
    return curves(done, total, numbers);
  },
});
"trained";`,
  `
const stopped = told.length;
steps = stopped + 3;
\`alive after \${stopped} steps\`;`,
  `\`went on at \${told[stopped]}, ended at \${told.at(-1)}\`;`,
];

function notebook(cells: string[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: "deno",
        display_name: "Deno",
        language: "typescript",
      },
    },
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      source: source.trim(),
      outputs: [],
      execution_count: null,
    })),
  });
}

async function look(browser: string): Promise<LabSight> {
  // Below the package, so that its import map holds.
  const runs = new URL("../../runs/", import.meta.url).pathname;
  await Deno.mkdir(runs, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: runs, prefix: "lab-" });
  try {
    const path = `${folder}/stop.ipynb`;
    await Deno.writeTextFile(path, notebook(CELLS));
    const program = new URL("drive_lab.ts", import.meta.url).pathname;
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      { args: ["run", "--allow-all", program, browser, path], stdin: "null" },
    ).output();
    assert(success, new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name:
    "JupyterLab draws pictures and figures, and Stop ends a training that goes on when its cell is run again" +
    (chromium ? "" : " (needs Chromium)"),
  ignore: withoutChromium,
  async fn() {
    if (!chromium) throw new Error("Cannot open JupyterLab without Chromium");
    const { pictures, curve, figures, stopped, asked, ended, errors } =
      await look(
        chromium,
      );
    assertEquals(pictures, Array(6).fill(16));
    assert(curve[0] < curve[1], `${curve}`);
    assertEquals(figures, 2);
    assertMatch(stopped, /AbortError: Stopped\./);
    const [, steps] = asked.match(/alive after (\d+) steps/)!;
    assert(Number(steps) > 0);
    // From its checkpoint: no step is done twice, none is left out.
    assertMatch(
      ended,
      new RegExp(`went on at ${+steps + 1}, ended at ${+steps + 3}`),
    );
    assertEquals(errors, []);
  },
});
