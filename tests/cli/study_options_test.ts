import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions, UsageError } from "../../src/cli/options.ts";
import { studyOptions, studyPlan } from "../../src/cli/study_options.ts";

const table = studyOptions({
  files: "trial",
  run: "runs/trial",
  presets: ["tiny", "small"],
  seeds: 3,
  least: 2,
});

Deno.test("studyOptions() are the same for every study but for its names", () => {
  const { preset, seeds, out } = parseOptions(
    ["--preset", "tiny", "--seeds", "2"],
    { ...table },
  );
  assertEquals([preset, seeds, out], ["tiny", 2, undefined]);
  assertThrows(() => parseOptions(["--seeds", "1"], { ...table }), UsageError);
  assertThrows(() => parseOptions(["--preset", "x"], { ...table }), UsageError);
  assertEquals(table.seeds.help, "how many seeds (default 3)");
  assertEquals(table.out.help.includes("(default runs/trial)"), true);
});

Deno.test("studyPlan() takes as long as its seeds, and what all need once", () => {
  const work = { does: "Trains", seconds: 100, once: 20, out: "runs/trial" };
  const one = studyPlan({ ...work, seeds: 1 });
  const three = studyPlan({ ...work, seeds: 3 });
  assertEquals([one.does, one.referenceSeconds], ["Trains under 1 seed", 120]);
  assertEquals(
    [three.does, three.referenceSeconds],
    ["Trains under 3 seeds", 320],
  );
});
