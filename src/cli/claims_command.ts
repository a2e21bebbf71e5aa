/**
 * `outis claims`: whether the paper's ordering holds, from the results of tables and figures.
 *
 * @module
 */
import { isThere } from "../core/mod.ts";
import {
  type ClaimResults,
  claimsPage,
  judgeClaims,
  PAPER_CLAIMS,
} from "../stages/mod.ts";
import { type Command, defineCommand } from "./command.ts";
import { UsageError } from "./options.ts";
import { readNotes, writeStudy } from "./study_files.ts";

/** Runs `outis claims`. */
export const claimsCommand: Command = defineCommand({
  name: "claims",
  group: "The paper's tables, and studies",
  summary:
    "Judge the paper's claims by the results of tables and figures, and write the page",
  about:
    "Reads the JSON that tables and figures have left among the results, takes the difference under the same seeds for each of the paper's claims, and says by one rule whether it holds, whether the opposite does, or that this size cannot tell.",
  examples: [
    { args: "", does: "judges by data/results" },
    { args: "--suffix orl", does: "judges by table_2_orl and the like" },
  ],
  options: {
    results: {
      value: "DIR",
      help:
        "where the results are, claims.{json,md} go, and claims_notes.md for the page is (default data/results)",
    },
    suffix: {
      value: "TEXT",
      help:
        "results named so behind their number, as orl of table_2_orl; the page's too (default: none)",
    },
  },
  async run({ options, printed }) {
    const { results = "data/results", suffix } = options;
    const end = suffix === undefined ? "" : `_${suffix}`;
    const found: { [file: string]: ClaimResults } = {};
    const made: { [file: string]: string } = {};
    for (const file of new Set(PAPER_CLAIMS.map(({ file }) => file))) {
      const path = `${results}/${file}${end}.json`;
      if (!await isThere(path)) continue;
      const read = readResults(await Deno.readTextFile(path), path);
      found[file] = read;
      made[file] = read.command;
    }
    if (Object.keys(found).length === 0) {
      throw new UsageError(
        `Cannot judge claims as '--results' must be a folder with results of tables or figures, as table_2${end}.json: current value is ${results}`,
      );
    }
    const name = `claims${end}`;
    const page = claimsPage({
      claims: judgeClaims(PAPER_CLAIMS, found),
      command: printed(),
      name,
      made,
      ...await readNotes(results, name),
    });
    return await writeStudy(results, name, page);
  },
});

function readResults(
  text: string,
  path: string,
): ClaimResults & { command: string } {
  let read: Partial<ClaimResults & { command: string; schema: number }>;
  try {
    read = JSON.parse(text);
  } catch {
    read = {};
  }
  const { rows, command, schema } = read;
  if (schema === 1 && Array.isArray(rows) && command !== undefined) {
    return { rows, command };
  }
  throw new UsageError(
    `Cannot judge claims as '${path}' must be results of a table or figure: current value is ${
      text.slice(0, 40)
    }`,
  );
}
