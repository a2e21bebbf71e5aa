/**
 * `outis verify`: is a data set what its manifest says, and marked as what it is?
 *
 * @module
 */
import process from "node:process";
import { type VerifiedDataset, verifyDataset } from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import type { Command } from "./main.ts";
import { helpText, parseOptions } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { takePositional } from "./positional.ts";

const summary =
  "Check a data set's images against its manifest, and read where they come from";

const table = {
  json: { help: "print everything as JSON" },
  help: { help: "this text" },
} as const;

/** Findings printed; `--json` has them all. */
const SHOWN = 20;
/** Exit code of a gate that refuses. */
const REFUSED = 3;

/** Runs `outis verify`. */
export const verifyCommand: Command = {
  summary,
  async run(args, signal) {
    const { values: [folder], rest } = takePositional(args, table, ["DIR"]);
    const options = parseOptions(rest, table);
    if (options.help) {
      console.log(
        helpText("deno task outis verify DIR [options]", summary, table),
      );
      return 0;
    }
    const display = partProgress();
    const found = await badInput(() =>
      verifyDataset(folder!, {
        signal,
        onStep: (done, total) => display.step("read images", done, total, {}),
      })
    );
    display.end();
    console.log(
      options.json ? JSON.stringify(found, null, 2) : report(found).join("\n"),
    );
    const peak = process.resourceUsage().maxRSS / 1024;
    console.error(`Most memory held: ${Math.round(peak)} MiB.`);
    return found.passed ? 0 : REFUSED;
  },
};

function report(found: VerifiedDataset): string[] {
  const { listed, stored, verified, counts, findings, origins } = found;
  return [
    `${listed} images listed, ${stored} stored (${found.storage}), ${verified} verified`,
    `manifest SHA-256 ${found.manifest}`,
    ...origins.map(({ generator, run, images }) =>
      `${images} made by ${generator ?? "an unnamed generator"}${
        run === undefined ? "" : `, run ${run}`
      }`
    ),
    Object.entries(counts).map(([fault, count]) => `${count} ${fault}`)
      .join(", "),
    ...findings.slice(0, SHOWN).map(({ path, fault, reason }) =>
      `${fault}: ${path}: ${reason}`
    ),
    ...(findings.length > SHOWN
      ? [`and ${findings.length - SHOWN} more: --json has them all`]
      : []),
    found.passed
      ? "Everything holds."
      : "The data set is not what its manifest says.",
  ];
}
