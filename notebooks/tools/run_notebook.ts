/**
 * Executes a notebook headless.
 *
 * @module
 */
import { cellName } from "./cell_module.ts";
import type { Jupyter } from "./jupyter.ts";
import { KNOBS, type Notebook } from "./notebook.ts";

/** Options of {@linkcode runNotebook}. */
export interface RunNotebookOptions {
  /** The notebook's file. Another beside it is what runs, so that the kernel is in its folder. */
  path: string;
  /** Where the notebook with its outputs is written. */
  target: string;
  /** Whether the fast settings are run behind the knobs. */
  fast: boolean;
  /** What starts Jupyter. */
  jupyter: Jupyter;
  /** Seconds a cell may take. */
  cellSeconds: number;
  /** Called before each code cell. */
  onCell?: (cell: number, of: number) => void;
}

/** What `execute.py` says in a line. */
interface Said {
  cell?: number;
  of?: number;
  done?: true;
  error?: string;
}

/**
 * Executes a notebook; what was done until a cell failed is written all the same.
 *
 * @param notebook Which.
 * @param options Where to, how.
 * @returns What went wrong, naming the cell; nothing if all is well.
 */
export async function runNotebook(
  notebook: Notebook,
  options: RunNotebookOptions,
): Promise<string | undefined> {
  const { path, target, jupyter, cellSeconds, onCell } = options;
  const source = path.replace(/[^/]+$/, `.run-${notebook.name}.ipynb`);
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(
    source,
    options.fast ? withFastSettings(notebook, text) : text,
  );
  try {
    const script = new URL("./execute.py", import.meta.url).pathname;
    const child = new Deno.Command(jupyter.python, {
      args: [script, source, target, "deno", String(cellSeconds)],
      env: jupyter.env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const errors = new Response(child.stderr).text();
    let last: Said = {};
    let cell = 0;
    let rest = "";
    const decoded = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const text of decoded) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        last = JSON.parse(line) as Said;
        if (last.cell === undefined) continue;
        cell = last.cell;
        onCell?.(cell, last.of!);
      }
    }
    await child.status;
    if (last.done) return undefined;
    const why = last.error ?? `it ended without a word: ${await errors}`;
    return `${cell === 0 ? notebook.name : cellName(notebook, cell)}: ${why}`;
  } finally {
    await Deno.remove(source);
  }
}

/**
 * The file of a notebook with its fast settings added to the knobs.
 *
 * @param notebook Its settings.
 * @param text Its file.
 * @returns The file to run; the same where it has none. Cells keep their numbers.
 */
export function withFastSettings(
  { cells, fast }: Pick<Notebook, "cells" | "fast">,
  text: string,
): string {
  const at = cells.findIndex(({ source }) => source.startsWith(KNOBS));
  if (fast === undefined || at < 0) return text;
  const file = JSON.parse(text);
  // The value of the last setting is no output.
  file.cells[at].source = `${cells[at].source}\n${fast}\nvoid 0;`;
  return JSON.stringify(file);
}
