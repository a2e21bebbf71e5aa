/**
 * Options of a command: one table serves parsing, checking, help and completion.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { didYouMean } from "./did_you_mean.ts";

/**
 * A mistake in how a command was called or in what it was given: exit code 2.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { UsageError } from "./options.ts";
 *
 * assert(new UsageError("Cannot go on") instanceof Error);
 * ```
 */
export class UsageError extends Error {
  /** Name that stands before the message. */
  override name = "UsageError";
}

/** One option. */
export interface Option {
  /** What follows the name in the help: `DIR`, `N`; none for a flag. */
  value?: string;
  /** What is allowed, where it is a choice. */
  choices?: readonly string[];
  /** Whether the value is a whole number, and the least it may be. */
  least?: number;
  /** Whether it may be given several times: its value is then a list, empty where it was not given. */
  many?: true;
  /** One line of help. */
  help: string;
}

/** Options by name, without dashes. */
export type OptionTable = { readonly [name: string]: Option };

/** Parsed options: flags are booleans, numbers numbers, all others text; what was not given is undefined. */
export type ParsedOptions<Table extends OptionTable> = {
  [name in keyof Table]: Table[name] extends { many: true } ? string[]
    : Table[name] extends { least: number } ? number | undefined
    : Table[name] extends { value: string } ? string | undefined
    : boolean;
};

/**
 * Parses the arguments of a command.
 *
 * @param args Arguments behind the command's name.
 * @param table Its options.
 * @returns A value for each option of the table.
 * @throws {UsageError} If an option is unknown, lacks its value, or has one that is not allowed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseOptions } from "./options.ts";
 *
 * const options = parseOptions(["--seed", "3"], {
 *   seed: { value: "N", least: 0, help: "seed of everything" },
 *   redact: { help: "blur real faces" },
 * });
 * assertEquals(options, { seed: 3, redact: false });
 * ```
 */
export function parseOptions<const Table extends OptionTable>(
  args: string[],
  table: Table,
): ParsedOptions<Table> {
  const names = Object.keys(table);
  const flags = names.filter((name) => table[name].value === undefined);
  const parsed = parseArgs(args, {
    boolean: flags,
    string: names.filter((name) => table[name].value !== undefined),
    collect: names.filter((name) => table[name].many),
    unknown: (arg) => refuseArgument(names, arg),
  }) as Record<string, unknown> & { _: unknown[] };
  // What stands behind a bare "--" is not asked about above, and must not be passed over.
  if (parsed._.length > 0) refuseArgument(names, String(parsed._[0]));
  const result: Record<string, unknown> = {};
  for (const name of names) {
    const value = parsed[name];
    if (table[name].many) {
      result[name] = ((value ?? []) as unknown[])
        .map((one) => check(name, table[name], one));
      continue;
    }
    const given = Array.isArray(value) ? value[value.length - 1] : value;
    result[name] = flags.includes(name)
      ? given === true
      : check(name, table[name], given);
  }
  return result as ParsedOptions<Table>;
}

function refuseArgument(names: string[], value: string): never {
  const name = value.replace(/^-+/, "").replace(/=.*/s, "");
  const meant = value.startsWith("-") ? didYouMean(name, names, "--") : "";
  throw new UsageError(
    `Cannot understand the arguments as each must be an option that --help lists: current value is ${value}${meant}`,
  );
}

function check(
  name: string,
  { choices, least }: Option,
  value: unknown,
): string | number | undefined {
  if (value === undefined) return undefined;
  const refuse = (rule: string, meant = "") =>
    new UsageError(
      `Cannot understand the arguments as '--${name}' must be ${rule}: current value is ${
        String(value).trim() === "" ? "nothing" : value
      }${meant}`,
    );
  if (String(value).trim() === "") throw refuse("followed by a value");
  if (choices !== undefined && !choices.includes(String(value))) {
    throw refuse(
      `one of ${choices.join(", ")}`,
      didYouMean(String(value), choices),
    );
  }
  if (least === undefined) return String(value);
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least) {
    throw refuse(`a whole number of at least ${least}`);
  }
  return number;
}
