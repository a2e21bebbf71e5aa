/**
 * One shape for all commands: what is declared here is parsed, shown as help, completed by shells and run in one way.
 *
 * @module
 */
import type { BackendInfo } from "../engine/mod.ts";
import { commandHelp } from "./command_help.ts";
import {
  type Option,
  type OptionTable,
  type ParsedOptions,
  parseOptions,
} from "./options.ts";
import { type PartProgress, partProgress } from "./part_progress.ts";
import { lookAtMachine } from "./machine.ts";
import { type Plan, planText } from "./plan.ts";
import { printedCommand } from "./printed_command.ts";
import { takePositional } from "./positional.ts";
import { startEngine } from "./start_engine.ts";

/** What people come for, in the order of the help. */
export const GROUPS = [
  "Make synthetic people",
  "Train and judge recognisers",
  "Release safely",
  "Data and weights",
  "Runs and this machine",
  "The paper's tables, and studies",
] as const;

/** One call that can be copied. */
export interface Example {
  /** What stands behind the command. */
  args: string;
  /** What that does, a phrase. */
  does: string;
}

/** What can be said of any command. */
export interface CommandDescription {
  /** Its name. */
  readonly name: string;
  /** How it is called, as in `deno task outis audit`. */
  readonly called: string;
  /** What people come for who need it. */
  readonly group: typeof GROUPS[number];
  /** One line, without a full stop. */
  readonly summary: string;
  /** A sentence or two that teach when and how it is used. */
  readonly about: string;
  /** At least one. */
  readonly examples: readonly Example[];
  /** Arguments that are no options, as `FILE`; those in brackets may be left out. */
  readonly operands: readonly string[];
  /** Options, those that every command has included. */
  readonly options: OptionTable;
}

/** A command, made by {@linkcode defineCommand}. */
export interface Command extends CommandDescription {
  /** Runs it on the arguments behind its name; returns the exit code. */
  run: (args: string[], signal: AbortSignal) => Promise<number>;
}

/** What a command found. */
export interface Outcome {
  /** For people, on standard output; nothing is written where it is empty. */
  text: string;
  /** For scripts, with `--json`: typed arrays become lists. */
  json: unknown;
  /** Exit code. @default 0 */
  code?: number;
}

/** A call of a command. */
export interface Call<Table extends OptionTable> {
  /** Arguments that are no options, one for each operand. */
  operands: (string | undefined)[];
  /** Its options. */
  options: ParsedOptions<Table>;
  /** The command as pages may print it: folders of this machine by what they hold. */
  printed: () => string;
  /** Fires when the user interrupts. */
  signal: AbortSignal;
  /** Says a line to the user, on standard error. */
  say: (line: string) => void;
  /** Shows how far the parts are. Ended with the command. */
  display: PartProgress;
  /** Sets up and starts what computes, as `--backend` and `--threads` say. */
  engine: () => Promise<BackendInfo>;
  /** Says what will be done, how long that takes and what it needs; with `--dry-run` the command ends here. */
  announce: (plan: Plan) => Promise<void>;
}

/** What a command's file declares. */
export interface CommandDefinition<Table extends OptionTable>
  extends Omit<CommandDescription, "called" | "operands" | "options"> {
  /** Its own task, where it has one. @default "outis NAME" */
  task?: string;
  /** Arguments that are no options. @default none */
  operands?: readonly string[];
  /** Its own options. */
  options: Table;
  /** Whether it announces a plan, and so has `--dry-run`. @default false */
  plans?: true;
  /** What is said when it was interrupted. */
  stopped?: string;
  /** Does the work. */
  run: (call: Call<Table>) => Promise<Outcome>;
}

const DRY_RUN: Option = {
  help: "say what would be done, how long it takes and what it needs; no more",
};
const JSON_OPTION: Option = {
  help: "print one JSON document on standard output",
};
const HELP: Option = { help: "this text" };

