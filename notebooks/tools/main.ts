/**
 * `deno task notebooks`: checks and executes the notebooks, and writes them as pages.
 *
 *     deno task notebooks [--fast] [--jobs N] [--out DIR] [NAME ...]
 *     deno task notebooks --check [NAME ...]
 *     deno task notebooks --tidy [NAME ...]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { duration, progress } from "../../src/cli/progress.ts";
import { isThere } from "../../src/core/mod.ts";
import { checkCells, leftovers } from "./check_cells.ts";
import { codeCells, fileName } from "./cell_module.ts";
import { setUpJupyter } from "./jupyter.ts";
import { type Notebook, readNotebook } from "./notebook.ts";
import { notebookPage } from "./page.ts";
import { runNotebook } from "./run_notebook.ts";
import { tidyNotebook } from "./tidy_notebook.ts";

const USAGE = `deno task notebooks [options] [NAME ...]

Checks the cells of the notebooks whose names begin so (all, without a name),
executes them with the Deno kernel and writes each as a page that works offline.

  --fast      a look at every part, in seconds: what CI runs
  --jobs N    notebooks at a time (1)
  --out DIR   where pages and executed notebooks go (runs/notebooks)
  --check     only check: types, lint, format, and that no output is committed
  --tidy      only format the cells and take outputs out, in place
`;

const folder = new URL("../", import.meta.url).pathname;
const pathOf = ({ name }: Pick<Notebook, "name">) => `${folder}${name}.ipynb`;

/** Seconds a cell may take before the run counts as failed. */
const CELL_SECONDS = 600;

const { fast, out, jobs, check, tidy, help, _: names } = parseArgs(Deno.args, {
  boolean: ["fast", "check", "tidy", "help"],
  string: ["out", "jobs", "_"], // 01 is a name, not a number
  default: { out: "runs/notebooks", jobs: "1" },
  unknown: (option) => {
    if (!option.startsWith("-")) return true;
    usage(`'${option}' must be an option of this command`);
  },
});
Deno.exit(await main());

async function main(): Promise<number> {
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (!(Number(jobs) >= 1)) usage(`'--jobs' must be a number from 1 on`);
  const notebooks = await chosen(names.map(String));
  if (tidy) {
    for (const notebook of notebooks) {
      const changed = await tidyNotebook(notebook, pathOf(notebook));
      if (changed) console.log(`${fileName(notebook)} is tidy now`);
    }
    return 0;
  }
  const faults = await checkCells(notebooks, `${folder}.check`);
  const left = check ? notebooks.flatMap(leftovers) : [];
  if (faults !== "" || left.length > 0) {
    console.error([faults, ...left].join("\n").trim());
    return 1;
  }
  return check ? 0 : await execute(notebooks);
}

/** Executes notebooks, some at a time, and closes with a line like that of `deno test`. */
async function execute(notebooks: Notebook[]): Promise<number> {
  const jupyter = await setUpJupyter((line) => console.error(line));
  await Deno.mkdir(out, { recursive: true });
  const started = performance.now();
  const total = notebooks.reduce((n, one) => n + codeCells(one).length, 0);
  const bar = progress("Notebooks", total, { unit: "cells" });
  let cells = 0;
  let failed = 0;
  const waiting = [...notebooks];
  const work = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const notebook = one;
      const start = performance.now();
      const target = `${out}/${notebook.name}.ipynb`;
      if (await isThere(target)) await Deno.remove(target);
      const error = await runNotebook(notebook, {
        path: pathOf(notebook),
        target,
        fast,
        jupyter,
        cellSeconds: CELL_SECONDS,
        onCell: (cell) => bar.update(cells++, `${notebook.name}, cell ${cell}`),
      });
      const seconds = (performance.now() - start) / 1000;
      // A kernel that could not start leaves nothing to show.
      if (await isThere(target)) await writePage(notebook, seconds);
      const took = duration(seconds);
      if (error === undefined) console.log(`${notebook.name} ... ok (${took})`);
      else {
        failed++;
        console.log(`${notebook.name} ... FAILED (${took})\n${error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Number(jobs) }, work));
  bar.done();
  const passed = notebooks.length - failed;
  const took = duration((performance.now() - started) / 1000);
  console.log(
    `\n${
      failed === 0 ? "ok" : "FAILED"
    } | ${passed} passed | ${failed} failed (${took}), pages in ${out}`,
  );
  return failed === 0 ? 0 : 1;
}

async function writePage(notebook: Notebook, seconds: number): Promise<void> {
  const done = await readNotebook(`${out}/${notebook.name}.ipynb`);
  const page = await notebookPage(done, [
    ["Notebook", fileName(notebook)],
    ["Setting", fast ? "fast: a look at every part" : "as it stands"],
    ["Time", `${seconds.toFixed(0)} s`],
    ["Deno", Deno.version.deno],
  ]);
  await Deno.writeTextFile(`${out}/${notebook.name}.html`, page);
}

/** All notebooks, or those whose name begins so. */
async function chosen(names: string[]): Promise<Notebook[]> {
  const all = Array.from(Deno.readDirSync(folder))
    .filter(({ name }) => /^[^.].*\.ipynb$/.test(name))
    .map(({ name }) => name)
    .sort();
  const wanted = names.length === 0
    ? all
    : all.filter((name) => names.some((start) => name.startsWith(start)));
  if (wanted.length === 0) {
    usage(
      `a name must begin one of ${all.join(", ")}: current value is ${
        names.join(" ")
      }`,
    );
  }
  return await Promise.all(wanted.map((name) => readNotebook(folder + name)));
}

function usage(rule: string): never {
  console.error(`Cannot run notebooks as ${rule}\n\n${USAGE}`);
  Deno.exit(2);
}
