/**
 * The rows that the paper prints in its Tables 1, 2 and 3.
 *
 * Source: "Reinforcement-Guided Synthetic Data Generation for Privacy-Sensitive Identity Recognition", arXiv 2604.07884.
 * The numbers are as printed there; where one cannot be as printed, a note says so.
 *
 * @module
 */
import { checkOneOf } from "../core/mod.ts";

/** Number of a table of the paper. */
export type TableNumber = 1 | 2 | 3;

/** All tables. */
export const TABLE_NUMBERS: readonly TableNumber[] = [1, 2, 3];

/** A row as printed. */
export interface PrintedRow {
  /** Method, as the paper calls it. */
  method: string;
  /** What kind of data it trains on, as the paper groups the rows. */
  kind: string;
  /** Number per column, percent; null where the paper has a dash. */
  values: readonly (number | null)[];
  /** What is odd about a printed number, by the column's place. */
  notes: { readonly [column: number]: string };
}

/** A table as printed. */
export interface PrintedTable {
  /** Its number. */
  number: TableNumber;
  /** What it compares, one sentence. */
  title: string;
  /** Where it stands. */
  source: string;
  /** Columns, left to right; all numbers are percentages. */
  columns: readonly string[];
  /** The column that is the mean of those before it. @default none */
  average?: number;
  /** Rows, from top to bottom. */
  rows: readonly PrintedRow[];
}

type Rows = [kind: string, method: string, ...values: (number | null)[]][];

const REAL = "real";
const BASE = "Base";
const AUGMENTED = "Real augmentation";
const SIMULATED = "Simulated augmentation";
const SYNTHETIC = "Synthetic augmentation";

const PERSONS: Rows = [
  [BASE, "ResNet-50", 85.4, 85.4, 74.1, 76.5],
  [AUGMENTED, "Random Erasing", 87.6, 94.8, 76.7, 78.4],
  [AUGMENTED, "CIDAM", 87.4, 95.1, null, null],
  [AUGMENTED, "CaAug", 86.4, 94.4, 57.4, 59.4],
  [SIMULATED, "FineGPR", 82.4, 92.6, 36.4, 37.9],
  [SIMULATED, "InfinitePerson", 57.3, 79.6, 24.7, 24.6],
  [SIMULATED, "VIPerson", 86.9, 95.1, null, null],
  [SYNTHETIC, "DG-Net", 86.0, 94.8, null, null],
  [SYNTHETIC, "GIF-SD", 74.9, 88.9, 71.7, 74.6],
  [SYNTHETIC, "IDiff", 85.4, 94.4, 73.1, 75.4],
  [SYNTHETIC, "Ours", 88.6, 94.9, 76.6, 79.3],
];

const GAN = "GAN";
const DIFFUSION = "Diffusion model";

const FACES: Rows = [
  [REAL, "CASIA subset", 91.58, 74.72, 76.00, 78.78, 71.15, 78.47],
  [GAN, "SFace", 85.40, 66.82, 69.14, 71.50, 67.35, 72.04],
  [GAN, "IDnet", 85.53, 68.73, 69.91, 72.67, 68.12, 73.00],
  [GAN, "SFace2", 85.58, 68.12, 69.26, 72.35, 66.83, 72.43],
  [DIFFUSION, "DCFace", 87.97, 69.75, 66.33, 76.53, 64.05, 72.96],
  [DIFFUSION, "IDiff-Face", 90.65, 66.60, 75.64, 75.42, 68.70, 75.40],
  [DIFFUSION, "NegFaceDiff", 91.70, 74.68, 75.06, 78.67, 70.53, 78.13],
  [DIFFUSION, "Ours", 93.60, 76.80, 73.26, 81.68, 70.02, 79.07],
];

const GROUPS: Rows = [
  [REAL, "CASIA subset", 72.85, 70.10, 65.45, 60.28, 67.17],
  [GAN, "SFace", 67.17, 66.07, 62.92, 56.17, 63.08],
  [GAN, "IDnet", 69.27, 66.83, 64.77, 57.85, 64.68],
  [DIFFUSION, "DCFace", 69.80, 65.82, 69.80, 57.97, 65.85],
  [GAN, "SFace2", 67.78, 66.28, 63.68, 58.22, 63.99],
  [DIFFUSION, "IDiff-Face", 70.78, 67.10, 66.18, 58.65, 65.68],
  [DIFFUSION, "NegFaceDiff", 72.15, 69.78, 67.07, 60.13, 67.28],
  [DIFFUSION, "Ours", 75.87, 71.85, 68.72, 62.67, 69.78],
];

/** Half of the last printed place. */
const ROUNDING = 0.005;

/**
 * A table as the paper prints it.
 *
 * An average that its row does not give, whatever the rounding of the numbers, bears a note with what the row gives.
 *
 * @param number Which table.
 * @returns Columns and rows.
 * @throws {RangeError} If there is no such table.
 *
 * @example
 * ```ts
 * import { printedTable } from "@outis/outis/stages";
 *
 * const { columns, rows } = printedTable(2);
 * console.log(columns.at(-1), rows.at(-1)!.values.at(-1)); // average 79.07
 * ```
 */
export function printedTable(number: TableNumber): PrintedTable {
  checkOneOf("print a table", "number", number, TABLE_NUMBERS);
  return tables[number];
}

const tables: Readonly<Record<TableNumber, PrintedTable>> = {
  1: {
    number: 1,
    title: "Person re-identification: mAP and Rank-1, %",
    source: "arXiv 2604.07884, Table 1",
    columns: [
      "Market-1501 mAP",
      "Market-1501 Rank-1",
      "CUHK03-NP mAP",
      "CUHK03-NP Rank-1",
    ],
    rows: rowsOf(PERSONS).map((row) =>
      row.method === "ResNet-50"
        ? {
          ...row,
          notes: {
            1: "As printed; probably a slip: it repeats the mAP, and every other method's Rank-1 lies well above its mAP.",
          },
        }
        : row
    ),
  },
  2: {
    number: 2,
    title: "Face verification: accuracy, %",
    source: "arXiv 2604.07884, Table 2",
    columns: ["LFW", "AgeDB-30", "CFP-FP", "CALFW", "CPLFW", "average"],
    average: 5,
    rows: rowsOf(FACES, 5),
  },
  3: {
    number: 3,
    title: "Bias of face verification: accuracy on RFW's groups, %",
    source: "arXiv 2604.07884, Table 3",
    columns: ["Caucasian", "Indian", "Asian", "African", "average"],
    average: 4,
    rows: rowsOf(GROUPS, 4),
  },
};

function rowsOf(rows: Rows, average?: number): PrintedRow[] {
  return rows.map(([kind, method, ...values]) => ({
    method,
    kind,
    values,
    notes: average === undefined ? {} : noteOn(values.map(Number), average),
  }));
}

function noteOn(values: number[], average: number): PrintedRow["notes"] {
  const parts = values.slice(0, average);
  const mean = parts.reduce((sum, value) => sum + value, 0) / parts.length;
  // Both sides were rounded; beyond that they differ.
  if (Math.abs(values[average] - mean) <= 2 * ROUNDING) return {};
  return {
    [average]: `As printed; the numbers of the row have the mean ${
      mean.toFixed(2)
    }.`,
  };
}
