/**
 * Notebook files.
 *
 * @module
 */

/** One output of a code cell, as nbformat 4 has them. */
export interface CellOutput {
  /** What kind. */
  output_type: "stream" | "display_data" | "execute_result" | "error";
  /** Of a stream: which. */
  name?: "stdout" | "stderr";
  /** Of a stream: its text. */
  text?: string | string[];
  /** Of a display: the same thing by media type. */
  data?: { [mediaType: string]: unknown };
  /** Of an error: its lines, coloured for a terminal. */
  traceback?: string[];
}

/** One cell, its source as one text. */
export interface Cell {
  /** What kind. */
  kind: "markdown" | "code";
  /** Its text. */
  source: string;
  /** What it gave, where it was executed. */
  outputs: CellOutput[];
  /** Whether it bears the number of a run. @default false */
  executed?: boolean;
}

/** A notebook, as far as the tools look into it. */
export interface Notebook {
  /** Name of the file without folder and ending. */
  name: string;
  /** Cells in order. */
  cells: Cell[];
  /** Statements that make it fast, run behind the cell of its knobs: `metadata.outis.fast`. */
  fast?: string;
}

/** Text of nbformat: one string or its lines. */
export function textOf(text: string | string[] | undefined): string {
  return typeof text === "string" ? text : (text ?? []).join("");
}

/** Reads a notebook; one that is no notebook is an error that names it. */
export async function readNotebook(path: string): Promise<Notebook> {
  const name = path.replace(/^.*\//, "").replace(/\.ipynb$/, "");
  try {
    const { cells, metadata } = JSON.parse(await Deno.readTextFile(path));
    return {
      name,
      fast: metadata.outis?.fast,
      cells: cells.map((cell: {
        cell_type: Cell["kind"];
        source: string | string[];
        outputs?: CellOutput[];
        execution_count?: number | null;
      }) => ({
        kind: cell.cell_type,
        source: textOf(cell.source),
        outputs: cell.outputs ?? [],
        executed: typeof cell.execution_count === "number",
      })),
    };
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read a notebook as '${path}' must be nbformat 4 in JSON`,
      { cause },
    );
  }
}

/** The cell whose first line is this sets what a reader may change. */
export const KNOBS = "// Knobs";
