/**
 * The help of the command line: one layout for all commands.
 *
 * @module
 */
import type { CommandDescription } from "./command.ts";

/** Longest line, characters. */
const WIDTH = 80;
/** Options with longer names have their meaning on the next line. */
const LONGEST_NAME = 24;

/**
 * The help of one command: what it does, how it is called, examples, options.
 *
 * @param command The command.
 * @returns Lines of at most 80 characters, as far as words allow.
 *
 * @example
 * ```ts
 * import { commandHelp } from "./command_help.ts";
 *
 * const text = commandHelp({
 *   name: "greet",
 *   called: "deno task outis greet",
 *   group: "Runs and this machine",
 *   summary: "Greet somebody",
 *   about: "For when a day begins.",
 *   examples: [{ args: "Ann", does: "greets Ann" }],
 *   operands: ["NAME"],
 *   options: { help: { help: "this text" } },
 * });
 * console.log(text.includes("Usage: deno task outis greet NAME [options]")); // true
 * ```
 */
export function commandHelp(command: CommandDescription): string {
  const { called, summary, about, examples, operands, options } = command;
  const left = Object.entries(options).map(([name, { value }]) =>
    value === undefined ? `--${name}` : `--${name} ${value}`
  );
  const width = Math.min(
    LONGEST_NAME,
    Math.max(...left.map((text) => text.length)),
  );
  const lines = Object.values(options).flatMap(({ help }, i) => {
    const texts = wrap(help, WIDTH - width - 4);
    const isLong = left[i].length > width;
    const rows = isLong ? ["", ...texts] : texts;
    return rows.map((text, row) =>
      `  ${(row === 0 ? left[i] : "").padEnd(width)}  ${text}`.trimEnd()
    );
  });
  return [
    summary,
    "",
    `Usage: ${[called, ...operands, "[options]"].join(" ")}`,
    "",
    ...wrap(about, WIDTH),
    "",
    examples.length > 1 ? "Examples:" : "Example:",
    "",
    ...examples.flatMap(({ args, does }) => [
      `  ${called} ${args}`.trimEnd(),
      ...wrap(does, WIDTH - 6).map((text) => `      ${text}`),
    ]),
    "",
    "Options:",
    "",
    ...lines,
    "",
  ].join("\n");
}

/**
 * Breaks text between words.
 *
 * @param text One paragraph.
 * @param width Longest line, characters; a longer word stands alone.
 * @returns Its lines.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { wrap } from "./command_help.ts";
 *
 * assertEquals(wrap("one two three", 8), ["one two", "three"]);
 * ```
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = `${last} ${word}`;
    }
  }
  return lines;
}
