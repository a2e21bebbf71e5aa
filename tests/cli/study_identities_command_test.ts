import { assert, assertEquals } from "@std/assert";
import { identityStudies } from "../../src/cli/identity_study_presets.ts";
import { complaints, runCommand } from "../support/command_line.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("outis study-identities refuses what makes no sense", async () => {
  await using folder = await tempFolder();
  const refused: [string[], string][] = [
    [["--preset", "paper"], "'--preset' must be one of tiny, small"],
    [["--seeds", "1"], "'--seeds' must be a whole number of at least 2"],
    [["--prior", "nowhere", "--backend", "wasm"], "nowhere"],
  ];
  for (const [args, sentence] of refused) {
    const end = await runCommand(["study-identities", ...args], folder.path);
    assertEquals(end.code, 2);
    assert(complaints(end).at(-1)?.includes(sentence), end.errors.join("\n"));
  }
});

Deno.test("sizes of the study compare with the same first arm, by different names", () => {
  for (const { arms } of Object.values(identityStudies)) {
    assertEquals(arms[0].name, "random + none");
    assertEquals(new Set(arms.map(({ name }) => name)).size, arms.length);
  }
});
