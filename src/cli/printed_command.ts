/**
 * A command as it may be printed on a page.
 *
 * @module
 */
import type { OptionTable } from "./options.ts";

/** Options that decide where, not what. */
const PLACES = ["out", "results", "json"];

/** A call, as far as it is printed. */
export interface PrintedCall {
  /** Arguments that are no options. @default none */
  operands?: readonly (string | undefined)[];
  /** What the options were parsed to. */
  options: { [name: string]: unknown };
  /** All arguments, whose order is kept. */
  args: readonly string[];
}

/**
 * Writes the command that was given so that others can give it: folders and files of this machine by what they hold, and
 * without those that only say where results go.
 *
 * @param called How the command is called, as in `deno task table`.
 * @param call What was given.
 * @param table The command's options.
 * @returns One line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printedCommand } from "./printed_command.ts";
 *
 * const table = {
 *   data: { value: "DIR", help: "images" },
 *   seeds: { value: "N", least: 1, help: "how many" },
 *   out: { value: "DIR", help: "where to" },
 * };
 * const args = ["--seeds", "2", "--data", "/home/ann/faces", "--out=x"];
 * const options = { data: "/home/ann/faces", seeds: 2, out: "x" };
 * assertEquals(
 *   printedCommand("deno task study", { options, args }, table),
 *   "deno task study --seeds 2 --data DIR",
 * );
 * ```
 */
export function printedCommand(
  called: string,
  { operands = [], options, args }: PrintedCall,
  table: OptionTable,
): string {
  const positions = new Map(
    Object.keys(table).map((name) => [
      name,
      args.findIndex((arg) =>
        arg === `--${name}` || arg.startsWith(`--${name}=`)
      ),
    ]),
  );
  const given = Object.keys(table)
    .filter((name) => positions.get(name)! >= 0 && !PLACES.includes(name))
    .sort((a, b) => positions.get(a)! - positions.get(b)!);
  const shown = given.flatMap((name) =>
    [options[name]].flat().map((value) =>
      value === true
        ? `--${name}`
        : `--${name} ${hidden(value, table[name].value)}`
    )
  );
  return [called, ...operands.filter((one) => one !== undefined), ...shown]
    .join(" ");
}

/** Paths by what they hold, text with spaces in quotes. */
function hidden(value: unknown, kind?: string): string {
  const text = String(value);
  if (kind === "DIR" || kind === "FILE") return kind;
  if (kind === "NAME=DIR") return `${text.split("=")[0]}=DIR`;
  return /\s/.test(text) ? JSON.stringify(text) : text;
}
