import { assert, assertEquals } from "@std/assert";
import { GROUPS } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/main.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { takePositional } from "../../src/cli/positional.ts";
import { capturedCommand } from "../support/captured.ts";

const manifest = JSON.parse(
  Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)),
);

/** Words of an example, as a shell takes them. */
function wordsOf(args: string): string[] {
  return [...args.matchAll(/"([^"]*)"|(\S+)/g)]
    .map(([, quoted, plain]) => quoted ?? plain);
}

Deno.test("--help groups all commands by what people come for, and says where to begin", async () => {
  const { code, output } = await capturedCommand(["--help"]);
  assertEquals(code, 0);
  const text = output.join("\n");
  for (const group of GROUPS) assert(text.includes(`\n${group}:\n`), group);
  for (const { name } of commands) {
    assertEquals(text.match(new RegExp(`^  ${name} +\\S`, "gm"))?.length, 1);
  }
  assert(text.includes("deno task reproduce --preset tiny"));
  assert(output.every((line) => line.length <= 80), text);
  assertEquals((await capturedCommand([])).code, 2);
});

Deno.test("every command teaches: a sentence, an example, and a line for each option", async (t) => {
  for (const command of commands) {
    await t.step(command.name, async () => {
      const { about, called, examples, summary, options } = command;
      assert(/^[A-Z].*[^.]$/s.test(summary), summary);
      assert(about.length > 60 && about !== summary, about);
      assert(examples.length > 0);
      const { code, output } = await capturedCommand([command.name, "--help"]);
      assertEquals(code, 0);
      const text = output.join("\n");
      for (const { args } of examples) {
        assert(text.includes(`\n  ${`${called} ${args}`.trimEnd()}\n`), text);
      }
      for (const name of Object.keys(options)) {
        assert(new RegExp(`^  --${name}\\b`, "m").test(text), name);
      }
    });
  }
});

Deno.test("every example is one that its command understands", () => {
  for (const { name, examples, operands, options } of commands) {
    for (const { args } of examples) {
      const words = wordsOf(args.replace(/ >.*/, ""));
      const { rest } = operands.length === 0
        ? { rest: words }
        : takePositional(words, options, operands);
      parseOptions(rest, options); // throws where it does not
      assert(!words.includes("--help"), name);
    }
  }
});

Deno.test("a command that is called by a task of its own has one in deno.json", () => {
  for (const { name, called } of commands) {
    const task = called.replace("deno task ", "");
    if (task === `outis ${name}`) continue;
    const command: string = manifest.tasks[task]?.command ?? "no such task";
    assert(command.endsWith(`src/cli/main.ts ${name}`), `${name}: ${command}`);
  }
});

Deno.test("every command has --json and --help, and those that plan --dry-run", () => {
  for (const { options } of commands) {
    assert("json" in options && "help" in options);
  }
  const planning = commands.filter(({ options }) => "dry-run" in options)
    .map(({ name }) => name);
  for (
    const name of [
      ...["reproduce", "identities", "pretrain", "train", "audit"],
      ...["study-reinforce", "study-recognition", "study-identities"],
      ...["study-privacy", "study-audit"],
    ]
  ) assert(planning.includes(name), name);
});

Deno.test("help NAME is NAME --help", async () => {
  for (const name of ["reproduce", "verify"]) {
    assertEquals(
      await capturedCommand(["help", name]),
      await capturedCommand([name, "--help"]),
    );
  }
  assertEquals((await capturedCommand(["help", "nothing"])).code, 2);
});

Deno.test("--version prints the package's", async () => {
  const { code, output } = await capturedCommand(["--version"]);
  assertEquals([code, output], [0, [manifest.version]]);
});

Deno.test("what is mistyped is refused with what was probably meant: exit code 2", async () => {
  const cases: [string[], string][] = [
    [["tarin"], "current value is tarin (did you mean train?)"],
    [["reproduce", "--presett", "tiny"], "(did you mean --preset?)"],
    [["reproduce", "--preset", "tinny"], "(did you mean tiny?)"],
    [["data", "inspekt", "."], "(did you mean inspect?)"],
    [["runs", "comapre"], "(did you mean compare?)"],
    [["help", "verfy"], "(did you mean verify?)"],
    [["bogus"], "current value is bogus"],
    [["toString"], "current value is toString"],
    [["setup", "--toString"], "current value is --toString"],
  ];
  for (const [args, end] of cases) {
    const { code, output, errors } = await capturedCommand(args);
    assertEquals([code, output, errors.length], [2, [], 1], errors.join("\n"));
    assert(errors[0].startsWith("Cannot "), errors[0]);
    assert(errors[0].endsWith(end), errors[0]);
  }
});
