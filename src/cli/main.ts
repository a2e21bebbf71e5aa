/**
 * The command line. The only file that reads `Deno.args`.
 *
 * @module
 */
import { auditCommand } from "./audit_command.ts";
import { convertCommand } from "./convert_command.ts";
import { dataCommand } from "./data_command.ts";
import { evaluateCommand } from "./evaluate_command.ts";
import { exportCommand } from "./export_command.ts";
import { identitiesCommand } from "./identities_command.ts";
import { inspectCommand } from "./inspect_command.ts";
import { membershipCommand } from "./membership_command.ts";
import { pretrainCommand } from "./pretrain_command.ts";
import { reproduceCommand } from "./reproduce_command.ts";
import { runsCommand } from "./runs_command.ts";
import { setupCommand } from "./setup_command.ts";
import { studyIdentitiesCommand } from "./study_identities_command.ts";
import { studyPrivacyCommand } from "./study_privacy_command.ts";
import { studyRecognitionCommand } from "./study_recognition_command.ts";
import { studyAuditCommand } from "./study_audit_command.ts";
import { studyReinforceCommand } from "./study_reinforce_command.ts";
import { tableCommand } from "./table_command.ts";
import { trainCommand } from "./train_command.ts";
import { verifyCommand } from "./verify_command.ts";
import { withdrawCommand } from "./withdraw_command.ts";
import { InstallError } from "./install_error.ts";
import { UsageError } from "./options.ts";

/** A command of the command line. */
export interface Command {
  /** One line of help. */
  summary: string;
  /** Runs it on the arguments after its name; returns the exit code. */
  run: (args: string[], signal: AbortSignal) => Promise<number>;
}

const commands: { [name: string]: Command } = {
  setup: setupCommand,
  reproduce: reproduceCommand,
  train: trainCommand,
  pretrain: pretrainCommand,
  data: dataCommand,
  identities: identitiesCommand,
  export: exportCommand,
  membership: membershipCommand,
  audit: auditCommand,
  verify: verifyCommand,
  withdraw: withdrawCommand,
  evaluate: evaluateCommand,
  table: tableCommand,
  convert: convertCommand,
  inspect: inspectCommand,
  runs: runsCommand,
  "study-identities": studyIdentitiesCommand,
  "study-audit": studyAuditCommand,
  "study-reinforce": studyReinforceCommand,
  "study-recognition": studyRecognitionCommand,
  "study-privacy": studyPrivacyCommand,
};

/** Exit codes: 0 done, 1 failed, 2 usage or bad input, 3 a gate refused, 130 interrupted. */
const FAILED = 1;
const BAD_INPUT = 2;
const INTERRUPTED = 130;

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) =>
    `  ${name.padEnd(width)}  ${summary}`
  );
  return `Reinforcement-guided synthetic identities.\n\nUsage: deno task outis <command> [options]\n\n${
    lines.join("\n")
  }\n\n'deno task outis <command> --help' tells a command's options.\n`;
}

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
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "help") {
    console.log(help());
    return name === undefined ? BAD_INPUT : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    console.error(
      `Cannot run a command as its name must be one of ${
        Object.keys(commands).join(", ")
      }: current value is ${name}`,
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
