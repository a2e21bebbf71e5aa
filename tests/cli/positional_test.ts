import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/cli/options.ts";
import { takePositional } from "../../src/cli/positional.ts";

const table = {
  dtype: { value: "NAME", help: "element type" },
  force: { help: "replace" },
};

Deno.test("arguments are taken from between the options, whose values stay", () => {
  const args = ["--dtype", "F16", "in", "--force", "out", "--dtype=F32"];
  assertEquals(takePositional(args, table, ["IN", "OUT"]), {
    values: ["in", "out"],
    rest: ["--dtype", "F16", "--force", "--dtype=F32"],
  });
  assertEquals(takePositional(["in"], table, ["IN", "[OUT]"]), {
    values: ["in", undefined],
    rest: [],
  });
  // Help is asked for without them.
  assertEquals(takePositional(["--help"], table, ["IN"]).rest, ["--help"]);
});

Deno.test("too few and too many are refused", () => {
  for (const args of [[], ["a", "b"], ["--dtype", "a"]]) {
    assertThrows(
      () => takePositional(args, table, ["IN"]),
      UsageError,
      "they must be IN and options: current value is",
    );
  }
});
