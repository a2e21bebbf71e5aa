/**
 * The code cells of a notebook as one module, and the way back from a line of it to its cell.
 *
 * @module
 */
import { KNOBS, type Notebook } from "./notebook.ts";

/** A module made of cells. */
export interface CellModule {
  /** Its text. */
  source: string;
  /** Where each line comes from, line 1 first; none where the line is not of the notebook. */
  origins: (string | undefined)[];
}

/**
 * Puts the code cells of a notebook together. The fast settings stand where they run, so that they are checked, too.
 *
 * @param notebook Its cells.
 * @returns The module.
 */
export function moduleOf(notebook: Notebook): CellModule {
  const lines: string[] = [];
  const origins: CellModule["origins"] = [];
  const add = (source: string, name: string) =>
    source.split("\n").forEach((line, i) => {
      lines.push(line);
      origins.push(`${name}, line ${i + 1}`);
    });
  for (const { number, source } of codeCells(notebook)) {
    add(source, cellName(notebook, number));
    if (source.startsWith(KNOBS) && notebook.fast !== undefined) {
      add(notebook.fast, `${fileName(notebook)}, its fast settings`);
    }
  }
  // Cells may await, and their names are their own.
  lines.push("export {};", "");
  return { source: lines.join("\n"), origins };
}

/** A code cell and its number, as Jupyter counts when all run in order. */
export interface NumberedCell {
  /** From 1. */
  number: number;
  /** Its text. */
  source: string;
}

/** The code cells of a notebook, numbered. */
export function codeCells({ cells }: Notebook): NumberedCell[] {
  return cells.filter(({ kind }) => kind === "code")
    .map(({ source }, i) => ({ number: i + 1, source }));
}

/** What messages call a notebook. */
export function fileName({ name }: Pick<Notebook, "name">): string {
  return `notebooks/${name}.ipynb`;
}

/** What messages call a code cell. */
export function cellName(
  notebook: Pick<Notebook, "name">,
  number: number,
): string {
  return `${fileName(notebook)}, code cell ${number}`;
}
