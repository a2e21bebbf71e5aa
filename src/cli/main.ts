/**
 * The command line. The only file that reads `Deno.args`.
 *
 * @module
 */
import manifest from "../../deno.json" with { type: "json" };
import { auditCommand } from "./audit_command.ts";
import { claimsCommand } from "./claims_command.ts";
import type { Command } from "./command.ts";
import { completionsCommand } from "./completions_command.ts";
import { convertCommand } from "./convert_command.ts";
import { dataCommand } from "./data_command.ts";
import { didYouMean } from "./did_you_mean.ts";
import { evaluateCommand } from "./evaluate_command.ts";
import { exportCommand } from "./export_command.ts";
import { figureCommand } from "./figure_command.ts";
import { identitiesCommand } from "./identities_command.ts";
import { inspectCommand } from "./inspect_command.ts";
import { InstallError } from "./install_error.ts";
import { membershipCommand } from "./membership_command.ts";
import { UsageError } from "./options.ts";
import { overview } from "./overview.ts";
import { pretrainCommand } from "./pretrain_command.ts";
import { reproduceCommand } from "./reproduce_command.ts";
import { runsCommand } from "./runs_command.ts";
import { setupCommand } from "./setup_command.ts";
import { studyAuditCommand } from "./study_audit_command.ts";
import { studyIdentitiesCommand } from "./study_identities_command.ts";
import { studyPrivacyCommand } from "./study_privacy_command.ts";
import { studyRecognitionCommand } from "./study_recognition_command.ts";
import { studyReinforceCommand } from "./study_reinforce_command.ts";
import { tableCommand } from "./table_command.ts";
import { trainCommand } from "./train_command.ts";
import { verifyCommand } from "./verify_command.ts";
import { withdrawCommand } from "./withdraw_command.ts";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  reproduceCommand,
  identitiesCommand,
  exportCommand,
  pretrainCommand,
  trainCommand,
  evaluateCommand,
  auditCommand,
  membershipCommand,
  verifyCommand,
  withdrawCommand,
  dataCommand,
  inspectCommand,
  convertCommand,
  runsCommand,
  setupCommand,
  completionsCommand(() => commands),
  tableCommand,
  figureCommand,
  claimsCommand,
  studyReinforceCommand,
  studyRecognitionCommand,
  studyIdentitiesCommand,
  studyPrivacyCommand,
  studyAuditCommand,
];

/** Exit codes: 0 done, 1 failed, 2 usage or bad input, 3 a gate refused, 130 interrupted. */
const FAILED = 1;
const BAD_INPUT = 2;
const INTERRUPTED = 130;

/**
 * Runs a command.
 *
 * @param args Name of the command and its arguments.
 * @returns The exit code.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { main } from "./main.ts";
 *
 * assertEquals(await main(["--help"]), 0);
 * ```
 */
export async function main(args: string[]): Promise<number> {
  const [first, ...others] = args;
  if (first === "--version") {
    console.log(manifest.version);
    return 0;
  }
  const isHelp = first === "help" || first === "--help" || first === "-h";
  if (first === undefined || (isHelp && others.length === 0)) {
    console.log(overview(commands));
    return first === undefined ? BAD_INPUT : 0;
  }
  // "help train" is "train --help".
  const [name, ...rest] = isHelp ? [others[0], "--help"] : args;
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const names = commands.map((one) => one.name);
    console.error(
      `Cannot run a command as its name must be one of those that --help lists: current value is ${name}${
        didYouMean(name, names)
      }`,
    );
    return BAD_INPUT;
  }
  const controller = new AbortController();
  const interrupt = () => {
    // A second time means now.
    if (controller.signal.aborted) Deno.exit(INTERRUPTED);
    console.error("\nStops after the present step.");
    controller.abort(new DOMException("Interrupted", "AbortError"));
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    return await command.run(rest, controller.signal);
  } catch (error) {
    if (controller.signal.aborted) return INTERRUPTED;
    // What the user can mend is one sentence; the rest is for whoever mends the program.
    const known = error instanceof UsageError || error instanceof InstallError;
    console.error(known ? error.message : error);
    return error instanceof UsageError ? BAD_INPUT : FAILED;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
