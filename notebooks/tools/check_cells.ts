/**
 * Type check of notebooks: the kernel itself runs cells unchecked.
 *
 * @module
 */
import type { Notebook } from "./notebook.ts";

/**
 * The code cells of a notebook as one module. The kernel has `display` and the like as globals; a module takes them from
 * `Deno.jupyter`.
 */
export function moduleOf(notebook: Notebook): string {
  const code = notebook.cells.filter(({ kind }) => kind === "code");
  const cells = code.map(({ source }, i) => `// cell ${i + 1}\n${source}\n`);
  return cells.join("\n") + "\nexport {};\n";
}

/**
 * Checks notebooks, format and lint of their cells included; all faults are told by the tools themselves.
 *
 * @param notebooks Read notebooks.
 * @param folder Where the modules are written: below the package, so that its import map holds.
 * @returns Whether all are well.
 */
export async function checkCells(
  notebooks: readonly Notebook[],
  folder: string,
): Promise<boolean> {
  await Deno.mkdir(folder, { recursive: true });
  try {
    const paths: string[] = [];
    for (const notebook of notebooks) {
      const path = `${folder}/${notebook.name}.ts`;
      await Deno.writeTextFile(path, moduleOf(notebook));
      paths.push(path);
    }
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["check", ...paths],
      stdin: "null",
    }).output().then(({ code, stderr }) => {
      if (code !== 0) Deno.stderr.writeSync(stderr);
      return { code };
    });
    return code === 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
