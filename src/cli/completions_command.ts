/**
 * `outis completions`: makes a shell complete the command line.
 *
 * @module
 */
import { type Command, defineCommand } from "./command.ts";
import { bashCompletions, zshCompletions } from "./completions_bash.ts";
import { fishCompletions } from "./completions_fish.ts";
import { didYouMean } from "./did_you_mean.ts";
import { UsageError } from "./options.ts";

const SHELLS: { [name: string]: (commands: readonly Command[]) => string } = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
};

/**
 * Makes the command that prints a script for a shell.
 *
 * @param commands All commands; asked for when the script is printed, as this one is among them.
 * @returns The command.
 *
 * @example
 * ```ts
 * import { completionsCommand } from "./completions_command.ts";
 *
 * const command = completionsCommand(() => [command]);
 * await command.run(["bash"], new AbortController().signal);
 * ```
 */
export function completionsCommand(
  commands: () => readonly Command[],
): Command {
  const shells = Object.keys(SHELLS);
  return defineCommand({
    name: "completions",
    group: "Runs and this machine",
    summary: "Print a script that makes bash, zsh or fish complete commands",
    about:
      "The script completes commands, options, choices and folders of a command named outis, which an alias in the shell's start-up file makes, with the repository's folder for DIR: alias outis='deno run -RWES --allow-ffi --allow-run DIR/src/cli/main.ts'",
    examples: [
      {
        args: "bash >> ~/.bashrc",
        does: "bash, from the next shell on",
      },
      {
        args: "zsh >> ~/.zshrc",
        does: "zsh, from the next shell on",
      },
      {
        args: "fish > ~/.config/fish/completions/outis.fish",
        does: "fish, at once",
      },
    ],
    operands: ["bash|zsh|fish"],
    options: {},
    run: ({ operands: [shell = ""] }) => {
      if (!Object.hasOwn(SHELLS, shell)) {
        throw new UsageError(
          `Cannot print completions as the shell must be one of ${
            shells.join(", ")
          }: current value is ${shell}${didYouMean(shell, shells)}`,
        );
      }
      const script = SHELLS[shell](commands());
      return Promise.resolve({ text: script, json: { shell, script } });
    },
  });
}
