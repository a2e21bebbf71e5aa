/**
 * What `outis --help` says.
 *
 * @module
 */
import { type CommandDescription, GROUPS } from "./command.ts";
import { wrap } from "./command_help.ts";

/** Longest line, characters. */
const WIDTH = 80;

/**
 * All commands, under what people come for.
 *
 * @param commands The commands.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { overview } from "./overview.ts";
 *
 * console.log(overview([]).startsWith("Outis: synthetic identities")); // true
 * ```
 */
export function overview(commands: readonly CommandDescription[]): string {
  const width = Math.max(0, ...commands.map(({ name }) => name.length));
  const groups = GROUPS.map((group) => ({
    group,
    own: commands.filter((command) => command.group === group),
  })).filter(({ own }) => own.length > 0);
  return [
    "Outis: synthetic identities by reinforcement, people who are nobody.",
    "",
    "Usage: deno task outis <command> [options]",
    "",
    "Begin with the whole method on procedural faces, a report at its end:",
    "",
    "  deno task reproduce --preset tiny    a look at every part, in minutes",
    "  deno task reproduce                  the real thing",
    "  deno task reproduce --data faces/    your photographs, a folder per person",
    "",
    ...groups.flatMap(({ group, own }) => [
      `${group}:`,
      ...own.flatMap(({ name, summary }) =>
        wrap(summary, WIDTH - width - 4).map((text, row) =>
          `  ${(row === 0 ? name : "").padEnd(width)}  ${text}`
        )
      ),
      "",
    ]),
    ...wrap(
      "'deno task outis help <command>' teaches a command, with examples; 'deno task outis completions --help' makes a shell complete them.",
      WIDTH,
    ),
    "",
    "Exit codes: 0 done, 1 failed, 2 wrong use or bad input, 3 a gate refused, 130",
    "interrupted.",
    "",
  ].join("\n");
}
