import { assertEquals } from "@std/assert";
import { parseOptions } from "../../src/cli/options.ts";
import { printedCommand } from "../../src/cli/printed_command.ts";

const table = {
  data: { value: "DIR", help: "images" },
  weights: { value: "FILE", help: "weights" },
  synthetic: { value: "NAME=DIR", many: true, help: "rows" },
  source: { value: "TEXT", help: "what the page calls them" },
  seeds: { value: "N", least: 1, help: "how many" },
  redact: { help: "blur" },
  out: { value: "DIR", help: "where to" },
  results: { value: "DIR", help: "where to" },
  json: { help: "as JSON" },
} as const;

function printed(...args: string[]): string {
  const options = parseOptions(args, table);
  return printedCommand("deno task trial", { options, args }, table);
}

Deno.test("printedCommand() keeps the order, and hides where things lie", () => {
  assertEquals(printed(), "deno task trial");
  assertEquals(
    printed("--seeds=2", "--data", "/home/ann/my faces", "--redact"),
    "deno task trial --seeds 2 --data DIR --redact",
  );
  assertEquals(
    printed("--weights=/home/ann/w.pt", "--source", "ten people"),
    'deno task trial --weights FILE --source "ten people"',
  );
  assertEquals(
    printed("--synthetic", "A=/a", "--synthetic", "B=/b"),
    "deno task trial --synthetic A=DIR --synthetic B=DIR",
  );
});

Deno.test("printedCommand() leaves out what only says where results go", () => {
  assertEquals(
    printed("--out", "x", "--results=y", "--json", "--seeds", "1"),
    "deno task trial --seeds 1",
  );
});

Deno.test("printedCommand() shows arguments that are no options first", () => {
  assertEquals(
    printedCommand(
      "deno task table",
      { operands: ["2", undefined], options: { seeds: 3 }, args: ["--seeds"] },
      table,
    ),
    "deno task table 2 --seeds 3",
  );
});
