/**
 * The page of claims: what of the paper's ordering holds here, how sure, and why not where it does not.
 *
 * @module
 */
import { plainTable, type PlainTableRow } from "../figures/mod.ts";
import type { JudgedClaim, Verdict } from "./judge_claims.ts";

/** What the page is made from. */
export interface ClaimsPageInput {
  /** The claims, judged. */
  claims: readonly JudgedClaim[];
  /** The command that makes the page. */
  command: string;
  /** What the page's files are called. @default "claims" */
  name?: string;
  /** Commands that made the results, by the name of their file; those not here have no results. */
  made: { readonly [file: string]: string };
  /** What it comes to, and why claims do not hold, by people, in Markdown; stands before rule and tables. */
  notes?: string;
}

const WORDS: Record<Verdict, string> = {
  holds: "**holds**",
  opposite: "**the opposite holds**",
  undecided: "undecided at this size",
  "not run": "not run",
};

/** What each file is about. */
const TITLES: { [file: string]: string } = {
  table_1: "Persons (Table 1)",
  table_2: "Faces (Table 2)",
  table_3: "Groups (Table 3)",
  figure_5: "What each part adds (Figure 5)",
  figure_6: "Backbones (Figure 6)",
};

/**
 * Writes the page of claims.
 *
 * @param input The judged claims, and where their numbers come from.
 * @returns Markdown, and the same as JSON.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { claimsPage, judgeClaims, PAPER_CLAIMS } from "@outis/outis/stages";
 *
 * const claims = judgeClaims(PAPER_CLAIMS, {});
 * const { markdown } = claimsPage({ claims, command: "deno task outis claims", made: {} });
 * assert(markdown.includes("Without results here: Persons (Table 1)"));
 * ```
 */
export function claimsPage(
  input: ClaimsPageInput,
): { markdown: string; json: string } {
  const { claims, command, made, notes, name = "claims" } = input;
  const count = (verdict: Verdict) =>
    claims.filter((claim) => claim.verdict === verdict).length;
  const files = [...new Set(claims.map(({ file }) => file))];
  const titleOf = (file: string) => TITLES[file] ?? file;
  const missing = files.filter((file) => made[file] === undefined);
  const notRun = count("not run");
  const parts = [
    "# Does the paper's ordering hold here?",
    `Made by \`${command}\` from the other results of this folder. Numbers with more digits: ${name}.json.`,
    `Of ${claims.length - notRun} comparisons ${count("holds")} hold, for ${
      count("opposite")
    } the opposite holds, ${count("undecided")} are undecided at this size${
      notRun === 0 ? "" : `; ${notRun} were not run`
    }.`,
    // What it comes to is read first; the tables are for looking up.
    ...(notes === undefined ? [] : [notes.trim()]),
    `## Rule

- The difference is taken under the same seeds: mean ± half of its 95 % interval (Student's t), percentage points. A claim
  holds where that interval lies on the claimed side of 0; the opposite holds where it lies on the other side; else it is
  undecided at this size, and the sign says where it leans.
- p is that of the two-sided paired t-test; behind it stands p by Holm's correction over all comparisons of this page:
  a claim that holds with the first alone above 0.05 of the second may be one of the few that chance makes hold.
- The paper prints single numbers on other data. Its difference stands beside ours for the order, not for the size.`,
    ...files.filter((file) => !missing.includes(file)).flatMap((file) => [
      `## ${titleOf(file)}`,
      `From \`${made[file]}\`.`,
      tableOf(claims.filter((claim) => claim.file === file)),
    ]),
    ...(missing.length === 0
      ? []
      : [`Without results here: ${missing.map(titleOf).join(", ")}.`]),
  ];
  return {
    markdown: parts.join("\n\n") + "\n",
    json: JSON.stringify({ schema: 1, command, made, claims }, null, 1) + "\n",
  };
}

function tableOf(claims: readonly JudgedClaim[]): string {
  return plainTable(
    [
      { title: "claim" },
      { title: "paper" },
      { title: "paper's difference", digits: 2 },
      { title: "here" },
      { title: "difference here", digits: 2 },
      { title: "p" },
      { title: "verdict" },
    ],
    claims.map(rowOf),
    { format: "markdown" },
  ).trim().replaceAll("\\*\\*", "**");
}

function rowOf(claim: JudgedClaim): PlainTableRow {
  const { better, than, means, difference, adjusted, verdict, why } = claim;
  const printed = better.printed === undefined || than.printed === undefined
    ? undefined
    : better.printed - than.printed;
  const cell = `${WORDS[verdict]}${leaning(claim)}`;
  return [
    claim.claim,
    claim.where,
    printed ?? null,
    means === undefined
      ? ""
      : `${means[0].toFixed(2)} against ${means[1].toFixed(2)}`,
    difference === undefined
      ? null
      : { value: difference.mean, error: difference.halfWidth },
    difference?.p === undefined
      ? ""
      : `${difference.p.toPrecision(2)} (Holm ${adjusted!.toPrecision(2)})`,
    why === undefined ? cell : { value: cell, note: why },
  ];
}

/** Where an undecided claim leans. */
function leaning({ verdict, difference, isLess }: JudgedClaim): string {
  if (verdict !== "undecided" || difference === undefined) return "";
  const towards = isLess ? -difference.mean : difference.mean;
  return towards > 0
    ? ", leans to it"
    : towards < 0
    ? ", leans against it"
    : "";
}
