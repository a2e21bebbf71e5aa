import { assert, assertEquals } from "@std/assert";
import { exportTo, layouts } from "../data/made_images.ts";
import { runCommand } from "../support/command_line.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("outis verify ends with 0 where everything holds, with 3 where something does not, with 2 where there is nothing to check", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await exportTo(`${path}/set`, layouts.folder());
  const good = await runCommand(["verify", "set"], path);
  assertEquals([good.code, good.output.at(-1)], [0, "Everything holds."]);
  assert(
    good.output[0].startsWith(
      "12 images listed, 12 stored (files), 12 verified",
    ),
  );
  assert(good.output.includes("12 made by a test, run run-1"));
  await Deno.remove(`${path}/set/cleo/00000.png`);
  const bad = await runCommand(["verify", "set"], path);
  assertEquals(bad.code, 3);
  assert(
    bad.output.includes("missing: cleo/00000.png: it is listed and not there"),
  );
  const json = await runCommand(["verify", "set", "--json"], path);
  assertEquals(JSON.parse(json.output.join("\n")).counts.missing, 1);
  for (
    const [args, part] of [
      [["none"], "must be an existing folder"],
      [["set/cleo"], "must hold manifest.jsonl"],
      [[], "must be DIR and options"],
    ] as const
  ) {
    const { code, errors } = await runCommand(["verify", ...args], path);
    assertEquals([code, errors.length], [2, 1]);
    assert(errors[0].includes(part), errors[0]);
  }
});
