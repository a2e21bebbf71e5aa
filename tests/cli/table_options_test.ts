import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions, UsageError } from "../../src/cli/options.ts";
import {
  checkTogether,
  drawsPeople,
  seedArguments,
  tableOptions,
} from "../../src/cli/table_options.ts";
import { machineOf, resultsName } from "../../src/cli/table_results_files.ts";
import type { TableNumber } from "../../src/stages/mod.ts";

Deno.test("a seed draws people where the data do not say who is judged on", () => {
  assertEquals(drawsPeople(1, {}), true);
  assertEquals(drawsPeople(2, { data: "faces/" }), true);
  assertEquals(drawsPeople(2, { data: "casia/", test: "lfw/" }), false);
  assertEquals(drawsPeople(1, { data: "market/" }), false);
  assertEquals(drawsPeople(3, { vary: "training" }), false);
});

Deno.test("options that cannot be together are refused by name", () => {
  const cases: [TableNumber, string, string][] = [
    [1, "--data market --vary people", "'--vary' must be training"],
    [2, "--data faces --population tune", "'--population' must be left out"],
    [2, "--seeds 2 --only-seed 2", "'--only-seed' must be one of the 2 seeds"],
    [2, "--name ../escape", "'--name' must be letters"],
    [2, "--layout folder", "'--layout' must come with --data"],
  ];
  for (const [number, args, sentence] of cases) {
    assertThrows(
      () => checkTogether(number, parseOptions(args.split(" "), tableOptions)),
      UsageError,
      sentence,
    );
  }
  checkTogether(2, parseOptions([], tableOptions));
});

Deno.test("a process of one seed is given all but what belongs to the whole", () => {
  const args =
    "--preset tiny --seeds 4 --jobs 2 --threads 8 --results r --out o --format csv --synthetic A=a --synthetic B=b --no-overlap";
  const options = parseOptions(args.split(" "), {
    ...tableOptions,
    out: { value: "DIR", help: "" },
    results: { value: "DIR", help: "" },
    format: { value: "NAME", help: "" },
    synthetic: { value: "NAME=DIR", many: true, help: "" },
  });
  const own = seedArguments(options, 3, 1);
  // Whatever it is given it understands, as one seed.
  const again = parseOptions(own, {
    ...tableOptions,
    out: { value: "DIR", help: "" },
    synthetic: { value: "NAME=DIR", many: true, help: "" },
  });
  assertEquals(again, {
    ...again,
    preset: "tiny",
    seeds: 4,
    jobs: undefined,
    threads: 1,
    "only-seed": 3,
    out: "o",
    synthetic: ["A=a", "B=b"],
    "no-overlap": true,
    resize: false,
  });
});

Deno.test("the machine is told by cores, processes and threads; the tuning split by its name", () => {
  assertEquals(
    machineOf({ jobs: 2, threads: 1 }).split(", ").at(-1),
    "2 processes of 1 thread",
  );
  assertEquals(resultsName("figure_5", {}), "figure_5");
  assertEquals(
    resultsName("figure_5", { population: "tune" }),
    "figure_5_tune",
  );
  assertEquals(
    resultsName("figure_5", { population: "tune", name: "mine" }),
    "mine",
  );
});
