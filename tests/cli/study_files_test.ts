import { assert, assertEquals } from "@std/assert";
import {
  processorTime,
  readNotes,
  writeStudy,
} from "../../src/cli/study_files.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";

Deno.test("writeStudy() writes page and numbers, and returns both for people and for scripts", async () => {
  await using folder = await tempFolder();
  const results = `${folder.path}/new/results`;
  const page = { json: '{ "rows": [1] }', markdown: "# A trial\n" };
  assertEquals(await writeStudy(results, "trial", page), {
    text: `${results}/trial.md`,
    json: { rows: [1] },
  });
  assertEquals(filesBelow(results), ["trial.json", "trial.md"]);
});

Deno.test("readNotes() finds what people have written, or nothing", async () => {
  await using folder = await tempFolder();
  assertEquals(await readNotes(folder.path, "trial"), {});
  await Deno.writeTextFile(`${folder.path}/trial_notes.md`, "Mind this.");
  assertEquals(await readNotes(folder.path, "trial"), { notes: "Mind this." });
});

Deno.test("processorTime() counts work, not waiting", async () => {
  const start = processorTime();
  await new Promise((next) => setTimeout(next, 200));
  assert(processorTime() - start < 190);
});
