/**
 * What has to be known about a table's numbers, in sentences: seeds, images, protocols, overlap.
 *
 * @module
 */
import { protocolLine, protocolRecord } from "../metrics/mod.ts";
import type { RunTableInput, TableCells } from "./run_table.ts";
import { type TableSummary, tableSummary } from "./table_summary.ts";

/** Cells, and where they come from. */
export interface NotedCells extends TableCells {
  /** The target's sentence and judge. */
  target: {
    source: string;
    drawsPeople?: boolean;
    judge: Pick<
      RunTableInput["target"]["judge"],
      "columns" | "headlines" | "source"
    >;
  };
  /** Seeds and methods. */
  settings: Pick<RunTableInput["settings"], "seeds" | "methods">;
}

/**
 * What is to be known about the numbers of a page: who was trained on and judged on, the protocols, the overlap.
 *
 * @param input What was scored, and how.
 * @returns A list in Markdown.
 *
 * @example
 * ```ts
 * import { tableNotes } from "./table_notes.ts";
 *
 * console.log(tableNotes.length); // 1
 * ```
 */
export function tableNotes(input: NotedCells): string {
  const summary = tableSummary(input, input);
  const absent = Object.entries(input.absent)
    .map(([method, reason]) => `${method} could not be run: ${reason}`);
  const lines = [
    seedsLine(summary.seeds, input.target.drawsPeople),
    ...absent,
    ...noteLines(input, summary),
  ];
  return lines.map(markdownItem).join("\n");
}

/**
 * An item of a list in Markdown.
 *
 * @param text Plain text.
 * @returns One line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { markdownItem } from "./table_notes.ts";
 *
 * assertEquals(markdownItem("a_b"), "- a\\_b");
 * ```
 */
export function markdownItem(text: string): string {
  return `- ${text.replaceAll(/[\\<*_`]/g, "\\$&")}`;
}

/**
 * What the seeds decide, and so what the intervals speak of.
 *
 * @param seeds The seeds.
 * @param drawsPeople Whether each has its own people. @default false
 * @returns A sentence or three.
 *
 * @example
 * ```ts
 * import { seedsLine } from "./table_notes.ts";
 *
 * console.log(seedsLine([0])); // One seed (0): a number without an interval, which says little.
 * ```
 */
export function seedsLine(seeds: number[], drawsPeople = false): string {
  if (seeds.length === 1) {
    return `One seed (${
      seeds[0]
    }): a number without an interval, which says little.`;
  }
  const varied = drawsPeople
    ? "Each seed has its own training, its own noise and its own people, trained on and judged on: intervals speak of new people."
    : "Seeds decide training and generation; the images are the same.";
  return `Mean over ${seeds.length} seeds ± half of its 95 % interval (Student's t). ${varied}`;
}

/**
 * Whom the methods were trained on and judged on, by which protocols, and with which overlap.
 *
 * @param input The cells.
 * @param summary What they sum up to.
 * @returns Sentences.
 *
 * @example
 * ```ts
 * import { noteLines } from "./table_notes.ts";
 *
 * console.log(noteLines.length); // 2
 * ```
 */
export function noteLines(
  input: NotedCells,
  summary: TableSummary,
): string[] {
  const { cells, target } = input;
  return [
    `Trained on: ${target.source}`,
    ...summary.rows.flatMap(({ name, how }) =>
      how === undefined ? [] : [`${name}: ${how}.`]
    ),
    `Judged on: ${target.judge.source}`,
    ...protocolLines(cells),
    ...overlapLines(cells),
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
