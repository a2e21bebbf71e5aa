import { assertEquals, assertRejects } from "@std/assert";
import { readJsonIfThere } from "../../src/core/mod.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("readJsonIfThere() tells what is not there from what is broken", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/a.json`;
  assertEquals(await readJsonIfThere(path), undefined);
  await Deno.writeTextFile(path, `{"a": 1}`);
  assertEquals(await readJsonIfThere(path), { a: 1 });
  await Deno.writeTextFile(path, `{"a": `);
  await assertRejects(() => readJsonIfThere(path), SyntaxError, path);
  await assertRejects(() => readJsonIfThere(folder.path));
});
