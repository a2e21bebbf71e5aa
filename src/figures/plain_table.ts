/**
 * Tables of results as text: for terminals, Markdown pages, spreadsheets and papers.
 *
 * @module
 */
import { checkLength, checkOneOf } from "../core/mod.ts";
import { Html } from "./html.ts";
import type { TableCell, TableColumn } from "./table.ts";

/** Ways to write a table. */
export type PlainTableFormat = "text" | "markdown" | "csv" | "latex";

/** All ways to write a table, for those who offer a choice. */
export const PLAIN_TABLE_FORMATS: readonly PlainTableFormat[] = [
  "text",
  "markdown",
  "csv",
  "latex",
];

/** Options of {@linkcode plainTable}. */
export interface PlainTableOptions {
  /** Which way. @default "text" */
  format?: PlainTableFormat;
  /** What the numbers are; stands above the table, but not in CSV. @default none */
  caption?: string;
}

/** One row: a cell per column; a bare value is a cell without extras. */
export type PlainTableRow = readonly (TableCell | TableCell["value"])[];

/** A cell in the words of its format. */
interface Written {
  text: string;
  isNumber: boolean;
}

/**
 * Writes a table as text. The cells are those of `table`: what goes into a report goes into a paper.
 *
 * Uncertainties stand behind their numbers as ±, notes below the table under letters, equal ones once. In CSV (RFC 4180)
 * numbers have all their digits, an uncertainty has its own column, notes stand in the last one, and what is absent is an
 * empty field. LaTeX needs no package. A share is left out, and so is emphasis in text and CSV.
 *
 * @param columns Columns, from left to right; the first heads the rows.
 * @param rows Rows of cells, one per column.
 * @param options Format and caption.
 * @returns The table, with a line end.
 * @throws {TypeError} If a row has not one cell per column, or a cell holds markup.
 * @throws {RangeError} If the format is not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plainTable } from "@outis/outis/figures";
 *
 * const columns = [{ title: "trained on" }, { title: "mAP", unit: "%", digits: 1 }];
 * const rows = [["real", { value: 85.44, error: 0.31 }]];
 * assertEquals(
 *   plainTable(columns, rows, { format: "markdown" }),
 *   "| trained on | mAP (%) |\n| --- | ---: |\n| real | 85.4 ± 0.3 |\n",
 * );
 * ```
 */
export function plainTable(
  columns: readonly TableColumn[],
  rows: readonly PlainTableRow[],
  options: PlainTableOptions = {},
): string {
  const { format = "text", caption } = options;
  checkOneOf("write a table", "format", format, PLAIN_TABLE_FORMATS);
  const cells = rows.map((row, r) => {
    checkLength("write a table", `rows[${r}]`, row, columns.length);
    return row.map((cell, c) => asCell(cell, `rows[${r}][${c}]`));
  });
  if (format === "csv") return csvTable(columns, cells);
  const notes = [
    ...new Set(cells.flat().flatMap(({ note }) => note ? [note] : [])),
  ];
  const hand = hands[format];
  const written = cells.map((row) =>
    row.map((cell, c) => hand.cell(cell, columns[c], notes))
  );
  const right = columns.map(({ align }, c) =>
    align === "right" || written.some((row) => row[c].isNumber)
  );
  return hand.table({
    heads: columns.map((column) => hand.escape(headOf(column))),
    rows: written.map((row) => row.map(({ text }) => text)),
    right,
    caption: caption === undefined ? undefined : hand.escape(caption),
    notes: notes.map((note, i) => [letterOf(i), hand.escape(note)]),
  });
}

interface WrittenTable {
  heads: string[];
  rows: string[][];
  right: boolean[];
  caption: string | undefined;
  notes: [letter: string, note: string][];
}

/** How one format writes. */
interface Hand {
  escape: (text: string) => string;
  cell: (cell: TableCell, column: TableColumn, notes: string[]) => Written;
  table: (table: WrittenTable) => string;
}

/** Makes `cell` out of what sets formats apart. */
function handOf(
  parts: Pick<Hand, "escape" | "table"> & {
    pm: string;
    strong: (text: string) => string;
    mark: (letter: string) => string;
  },
): Hand {
  const { escape, table, pm, strong, mark } = parts;
  return {
    escape,
    table,
    cell({ value, error, note, strong: isStrong }, { digits }, notes) {
      const isNumber = typeof value === "number";
      let text = isNumber
        ? numberText(value, digits)
        : escape(value as string ?? "–");
      if (error !== undefined) text += `${pm}${numberText(error, digits)}`;
      if (isStrong) text = strong(text);
      if (note) text += mark(letterOf(notes.indexOf(note)));
      return { text, isNumber };
    },
  };
}

