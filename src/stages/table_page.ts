/**
 * A table to be read: ours beside the paper's printed rows, with protocol, overlap and comparisons.
 *
 * @module
 */
import {
  plainTable,
  type PlainTableRow,
  type TableColumn,
} from "../figures/mod.ts";
import {
  type PrintedTable,
  printedTable,
  type TableNumber,
} from "./paper_rows.ts";
import type { RunTableInput, TableCells } from "./run_table.ts";
import { markdownItem, noteLines, seedsLine } from "./table_notes.ts";
import type {
  TableComparison,
  TableRow,
  TableSummary,
} from "./table_summary.ts";
import { tableSummary } from "./table_summary.ts";

/** Ways to write a table's page. */
export type TableFormat = "text" | "markdown" | "csv" | "json" | "latex";

/** File endings of the ways to write a page. */
export const TABLE_FILES: Readonly<Record<TableFormat, string>> = {
  text: "txt",
  markdown: "md",
  csv: "csv",
  json: "json",
  latex: "tex",
};

/** What goes onto the page. */
export interface TablePageInput extends TableCells {
  /** Which table of the paper. */
  number: TableNumber;
  /** The target's sentence and judge. */
  target: {
    source: string;
    drawsPeople?: boolean;
    judge: Pick<
      RunTableInput["target"]["judge"],
      "columns" | "headlines" | "source"
    >;
  };
  /** Sizes, seeds, methods. */
  settings: RunTableInput["settings"];
  /** The command that makes it again. */
  command: string;
  /** What computed. */
  engine: string;
}

/**
 * Writes a table.
 *
 * Where the images judged on are the paper's, its rows and ours stand in one table; else in two, as their numbers are not
 * to be compared. CSV has one table always.
 *
 * @param input What was scored, and how.
 * @param format How it is written.
 * @returns The page, with a line end.
 * @throws {RangeError} If there is no such table or format.
 *
 * @example
 * ```ts
 * import { runTable, type RunTableInput, tablePage } from "@outis/outis/stages";
 *
 * // Minutes to hours, as the settings say.
 * async function markdown(input: RunTableInput): Promise<string> {
 *   const cells = await runTable(input);
 *   const page = { ...input, ...cells, number: 2 as const, command: "", engine: "" };
 *   return tablePage(page, "markdown");
 * }
 * console.log(markdown.length); // 1
 * ```
 */
export function tablePage(input: TablePageInput, format: TableFormat): string {
  const printed = printedTable(input.number);
  const summary = tableSummary(input, input);
  if (format === "json") return jsonPage(input, printed, summary);
  const isSame = summary.columns.some((name) => printed.columns.includes(name));
  const all = [...new Set([...printed.columns, ...summary.columns])];
  const write = (
    rows: PlainTableRow[],
    columns: readonly string[],
    caption: string,
  ) =>
    plainTable(columnsOf(columns, printed.number), rows, { format, caption });
  if (format === "csv") {
    return write(rowsOf(printed, summary, all), all, "");
  }
  const heading = `Table ${printed.number}. ${printed.title}`;
  const seeds = seedsLine(summary.seeds, input.target.drawsPeople);
  const parts = isSame
    ? [write(
      rowsOf(printed, summary, all),
      all,
      `${heading}. ${seeds} Rows of the paper: ${printed.source}.`,
    )]
    : [
      write(
        rowsOf({ ...printed, rows: [] }, summary, summary.columns),
        summary.columns,
        `${heading}. ${seeds}`,
      ),
      write(
        rowsOf(printed, { ...summary, rows: [] }, printed.columns),
        printed.columns,
        `The paper's rows, as printed (${printed.source}); judged on other images than ours, so not to be compared with them.`,
      ),
    ];
  if (summary.comparisons.length > 0) {
    parts.push(plainTable(COMPARED, summary.comparisons.map(compared), {
      format,
      caption:
        "Differences under the same seeds, percentage points: mean ± half of the 95 % interval, two-sided paired t-test, and its p by Holm's correction over the column.",
    }));
  }
  const notes = [
    ...noteLines(input, summary),
    ...missingLines(printed, summary),
    `Made by: ${input.command} (${input.engine})`,
  ].map(items[format]);
  return [...parts, `${notes.join("\n")}\n`].join("\n");
}

