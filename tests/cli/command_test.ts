import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type CommandDefinition,
  defineCommand,
} from "../../src/cli/command.ts";
import { UsageError } from "../../src/cli/options.ts";

const table = {
  name: { value: "NAME", help: "whom" },
  fail: { help: "end badly" },
} as const;

/** How a command ended. */
interface Ended {
  code?: number;
  error?: Error;
  output: string[];
  errors: string[];
}

/** A command of one file and two options; what it says is kept. */
function greeter(
  more: Partial<CommandDefinition<typeof table>> = {},
) {
  const command = defineCommand({
    name: "greet",
    group: "Runs and this machine",
    summary: "Greet somebody",
    about: "For when a day begins.",
    examples: [{ args: "a.txt --name Ann", does: "greets Ann" }],
    operands: ["FILE"],
    options: table,
    stopped: "Stopped. Nobody was greeted.",
    run: ({ operands, options, signal, say }) => {
      say("Thinks.");
      signal.throwIfAborted();
      if (options.fail) throw new UsageError("Cannot greet");
      const { name = "you" } = options;
      const scores = new Float64Array([1, NaN]);
      return Promise.resolve({
        text: `Hello ${name}`,
        json: { name, file: operands[0], scores },
        code: 3,
      });
    },
    ...more,
  });
  return async (
    args: string[],
    signal = new AbortController().signal,
  ): Promise<Ended> => {
    const said: Ended = { output: [], errors: [] };
    const { log, error } = console;
    console.log = (text: string) => said.output.push(text);
    console.error = (text: string) => said.errors.push(text);
    try {
      return { code: await command.run(args, signal), ...said };
    } catch (error) {
      return { error: error as Error, ...said };
    } finally {
      console.log = log;
      console.error = error;
    }
  };
}

Deno.test("a command prints its text, says lines on standard error, and ends with its code", async () => {
  assertEquals(await greeter()(["a.txt", "--name", "Ann"]), {
    code: 3,
    output: ["Hello Ann"],
    errors: ["Thinks."],
  });
});

Deno.test("--json prints one document, with typed arrays as lists", async () => {
  const { output } = await greeter()(["--json", "a.txt"]);
  assertEquals(output.length, 1);
  assertEquals(JSON.parse(output[0]), {
    name: "you",
    file: "a.txt",
    scores: [1, null],
  });
});

Deno.test("a command that fails prints nothing on standard output, with --json neither", async () => {
  for (const args of [["a.txt", "--fail"], ["a.txt", "--fail", "--json"]]) {
    const { error, output } = await greeter()(args);
    assertEquals([error?.message, output], ["Cannot greet", []]);
  }
});

Deno.test("--help and -h print the help and do nothing, whatever else is given", async () => {
  for (const args of [["--help"], ["-h"], ["a.txt", "--fail", "--help"]]) {
    const { code, output, errors } = await greeter()(args);
    assertEquals([code, output.length, errors], [0, 1, []]);
    assert(output[0].startsWith("Greet somebody\n"), output[0]);
  }
});

Deno.test("an interrupted command says what became of the work, and nothing where it has nothing to say", async () => {
  const signal = AbortSignal.abort(new DOMException("Stop", "AbortError"));
  const { error, errors } = await greeter()(["a.txt"], signal);
  assertEquals(error?.name, "AbortError");
  assertEquals(errors, ["Thinks.", "Stopped. Nobody was greeted."]);
  const silent = await greeter({ stopped: undefined })(["a.txt"], signal);
  assertEquals(silent.errors, ["Thinks."]);
});

Deno.test("--dry-run says the plan and ends there; without it the work goes on", async () => {
  const planned = greeter({
    plans: true,
    run: async ({ announce, say }) => {
      await announce({ does: "Greets everybody", seconds: 240, memory: 1 });
      say("Greets.");
      return { text: "Hello", json: {} };
    },
  });
  const { code, output, errors } = await planned(["a.txt", "--dry-run"]);
  assertEquals([code, output], [0, []]);
  assertEquals(errors[0], "Greets everybody.");
  assert(
    /^Takes about 4 min on \d+ cores? .*1 MB of memory\.$/.test(errors[1]),
  );
  const json = await planned(["a.txt", "--dry-run", "--json"]);
  assertEquals(JSON.parse(json.output.join("")), {
    does: "Greets everybody",
    seconds: 240,
    memory: 1,
  });
  const whole = await planned(["a.txt"]);
  assertEquals([whole.output, whole.errors.at(-1)], [["Hello"], "Greets."]);
});

Deno.test("a command without a plan has no --dry-run", async () => {
  const { error } = await greeter()(["a.txt", "--dry-run"]);
  assert(error instanceof UsageError);
});

Deno.test("a command knows how it was called, as pages may print it", async () => {
  const { output } = await greeter({
    run: ({ printed }) => Promise.resolve({ text: printed(), json: {} }),
  })(["a.txt", "--name=Ann Other"]);
  assertEquals(output, ['deno task outis greet a.txt --name "Ann Other"']);
});

Deno.test("too few arguments are refused", async () => {
  await assertRejects(
    async () => {
      throw (await greeter()([])).error;
    },
    UsageError,
    "they must be FILE and options: current value is nothing",
  );
});
