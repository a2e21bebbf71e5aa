/**
 * What a table has shown: means with their intervals, and how the methods differ.
 *
 * @module
 */
import {
  holmAdjusted,
  meanInterval,
  type PairedTest,
  pairedTest,
} from "../metrics/mod.ts";
import type { RunTableInput, TableCells } from "./run_table.ts";

/** What one method scored in one column. */
export interface TableScore {
  /** Mean over the seeds, percent. */
  mean: number;
  /** Half width of the 95 % interval (Student's t). Left out with one seed: that has no spread. */
  halfWidth?: number;
  /** Score per seed, in the order of `seeds`. */
  values: number[];
}

/** A method's row. */
export interface TableRow {
  /** Name of the method. */
  name: string;
  /** The paper's row for it. */
  printed?: string;
  /** What was trained on, a phrase; or nothing where it could not be run. */
  how?: string;
  /** Score per column. */
  scores: { [column: string]: TableScore };
  /** Why there is no score, by column; `""` is the reason of the whole row. */
  absent: { [column: string]: string };
}

/** One method minus another under the same seeds. */
export interface TableComparison {
  /** Column. */
  column: string;
  /** The method. */
  method: string;
  /** The one it is compared with. */
  with: string;
  /** Difference of the means, its 95 % interval, and the paired t-test; percentage points. */
  difference: PairedTest;
  /** P-value by Holm's correction over the comparisons of the column. Left out where there is none. */
  adjusted?: number;
}

/** A table in numbers. */
export interface TableSummary {
  /** Columns, left to right. */
  columns: string[];
  /** The seeds. */
  seeds: number[];
  /** Rows, top to bottom. */
  rows: TableRow[];
  /** Every method with every one above it, in the headline columns; empty with one seed. */
  comparisons: TableComparison[];
}

/**
 * Sums the cells of a table up.
 *
 * @param results What was scored.
 * @param input Settings and judge.
 * @returns Rows and comparisons.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tableSummary } from "@outis/outis/stages";
 *
 * const cell = (seed: number, mAP: number) => ({
 *   method: "Real only",
 *   seed,
 *   how: "8 real images",
 *   values: { mAP },
 *   absent: {},
 *   protocols: {},
 * });
 * const { rows } = tableSummary({ cells: [cell(0, 70), cell(1, 72)], absent: {} }, {
 *   settings: { seeds: [0, 1], methods: [{ name: "Real only" }] },
 *   target: { judge: { columns: ["mAP"], headlines: ["mAP"] } },
 * });
 * assertEquals(rows[0].scores.mAP.mean, 71);
 * ```
 */
export function tableSummary(
  results: TableCells,
  input: {
    settings: Pick<RunTableInput["settings"], "seeds" | "methods">;
    target: {
      judge: Pick<
        RunTableInput["target"]["judge"],
        "columns" | "headlines"
      >;
    };
  },
): TableSummary {
  const { seeds, methods } = input.settings;
  const { columns, headlines } = input.target.judge;
  const rows = methods.map(({ name, printed }): TableRow => {
    const own = results.cells.filter(({ method }) => method === name);
    const reason = results.absent[name];
    const row: TableRow = {
      name,
      ...(printed !== undefined && { printed }),
      ...(own.length > 0 && { how: own[0].how }),
      scores: {},
      absent: reason === undefined ? {} : { "": reason },
    };
    for (const column of columns) {
      const values = own.flatMap(({ values }) =>
        column in values ? [values[column]] : []
      );
      if (values.length === seeds.length) {
        row.scores[column] = scoreOf(values);
      } else if (reason === undefined) {
        row.absent[column] = own.find(({ absent }) => column in absent)
          ?.absent[column] ?? "It was not scored under every seed.";
      }
    }
    return row;
  });
  return {
    columns: [...columns],
    seeds: [...seeds],
    rows,
    comparisons: seeds.length < 2
      ? []
      : headlines.flatMap((column) => comparisonsIn(column, rows)),
  };
}

function scoreOf(values: number[]): TableScore {
  if (values.length === 1) return { mean: values[0], values };
  const { mean, halfWidth } = meanInterval(values);
  return { mean, halfWidth, values };
}

function comparisonsIn(column: string, rows: TableRow[]): TableComparison[] {
  const scored = rows.filter(({ scores }) => column in scores);
  const made = scored.flatMap((row, i) =>
    scored.slice(0, i).map((above): TableComparison => ({
      column,
      method: row.name,
      with: above.name,
      difference: pairedTest(
        above.scores[column].values,
        row.scores[column].values,
      ),
    }))
  );
  const tested = made.filter(({ difference }) => difference.p !== undefined);
  holmAdjusted(tested.map(({ difference }) => difference.p!))
    .forEach((p, i) => tested[i].adjusted = p);
  return made;
}
