/**
 * Whether the paper's ordering holds here, claim by claim.
 *
 * @module
 */
import { holmAdjusted, type PairedTest, pairedTest } from "../metrics/mod.ts";
import type { ClaimedRow, PaperClaim } from "./paper_claims.ts";

/** What the verdict can be: the difference's 95 % interval lies on the claimed side, on the other, or on both. */
export type Verdict = "holds" | "opposite" | "undecided" | "not run";

/** A claim with what was found. */
export interface JudgedClaim extends PaperClaim {
  /** By the rule. */
  verdict: Verdict;
  /** Why it could not be judged; otherwise left out. */
  why?: string;
  /** The column that was compared. */
  compared?: string;
  /** Means over the seeds, of what is claimed to be better and of the other. */
  means?: [better: number, than: number];
  /** Seeds. */
  seeds?: number;
  /** What the one has more than the other under the same seeds, its 95 % interval, and the two-sided paired t-test. */
  difference?: PairedTest;
  /** P-value by Holm's correction over all claims that were judged. */
  adjusted?: number;
}

/** What of a results file is read: a table's rows, or a figure's. */
export interface ClaimResults {
  /** Rows of a table with scores by column, or of a figure with one column each. */
  rows: readonly {
    name?: string;
    group?: string;
    label?: string;
    column?: string;
    values?: number[];
    scores?: { [column: string]: { values: number[] } };
    absent?: { [column: string]: string };
  }[];
}

/**
 * Judges claims by one rule: a claim holds where the 95 % interval (Student's t) of the difference under the same seeds
 * lies on the claimed side of 0; the opposite holds where it lies on the other; else it is undecided at this size.
 *
 * @param claims The claims.
 * @param results Results by the name of their file; those that are not there leave their claims not run.
 * @returns The claims with their verdicts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { judgeClaims } from "@outis/outis/stages";
 *
 * const row = (name: string, values: number[]) => ({ name, scores: { average: { values } } });
 * const [{ verdict }] = judgeClaims([{
 *   claim: "Ours is better",
 *   where: "Table 2",
 *   file: "table_2",
 *   column: "average",
 *   better: { row: "Ours" },
 *   than: { row: "Base" },
 * }], { table_2: { rows: [row("Base", [70, 71, 72]), row("Ours", [73, 74.5, 75])] } });
 * assertEquals(verdict, "holds");
 * ```
 */
export function judgeClaims(
  claims: readonly PaperClaim[],
  results: { readonly [file: string]: ClaimResults },
): JudgedClaim[] {
  const judged = claims.map((claim) => judge(claim, results));
  const tested = judged.filter(({ difference }) => difference?.p !== undefined);
  holmAdjusted(tested.map(({ difference }) => difference!.p!))
    .forEach((p, i) => tested[i].adjusted = p);
  return judged;
}

function judge(
  claim: PaperClaim,
  results: { readonly [file: string]: ClaimResults },
): JudgedClaim {
  const notRun = (why: string): JudgedClaim => ({
    ...claim,
    verdict: "not run",
    why,
  });
  const found = results[claim.file];
  if (found === undefined) {
    return notRun(`There are no results of ${claim.file}.`);
  }
  const better = scoresOf(found, claim.better, claim.column);
  const than = scoresOf(found, claim.than, claim.column);
  if (typeof better === "string") return notRun(better);
  if (typeof than === "string") return notRun(than);
  const own = {
    ...claim,
    compared: better.column,
    means: [mean(better.values), mean(than.values)] as [number, number],
    seeds: better.values.length,
  };
  if (better.values.length < 2 || than.values.length < 2) {
    return { ...own, verdict: "undecided", why: "One seed has no interval." };
  }
  const difference = pairedTest(than.values, better.values);
  if (difference.p === undefined) {
    const why = "All differences are equal: there is no spread to judge by.";
    return { ...own, difference, verdict: "undecided", why };
  }
  const towards = claim.isLess ? -difference.mean : difference.mean;
  const isSure = Math.abs(towards) > difference.halfWidth;
  return {
    ...own,
    difference,
    verdict: !isSure ? "undecided" : towards > 0 ? "holds" : "opposite",
  };
}

/** Scores per seed; or why there are none. */
function scoresOf(
  { rows }: ClaimResults,
  { row, group }: ClaimedRow,
  column: string,
): { column: string; values: number[] } | string {
  const named = `"${group === undefined ? row : `${group}, ${row}`}"`;
  if (group !== undefined) {
    const own = rows.find((one) =>
      one.group === group && one.label === row &&
      one.column !== undefined && isColumn(one.column, column)
    );
    return own?.values === undefined
      ? `There is no line ${named}.`
      : { column: own.column!, values: own.values };
  }
  const own = rows.find(({ name }) => name === row);
  if (own === undefined) return `There is no row ${named}.`;
  const entry = Object.entries(own.scores ?? {})
    .find(([name]) => isColumn(name, column));
  if (entry !== undefined) {
    return { column: entry[0], values: entry[1].values };
  }
  const reason = own.absent?.[""] ?? Object.values(own.absent ?? {})[0];
  return `${named}: ${reason ?? `there is no column ${column}.`}`;
}

/** An average over other sets has its number behind it, a data set's figure its name before it. */
function isColumn(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted} `) ||
    name.endsWith(` ${wanted}`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
