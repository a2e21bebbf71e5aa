/**
 * `outis verify`: is a data set what its manifest says, and marked as what it is?
 *
 * @module
 */
import process from "node:process";
import { type VerifiedDataset, verifyDataset } from "../stages/mod.ts";
import { badInput } from "./bad_input.ts";
import { type Command, defineCommand } from "./command.ts";

/** Findings printed; `--json` has them all. */
const SHOWN = 20;
/** Exit code of a gate that refuses. */
const REFUSED = 3;

/** Runs `outis verify`. */
export const verifyCommand: Command = defineCommand({
  name: "verify",
  group: "Release safely",
  summary:
    "Check a data set's images against its manifest, and read where they come from",
  about:
    "For whoever receives a synthetic set: every image is compared with the fingerprint in the manifest, and the mark in it that says it is synthetic is read. Exit code 3 where anything is missing, altered, foreign or unmarked.",
  examples: [
    { args: "shards/", does: "an exported set, in any format" },
    { args: "shards/ --json", does: "all findings, for a script" },
  ],
  operands: ["DIR"],
  options: {},
  async run({ operands: [folder], signal, say, display }) {
    const found = await badInput(() =>
      verifyDataset(folder!, {
        signal,
        onStep: (done, total) => display.step("read images", done, total, {}),
      })
    );
    display.end();
    const peak = process.resourceUsage().maxRSS / 1024;
    say(`Most memory held: ${Math.round(peak)} MiB.`);
    return {
      text: report(found).join("\n"),
      json: found,
      code: found.passed ? 0 : REFUSED,
    };
  },
});

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
