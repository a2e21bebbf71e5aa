/**
 * Notebooks as they are committed: formatted cells, nothing of a run.
 *
 * @module
 */
import { type Notebook, textOf } from "./notebook.ts";

/**
 * Formats the code cells of a notebook and takes outputs and numbers of a run out of it, in place.
 *
 * @param notebook Which.
 * @param path Its file.
 * @returns Whether the file has changed.
 * @throws {SyntaxError} If a cell cannot be read as TypeScript; then the file is as it was.
 */
export async function tidyNotebook(
  notebook: Pick<Notebook, "name">,
  path: string,
): Promise<boolean> {
  const before = await Deno.readTextFile(path);
  const file = JSON.parse(before);
  const folder = await Deno.makeTempDir();
  try {
    const code = file.cells.filter((cell: { cell_type: string }) =>
      cell.cell_type === "code"
    );
    const paths = code.map((_: unknown, i: number) => `${folder}/${i + 1}.ts`);
    for (const [i, cell] of code.entries()) {
      cell.outputs = [];
      cell.execution_count = null;
      await Deno.writeTextFile(paths[i], textOf(cell.source));
    }
    if (paths.length > 0) {
      const { code: exit, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["fmt", "--no-config", "--quiet", ...paths],
        env: { NO_COLOR: "1" },
        stdin: "null",
      }).output();
      if (exit !== 0) {
        throw new SyntaxError(
          `Cannot tidy a notebook as the cells of '${notebook.name}' must be TypeScript: ${
            new TextDecoder().decode(stderr)
          }`,
        );
      }
    }
    for (const [i, cell] of code.entries()) {
      const lines = (await Deno.readTextFile(paths[i])).trimEnd().split("\n");
      cell.source = lines.map((line, l) =>
        l < lines.length - 1 ? `${line}\n` : line
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const after = JSON.stringify(file, null, 1) + "\n";
  if (after === before) return false;
  await Deno.writeTextFile(path, after);
  return true;
}