/** Ends a command that was only to say what it would do. */
class PlanOnly extends Error {
  constructor(readonly plan: Plan) {
    super();
  }
}

/**
 * Makes a command of its declaration.
 *
 * Standard output is the result alone: text, or with `--json` exactly one JSON document, and nothing where it fails.
 * Everything else goes to standard error.
 *
 * @param definition Names, help, options, and the work.
 * @returns The command.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineCommand } from "./command.ts";
 *
 * const greet = defineCommand({
 *   name: "greet",
 *   group: "Runs and this machine",
 *   summary: "Greet somebody",
 *   about: "For when a day begins.",
 *   examples: [{ args: "--name Ann", does: "greets Ann" }],
 *   options: { name: { value: "NAME", help: "whom" } },
 *   run: ({ options: { name = "you" } }) =>
 *     Promise.resolve({ text: `Hello ${name}`, json: { name } }),
 * });
 * const { signal } = new AbortController();
 * assertEquals(await greet.run(["--name", "Ann"], signal), 0); // Hello Ann
 * ```
 */
export function defineCommand<const Table extends OptionTable>(
  definition: CommandDefinition<Table>,
): Command {
  const { name, task, operands = [], plans, stopped } = definition;
  const options: OptionTable = {
    ...definition.options,
    ...(plans && { "dry-run": DRY_RUN }),
    json: JSON_OPTION,
    help: HELP,
  };
  const command: Command = {
    name,
    called: `deno task ${task ?? `outis ${name}`}`,
    group: definition.group,
    summary: definition.summary,
    about: definition.about,
    examples: definition.examples,
    operands,
    options,
    async run(args, signal) {
      const spelled = args.map((arg) => arg === "-h" ? "--help" : arg);
      const { values, rest } = operands.length === 0
        ? { values: [], rest: spelled }
        : takePositional(spelled, options, operands);
      const parsed: { [name: string]: unknown } = parseOptions(rest, options);
      if (parsed.help) {
        console.log(commandHelp(command));
        return 0;
      }
      const isDryRun = plans === true && parsed["dry-run"] === true;
      const say = (line: string) => console.error(line);
      const display = partProgress();
      let engine: BackendInfo | undefined;
      const { backend, threads } = parsed as {
        backend?: string;
        threads?: number;
      };
      const tell = ({ text, json, code = 0 }: Outcome): number => {
        display.end();
        const result = parsed.json ? JSON.stringify(json, asList, 2) : text;
        if (result !== "") console.log(result);
        return code;
      };
      try {
        return tell(
          await definition.run({
            operands: values,
            options: parsed as ParsedOptions<Table>,
            printed: () =>
              printedCommand(
                command.called,
                { operands: values, options: parsed, args },
                options,
              ),
            signal,
            say,
            display,
            engine: async () =>
              engine = await startEngine({
                backend,
                threads,
                installs: !isDryRun,
                signal,
                onLine: say,
              }),
            async announce(plan) {
              display.end();
              // Where TensorFlow is yet to be installed, wasm only stands in for it.
              const standsIn = isDryRun && engine?.name === "wasm" &&
                backend !== "wasm";
              const machine = await lookAtMachine({
                engine,
                threads,
                out: plan.out,
                measures: plan.referenceSeconds !== undefined && !standsIn,
              });
              for (const line of planText(plan, machine)) say(line);
              signal.throwIfAborted();
              if (isDryRun) throw new PlanOnly(plan);
            },
          }),
        );
      } catch (error) {
        display.end();
        if (error instanceof PlanOnly) {
          return parsed.json ? tell({ text: "", json: error.plan }) : 0;
        }
        if (signal.aborted && stopped !== undefined) say(stopped);
        throw error;
      }
    },
  };
  return command;
}

/** Typed arrays as lists; JSON has no NaN. */
function asList(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value)
    ? Array.from(
      value as Float64Array,
      (one) => Number.isFinite(one) ? one : null,
    )
    : value;
}