const hands: Record<Exclude<PlainTableFormat, "csv">, Hand> = {
  text: handOf({
    escape: (text) => text,
    pm: " ± ",
    strong: (text) => text,
    mark: (letter) => ` (${letter})`,
    table({ heads, rows, right, caption, notes }) {
      const widths = heads.map((head, c) =>
        Math.max(head.length, ...rows.map((row) => row[c].length))
      );
      const line = (row: string[]) =>
        row.map((text, c) =>
          right[c] ? text.padStart(widths[c]) : text.padEnd(widths[c])
        ).join("  ").trimEnd();
      return lines([
        ...(caption === undefined ? [] : [caption, ""]),
        line(heads),
        widths.map((width) => "-".repeat(width)).join("  "),
        ...rows.map(line),
        ...notes.map(([letter, note]) => `(${letter}) ${note}`),
      ]);
    },
  }),
  markdown: handOf({
    escape: (text) => text.replaceAll(/[|\\<*_`]/g, "\\$&"),
    pm: " ± ",
    strong: (text) => `**${text}**`,
    mark: (letter) => `<sup>${letter}</sup>`,
    table({ heads, rows, right, caption, notes }) {
      const line = (row: string[]) => `| ${row.join(" | ")} |`;
      return lines([
        ...(caption === undefined ? [] : [caption, ""]),
        line(heads),
        line(right.map((isRight) => isRight ? "---:" : "---")),
        ...rows.map(line),
        // A line of its own for each, as two blanks at the end would be lost.
        ...notes.flatMap((
          [letter, note],
        ) => ["", `<sup>${letter}</sup> ${note}`]),
      ]);
    },
  }),
  latex: handOf({
    escape: escapeLatex,
    pm: " $\\pm$ ",
    strong: (text) => `\\textbf{${text}}`,
    mark: (letter) => `\\textsuperscript{${letter}}`,
    table({ heads, rows, right, caption, notes }) {
      const line = (row: string[]) => `${row.join(" & ")} \\\\`;
      return lines([
        "\\begin{table}",
        "\\centering",
        ...(caption === undefined ? [] : [`\\caption{${caption}}`]),
        `\\begin{tabular}{${
          right.map((isRight) => isRight ? "r" : "l").join("")
        }}`,
        "\\hline",
        line(heads),
        "\\hline",
        ...rows.map(line),
        "\\hline",
        "\\end{tabular}",
        ...notes.flatMap((
          [letter, note],
        ) => ["", `\\textsuperscript{${letter}} ${note}`]),
        "\\end{table}",
      ]);
    },
  }),
};

function csvTable(
  columns: readonly TableColumn[],
  cells: readonly TableCell[][],
): string {
  const hasError = columns.map((_, c) =>
    cells.some((row) => row[c].error !== undefined)
  );
  const hasNotes = cells.some((row) => row.some(({ note }) => note));
  const head = columns.flatMap((column, c) => [
    headOf(column),
    ...(hasError[c] ? [`${headOf(column)} ±`] : []),
  ]);
  const body = cells.map((row) => [
    ...row.flatMap(({ value, error }, c) => [
      value ?? "",
      ...(hasError[c] ? [error ?? ""] : []),
    ]),
    ...(hasNotes
      ? [row.flatMap(({ note }) => note ? [note] : []).join("; ")]
      : []),
  ]);
  const line = (fields: readonly unknown[]) =>
    fields.map((field) => quoted(String(field))).join(",");
  return [[...head, ...(hasNotes ? ["notes"] : [])], ...body]
    .map((fields) => line(fields) + "\r\n").join("");
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function asCell(cell: PlainTableRow[number], argument: string): TableCell {
  const made = cell !== null && typeof cell === "object" &&
      !(cell instanceof Html)
    ? cell
    : { value: cell };
  if (made.value instanceof Html) {
    throw new TypeError(
      `Cannot write a table as '${argument}' must be text or a number: current value is markup`,
    );
  }
  return made;
}

function headOf({ title, unit }: TableColumn): string {
  return unit === undefined ? title : `${title} (${unit})`;
}

function numberText(value: number, digits: number | undefined): string {
  if (!Number.isFinite(value)) return String(value);
  if (digits !== undefined) return value.toFixed(digits);
  return String(Number.isInteger(value) ? value : +value.toPrecision(4));
}

const LATEX: { readonly [character: string]: string } = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "±": "$\\pm$",
  "×": "$\\times$",
  "≥": "$\\ge$",
  "≤": "$\\le$",
  "–": "--",
  "<": "$<$",
  ">": "$>$",
};

function escapeLatex(text: string): string {
  return text.replaceAll(
    /[\\~^±×≥≤–<>&%$#_{}]/g,
    (character) => LATEX[character] ?? `\\${character}`,
  );
}

/** 0 -> a, 25 -> z, 26 -> aa: as `table` does. */
function letterOf(index: number): string {
  const last = String.fromCharCode(97 + index % 26);
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

function lines(texts: string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
