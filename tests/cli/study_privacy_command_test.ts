import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../src/engine/mod.ts";
import { complaints, runCommand } from "../support/command_line.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import { writePeople, writePrior } from "./target_folder.ts";

Deno.test("outis study-privacy refuses input that it cannot use in one sentence, and writes nothing", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await useBackend("wasm");
  await Deno.mkdir(`${path}/empty`);
  await writePeople(`${path}/few`, 9, 5);
  await writePrior(`${path}/prior`);
  const before = filesBelow(path, "", true);
  const cases: [string[], string][] = [
    [["--preset", "huge"], "'--preset' must be one of tiny, small"],
    [["--seeds", "0"], "'--seeds' must be a whole number of at least 1"],
    [["--data", "nowhere"], "nowhere"],
    [["--data", "empty"], "empty"],
    [["--data", "few"], "'images' must make at least"],
    [["--prior", "prior"], "'--prior' must be a folder with an auditor"],
  ];
  for (const [args, part] of cases) {
    const { code, errors, output } = await runCommand(
      ["study-privacy", "--backend", "wasm", ...args],
      path,
    );
    const said = complaints({ code, errors, output });
    assertEquals([code, said.length], [2, 1], errors.join("\n"));
    assert(said[0].startsWith("Cannot ") && said[0].includes(part), said[0]);
    assertEquals(filesBelow(path, "", true), before);
  }
});

Deno.test("outis reproduce refuses a privacy that cannot be meant", async () => {
  await using folder = await tempFolder();
  const cases: [string[], string][] = [
    [["--epsilon", "none"], "'--epsilon' must be a number above 0"],
    [["--delta", "1e-5"], "'--delta' must come with --epsilon"],
    [["--epsilon", "1", "--unit", "family"], "'--unit' must be one of image"],
  ];
  for (const [args, part] of cases) {
    const end = await runCommand(["reproduce", ...args], folder.path);
    assertEquals(end.code, 2, end.errors.join("\n"));
    assert(end.errors.join("\n").includes(part), end.errors.join("\n"));
  }
  assertEquals(filesBelow(folder.path, "", true), []);
});
