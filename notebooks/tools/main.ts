/**
 * `deno task notebooks`: checks and executes the notebooks, and writes them as pages.
 *
 *     deno task notebooks [--fast] [--out DIR] [NAME ...]
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { progress } from "../../src/cli/progress.ts";
import { checkCells } from "./check_cells.ts";
import { type Jupyter, setUpJupyter } from "./jupyter.ts";
import { KNOBS, type Notebook, readNotebook } from "./notebook.ts";
import { notebookPage } from "./page.ts";

const folder = new URL("../", import.meta.url).pathname;

/** Seconds a cell may take before the run counts as failed. */
const CELL_SECONDS = 600;

const { fast, out, _: names } = parseArgs(Deno.args, {
  boolean: ["fast"],
  string: ["out", "_"], // 01 is a name, not a number
  default: { out: "runs/notebooks" },
});
Deno.exit(await main());

async function main(): Promise<number> {
  const notebooks = await chosen(names.map(String));
  if (!await checkCells(notebooks, `${folder}.check`)) return 1;
  const jupyter = await setUpJupyter((line) => console.error(line));
  await Deno.mkdir(out, { recursive: true });
  let failed = 0;
  for (const notebook of notebooks) {
    const started = performance.now();
    const error = await execute(notebook, jupyter);
    const seconds = (performance.now() - started) / 1000;
    const done = await readNotebook(`${out}/${notebook.name}.ipynb`);
    const page = await notebookPage(done, [
      ["Notebook", `notebooks/${notebook.name}.ipynb`],
      ["Setting", fast ? "fast: a look at every part" : "as it stands"],
      ["Time", `${seconds.toFixed(0)} s`],
      ["Deno", Deno.version.deno],
    ]);
    await Deno.writeTextFile(`${out}/${notebook.name}.html`, page);
    console.log(`${out}/${notebook.name}.html`);
    if (error === undefined) continue;
    failed++;
    console.error(`${notebook.name} failed: ${error}`);
  }
  return failed === 0 ? 0 : 1;
}

/** All notebooks, or those whose name begins so. */
async function chosen(names: string[]): Promise<Notebook[]> {
  const all = Array.from(Deno.readDirSync(folder))
    .filter(({ name }) => name.endsWith(".ipynb"))
    .map(({ name }) => name)
    .sort();
  const wanted = names.length === 0
    ? all
    : all.filter((name) => names.some((start) => name.startsWith(start)));
  if (wanted.length === 0) {
    console.error(
      `Cannot run notebooks as a name must begin one of ${
        all.join(", ")
      }: current value is ${names.join(" ") || "none"}`,
    );
    Deno.exit(2);
  }
  return await Promise.all(wanted.map((name) => readNotebook(folder + name)));
}

/** Executes a notebook into the output folder; returns what went wrong. */
async function execute(
  notebook: Notebook,
  { python, env }: Jupyter,
): Promise<string | undefined> {
  const source = `${folder}.run-${notebook.name}.ipynb`;
  const target = `${out}/${notebook.name}.ipynb`;
  await Deno.writeTextFile(source, await prepared(notebook));
  try {
    const script = new URL("./execute.py", import.meta.url).pathname;
    const child = new Deno.Command(python, {
      args: [script, source, target, "deno", String(CELL_SECONDS)],
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let error: string | undefined = "it ended without a word";
    const bar = progress(notebook.name, notebook.cells.length, {
      unit: "cells",
    });
    let rest = "";
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const record = JSON.parse(line);
        if (record.cell) bar.update(record.cell - 1);
        if (record.done) error = undefined;
        if (record.error) error = record.error;
      }
    }
    await child.status;
    bar.done();
    return error;
  } finally {
    await Deno.remove(source);
  }
}

/** The file as it is, or with the fast settings behind the knobs. */
async function prepared(notebook: Notebook): Promise<string> {
  const text = await Deno.readTextFile(`${folder}${notebook.name}.ipynb`);
  if (!fast || notebook.fast === undefined) return text;
  const file = JSON.parse(text);
  const at = notebook.cells.findIndex(({ source }) => source.startsWith(KNOBS));
  file.cells.splice(at + 1, 0, {
    cell_type: "code",
    id: "fast",
    metadata: {},
    source: notebook.fast,
    outputs: [],
    execution_count: null,
  });
  return JSON.stringify(file);
}
