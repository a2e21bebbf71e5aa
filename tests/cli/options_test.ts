import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions, UsageError } from "../../src/cli/options.ts";

const table = {
  data: { value: "DIR", help: "where the images are" },
  size: { value: "NAME", choices: ["small", "large"], help: "how much" },
  seed: { value: "N", least: 0, help: "of everything" },
  "skip-bad": { help: "leave broken images out" },
} as const;

Deno.test("parseOptions() tells what was given and what was not", () => {
  assertEquals(parseOptions([], table), {
    data: undefined,
    size: undefined,
    seed: undefined,
    "skip-bad": false,
  });
  assertEquals(
    parseOptions(
      ["--seed", "7", "--data=a=b", "--skip-bad", "--size", "large"],
      table,
    ),
    { data: "a=b", size: "large", seed: 7, "skip-bad": true },
  );
});

Deno.test("parseOptions() keeps text that looks like a number, and takes the last of several", () => {
  const { data, seed } = parseOptions(
    ["--data", "007", "--seed", "1", "--seed", "2"],
    table,
  );
  assertEquals([data, seed], ["007", 2]);
});

Deno.test("parseOptions() refuses in one sentence what it does not understand", () => {
  const every = "each must be an option that --help lists";
  const cases: [string[], string][] = [
    [
      ["--sede", "7"],
      `${every}: current value is --sede (did you mean --seed?)`,
    ],
    [
      ["--sede=7"],
      `${every}: current value is --sede=7 (did you mean --seed?)`,
    ],
    [["-x"], `${every}: current value is -x`],
    [["faces"], `${every}: current value is faces`],
    [["--no-skip-bad"], `${every}: current value is --no-skip-bad`],
    [["--toString"], `${every}: current value is --toString`],
    // As npm wants it and deno does not: nothing behind it may be lost silently.
    [["--", "--seed", "7"], `${every}: current value is --seed`],
    [
      ["--data"],
      "'--data' must be followed by a value: current value is nothing",
    ],
    [["--data", "--seed", "1"], "'--data' must be followed by a value"],
    [["--seed", " "], "'--seed' must be followed by a value"],
    [
      ["--size", "huge"],
      "'--size' must be one of small, large: current value is huge",
    ],
    [
      ["--seed", "few"],
      "'--seed' must be a whole number of at least 0: current value is few",
    ],
    [["--seed", "1.5"], "current value is 1.5"],
    [["--seed=-1"], "current value is -1"],
    [["--seed", "1e99"], "current value is 1e99"],
  ];
  for (const [args, message] of cases) {
    const error = assertThrows(() => parseOptions(args, table), UsageError);
    const start = "Cannot understand the arguments as ";
    assertEquals(error.message.slice(0, start.length), start);
    assertEquals(error.message.includes(message), true, error.message);
  }
});

Deno.test("parseOptions() gives all values of an option that may be given several times", () => {
  const table = {
    synthetic: { value: "NAME=DIR", many: true, help: "images" },
    seed: { value: "N", least: 0, help: "seed" },
  } as const;
  assertEquals(
    parseOptions(
      ["--synthetic", "a=b", "--seed", "1", "--synthetic=c=d"],
      table,
    ),
    { synthetic: ["a=b", "c=d"], seed: 1 },
  );
  assertEquals(parseOptions([], table).synthetic, []);
  assertThrows(
    () => parseOptions(["--synthetic="], table),
    UsageError,
    "followed by a value",
  );
});
