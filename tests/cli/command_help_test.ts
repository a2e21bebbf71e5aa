import { assertEquals } from "@std/assert";
import { commandHelp, wrap } from "../../src/cli/command_help.ts";

Deno.test("commandHelp() has one layout: what, how, why, examples, options", () => {
  assertEquals(
    commandHelp({
      name: "greet",
      called: "deno task outis greet",
      group: "Runs and this machine",
      summary: "Greet somebody",
      about:
        "For when a day begins. Whoever is named is greeted by name, all others by a word that will do.",
      examples: [
        { args: "door --name Ann", does: "greets Ann" },
        { args: "door", does: "greets whoever comes" },
      ],
      operands: ["WHERE"],
      options: {
        name: { value: "NAME", help: "whom" },
        "as-long-as-there-is": {
          value: "LIGHT",
          help:
            "until when people are greeted, which matters in winter (default: always)",
        },
        help: { help: "this text" },
      },
    }),
    `Greet somebody

Usage: deno task outis greet WHERE [options]

For when a day begins. Whoever is named is greeted by name, all others by a word
that will do.

Examples:

  deno task outis greet door --name Ann
      greets Ann
  deno task outis greet door
      greets whoever comes

Options:

  --name NAME               whom
  --as-long-as-there-is LIGHT
                            until when people are greeted, which matters in
                            winter (default: always)
  --help                    this text
`,
  );
});

Deno.test("wrap() breaks between words alone", () => {
  assertEquals(wrap("a bb  ccc\ndddd", 5), ["a bb", "ccc", "dddd"]);
  assertEquals(wrap("longer than five", 5), ["longer", "than", "five"]);
  assertEquals(wrap("12345", 5), ["12345"]);
});
