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
import { protocolLine, protocolRecord } from "../metrics/mod.ts";
import {
  type PrintedTable,
  printedTable,
  type TableNumber,
} from "./paper_rows.ts";
import type { RunTableInput, TableCells } from "./run_table.ts";
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
  const seeds = seedsLine(summary.seeds);
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
  const { written, itemOf } = words[format];
  return [
    ...parts,
    written(notesOf(input, printed, summary).map(itemOf)),
  ].join("\n");
}

/** How what is no table is written. */
const words = {
  text: {
    itemOf: (text: string) => text,
    written: (items: string[]) => `${items.join("\n")}\n`,
  },
  markdown: {
    itemOf: (text: string) => `- ${text.replaceAll(/[\\<*_`]/g, "\\$&")}`,
    written: (items: string[]) => `${items.join("\n")}\n`,
  },
  latex: {
    itemOf: (text: string) => `% ${text}`,
    written: (items: string[]) => `${items.join("\n")}\n`,
  },
} as const;

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

function seedsLine(seeds: number[]): string {
  return seeds.length === 1
    ? `One seed (${seeds[0]}): a number without an interval, which says little.`
    : `Mean over ${seeds.length} seeds ± half of its 95 % interval (Student's t). Seeds decide training and generation; the images are the same.`;
}

function notesOf(
  input: TablePageInput,
  printed: PrintedTable,
  summary: TableSummary,
): string[] {
  const { cells, target, command, engine } = input;
  const missing = printed.rows.map(({ method }) => method)
    .filter((method) => !summary.rows.some((row) => isPrinted(row, method)));
  return [
    `Trained on: ${target.source}`,
    ...summary.rows.flatMap(({ name, how }) =>
      how === undefined ? [] : [`${name}: ${how}.`]
    ),
    `Judged on: ${target.judge.source}`,
    ...protocolLines(cells),
    ...overlapLines(cells),
    ...(missing.length > 0
      ? [
        `Not run here: ${
          missing.join(", ")
        }. Whoever has their images gives them by --synthetic NAME=DIR.`,
      ]
      : []),
    `Made by: ${command} (${engine})`,
  ];
}

/** Every protocol once, with the test sets that were judged by it. */
function protocolLines(cells: TableCells["cells"]): string[] {
  const sets = new Map<string, Set<string>>();
  for (const { protocols } of cells) {
    for (const [set, record] of Object.entries(protocols)) {
      // The embedder is another one in every cell.
      const { embedder: _, ...parameters } = record.parameters;
      const { name, counts } = record;
      const line = protocolLine(protocolRecord({ name, parameters, counts }));
      sets.set(line, (sets.get(line) ?? new Set()).add(set));
    }
  }
  return Array.from(sets, ([line, names]) => {
    const shown = [...names].filter(Boolean).join(", ");
    return `Protocol${shown && ` (${shown})`}: ${line}`;
  });
}

/** What the search for test images among those trained on has found. */
function overlapLines(cells: TableCells["cells"]): string[] {
  if (cells.length === 0) return [];
  if (cells.some(({ overlap }) => overlap === undefined)) {
    return ["Overlap: it was not checked whether test images were trained on."];
  }
  const found = new Map<string, Set<string>>();
  for (const { method, overlap = [] } of cells) {
    for (const { name, affected, paths } of overlap) {
      if (affected === 0) continue;
      const what =
        `${affected} test images have a duplicate among ${name}, as ${
          paths[0]
        }`;
      found.set(what, (found.get(what) ?? new Set()).add(method));
    }
  }
  const rule = cells[0].overlap?.[0]?.rule ?? "";
  const lines = Array.from(
    found,
    ([what, methods]) => `Overlap: ${what} (${[...methods].join(", ")}).`,
  );
  return lines.length > 0 ? [...lines, `Duplicates: ${rule}`] : [
    `Overlap: no test image stands among those trained on, in any row. ${rule}`,
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
