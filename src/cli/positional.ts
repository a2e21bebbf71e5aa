/**
 * Arguments that are no options.
 *
 * @module
 */
import { type OptionTable, UsageError } from "./options.ts";

/**
 * Takes the arguments that are no options, as files to read and write, out of the others.
 *
 * @param args Arguments behind the command's name.
 * @param table Options of the command.
 * @param names What the arguments are, as `IN`, `OUT`; one in brackets may be left out.
 * @returns One value for each name, and the options, to be parsed.
 * @throws {UsageError} If there are fewer or more than the names say.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { takePositional } from "./positional.ts";
 *
 * const table = { dtype: { value: "NAME", help: "element type" } };
 * const args = ["a.pt", "--dtype", "F16", "b.safetensors"];
 * const { values, rest } = takePositional(args, table, ["IN", "OUT"]);
 * assertEquals(values, ["a.pt", "b.safetensors"]);
 * assertEquals(rest, ["--dtype", "F16"]);
 * ```
 */
export function takePositional(
  args: readonly string[],
  table: OptionTable,
  names: readonly string[],
): { values: (string | undefined)[]; rest: string[] } {
  const values: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (!arg.startsWith("-")) {
      values.push(arg);
      continue;
    }
    rest.push(arg);
    const name = arg.replace(/^-+/, "");
    const takesValue = Object.hasOwn(table, name) &&
      table[name].value !== undefined;
    if (takesValue && i + 1 < args.length) rest.push(args[++i]);
  }
  const least = names.filter((name) => !name.startsWith("[")).length;
  const isHelp = rest.includes("--help");
  if (!isHelp && (values.length < least || values.length > names.length)) {
    throw new UsageError(
      `Cannot understand the arguments as they must be ${
        names.join(" ")
      } and options: current value is ${values.join(" ") || "nothing"}`,
    );
  }
  return { values: names.map((_, i) => values[i]), rest };
}