/** How what is no table is written. */
const items: {
  [format in "text" | "markdown" | "latex"]: (text: string) => string;
} = {
  text: (text) => text,
  markdown: markdownItem,
  latex: (text) => `% ${text}`,
};

const COMPARED: TableColumn[] = [
  { title: "column" },
  { title: "method" },
  { title: "minus" },
  { title: "difference", digits: 2 },
  { title: "t", digits: 2 },
  { title: "p", digits: 3 },
  { title: "p (Holm)", digits: 3 },
];

function compared(comparison: TableComparison): PlainTableRow {
  const { column, method, difference, adjusted } = comparison;
  const { mean, halfWidth, t, p } = difference;
  const none = p === undefined
    ? {
      value: null,
      note: "All differences are equal: there is no spread to test by.",
    }
    : undefined;
  return [
    column,
    method,
    comparison.with,
    { value: mean, error: halfWidth },
    none ?? t!,
    none ?? p!,
    none ?? adjusted!,
  ];
}

function columnsOf(
  names: readonly string[],
  number: TableNumber,
): TableColumn[] {
  // As many places as the paper prints.
  const digits = number === 1 ? 1 : 2;
  return [
    { title: "method" },
    { title: "from" },
    ...names.map((title) => ({ title, digits, align: "right" as const })),
  ];
}

/** The paper's rows, ours behind those they belong to, the others at the end. */
function rowsOf(
  printed: PrintedTable,
  summary: TableSummary,
  columns: readonly string[],
): PlainTableRow[] {
  const left = new Set(summary.rows);
  const rows: PlainTableRow[] = [];
  for (const { method, values, notes } of printed.rows) {
    rows.push([
      method,
      "paper",
      ...columns.map((name) => {
        const at = printed.columns.indexOf(name);
        const value = values[at] ?? null;
        return at in notes ? { value, note: notes[at] } : { value };
      }),
    ]);
    for (const row of left) {
      if (!isPrinted(row, method)) continue;
      left.delete(row);
      rows.push(ownRow(row, columns));
    }
  }
  return [...rows, ...Array.from(left, (row) => ownRow(row, columns))];
}

function ownRow(
  { name, scores, absent }: TableRow,
  columns: readonly string[],
): PlainTableRow {
  const whole = absent[""];
  return [
    whole === undefined ? name : { value: name, note: whole },
    "here",
    ...columns.map((column) => {
      const score = scores[column];
      if (score === undefined) {
        const note = absent[column];
        return note === undefined ? null : { value: null, note };
      }
      const { mean: value, halfWidth } = score;
      return halfWidth === undefined ? { value } : { value, error: halfWidth };
    }),
  ];
}

/** Whether a row of ours is one of the paper's: by what it says itself, or by its name, as of a folder. */
function isPrinted({ name, printed }: TableRow, method: string): boolean {
  const plain = (text: string) =>
    text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return printed === undefined
    ? plain(name) === plain(method)
    : printed === method;
}

function missingLines(printed: PrintedTable, summary: TableSummary): string[] {
  const missing = printed.rows.map(({ method }) => method)
    .filter((method) => !summary.rows.some((row) => isPrinted(row, method)));
  return missing.length === 0 ? [] : [
    `Not run here: ${
      missing.join(", ")
    }. Whoever has their images gives them by --synthetic NAME=DIR.`,
  ];
}

function jsonPage(
  input: TablePageInput,
  printed: PrintedTable,
  summary: TableSummary,
): string {
  const { cells, target, settings, command, engine } = input;
  return JSON.stringify(
    {
      schema: 1,
      table: printed.number,
      title: printed.title,
      command,
      engine,
      trainedOn: target.source,
      judgedOn: target.judge.source,
      ...summary,
      printed,
      settings,
      cells,
    },
    null,
    2,
  ) + "\n";
}
