/**
 * Type check, lint and format of the cells: the kernel runs them unchecked.
 *
 * @module
 */
import {
  type CellModule,
  cellName,
  codeCells,
  fileName,
  moduleOf,
} from "./cell_module.ts";
import type { Notebook } from "./notebook.ts";

const root = new URL("../../", import.meta.url).pathname;

/** Knobs are there to be changed, so they are no constants. */
const LINT = [
  "--compact",
  "--rules-tags=recommended",
  "--rules-exclude=prefer-const",
];

/**
 * Checks notebooks.
 *
 * @param notebooks Read notebooks.
 * @param folder Where the cells are written: below the package, so that its import map holds. Removed afterwards.
 * @returns What is wrong, in the words of Deno's tools, naming notebook, cell and line; empty if all is well.
 */
export async function checkCells(
  notebooks: readonly Notebook[],
  folder: string,
): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  try {
    const modules = new Map<string, CellModule>();
    const cells = new Map<string, string>();
    for (const notebook of notebooks) {
      const module = moduleOf(notebook);
      const path = `${folder}/${notebook.name}.ts`;
      await Deno.writeTextFile(path, module.source);
      modules.set(path, module);
      for (const { number, source } of codeCells(notebook)) {
        const path = `${folder}/${notebook.name}.${number}.ts`;
        await Deno.writeTextFile(path, source + "\n");
        cells.set(path, cellName(notebook, number));
      }
    }
    const whole = [...modules.keys()];
    const said = await Promise.all([
      deno(["check", "--quiet", ...whole]),
      deno(["lint", ...LINT, ...whole]),
      deno(["fmt", "--check", ...cells.keys()]),
    ]);
    return located(said.join(""), modules, cells);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs one of Deno's tools; what it says, where it finds a fault. */
async function deno(args: string[]): Promise<string> {
  const { code, stderr, stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return code === 0 ? "" : text(stdout) + text(stderr);
}

/**
 * Puts cells in the place of the files that were made of them.
 *
 * @param text What a tool said.
 * @param modules Modules by path.
 * @param cells Names of cells by path.
 * @returns The same of notebooks.
 */
export function located(
  text: string,
  modules: ReadonlyMap<string, CellModule>,
  cells: ReadonlyMap<string, string>,
): string {
  for (const [path, { origins }] of modules) {
    const place = new RegExp(
      `(?:file://)?${
        RegExp.escape(path)
      }(?::(\\d+)(?::\\d+)?|: line (\\d+), col \\d+)`,
      "g",
    );
    text = text.replaceAll(
      place,
      (all, line, other) => origins[Number(line ?? other) - 1] ?? all,
    );
  }
  for (const [path, name] of cells) {
    text = text.replaceAll(
      new RegExp(`(?:file://)?${RegExp.escape(path)}`, "g"),
      name,
    );
  }
  return text;
}

/**
 * What of a run a notebook still holds, though it is committed without.
 *
 * @param notebook A read notebook.
 * @returns One sentence for each cell with an output or a number of its run.
 */
export function leftovers(notebook: Notebook): string[] {
  return notebook.cells.filter(({ kind }) => kind === "code")
    .flatMap(({ outputs, executed }, i) =>
      outputs.length === 0 && !executed ? [] : [
        `${
          cellName(notebook, i + 1)
        } holds outputs: deno task notebooks --tidy ${notebook.name} takes them out of ${
          fileName(notebook)
        }`,
      ]
    );
}
