/**
 * Completion for fish.
 *
 * @module
 */
import type { CommandDescription } from "./command.ts";
import { type Offer, offerOf, operandOffers } from "./completion_offers.ts";

/**
 * Makes the script: a line for every command, option and argument.
 *
 * @param commands All commands.
 * @returns The script.
 *
 * @example
 * ```ts
 * import { fishCompletions } from "./completions_fish.ts";
 *
 * console.log(fishCompletions([]).includes("complete -c outis -f")); // true
 * ```
 */
export function fishCompletions(
  commands: readonly CommandDescription[],
): string {
  const names = commands.map(({ name }) => name).join(" ");
  return [
    "# Completion of outis.",
    // Files only where they are asked for.
    "complete -c outis -f",
    `complete -c outis -n "__fish_seen_subcommand_from help" -a "${names}"`,
    ...commands.flatMap((command) => {
      const { name, summary, options } = command;
      const own = `complete -c outis -n "__fish_seen_subcommand_from ${name}"`;
      return [
        `complete -c outis -n __fish_use_subcommand -a ${name} -d ${
          quoted(summary)
        }`,
        ...operandOffers(command).filter(({ kind }) => kind !== "nothing")
          .map((offer) => `${own}${offered(offer)}`),
        ...Object.entries(options).map(([option, about]) => {
          const offer = offerOf(about);
          const value = offer === undefined
            ? ""
            : ` ${offer.kind === "files" ? "-r" : "-x"}${offered(offer)}`;
          return `${own} -l ${option}${value} -d ${quoted(about.help)}`;
        }),
      ];
    }),
  ].join("\n");
}

function offered(offer: Offer): string {
  switch (offer.kind) {
    case "words":
      return ` -a ${quoted(offer.words.join(" "))}`;
    case "folders":
      return ' -a "(__fish_complete_directories)"';
    case "files":
      return " -F";
    case "nothing":
      return "";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
