import { assertEquals, assertRejects } from "@std/assert";
import {
  commitFolders,
  recoverFolder,
  replaceFolder,
} from "../../src/core/mod.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";

/** Two folders with an old note each, and new versions of both. */
async function twoFolders(root: string) {
  const folders = [];
  for (const name of ["a", "b"]) {
    await Deno.mkdir(`${root}/${name}`);
    await Deno.writeTextFile(`${root}/${name}/note`, "old");
    const own = await replaceFolder(`${root}/${name}/`);
    await Deno.writeTextFile(`${own.next}/note`, "new");
    folders.push(own);
  }
  return folders;
}

const notes = (root: string) =>
  ["a", "b"].map((name) => {
    try {
      return Deno.readTextFileSync(`${root}/${name}/note`);
    } catch {
      return "none";
    }
  });

Deno.test("commitFolders() puts all new versions in place and leaves nothing beside", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await commitFolders(await twoFolders(path));
  assertEquals(notes(path), ["new", "new"]);
  assertEquals(filesBelow(path), ["a/note", "b/note"]);
});

Deno.test("what is not committed is thrown away", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  for (const own of await twoFolders(path)) await own[Symbol.asyncDispose]();
  assertEquals(notes(path), ["old", "old"]);
  assertEquals(filesBelow(path), ["a/note", "b/note"]);
});

Deno.test("a kill while a new version is made leaves the old one", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  await twoFolders(path);
  assertEquals(notes(path), ["old", "old"]);
  assertEquals(await recoverFolder(`${path}/a`), false);
  assertEquals(filesBelow(path), ["a/note", "b.replacing/next/note", "b/note"]);
});

// The two renames of each folder, as they are done: a kill may come before any of them.
const steps: ((path: string) => Promise<void>)[] = ["a", "b"].flatMap((
  name,
) => [
  (path) =>
    Deno.rename(`${path}/${name}`, `${path}/${name}.replacing/previous`),
  (path) => Deno.rename(`${path}/${name}.replacing/next`, `${path}/${name}`),
]);

for (let done = 0; done <= steps.length; done++) {
  Deno.test(`a kill after ${done} of ${steps.length} renames of a commit is made good from either folder`, async () => {
    for (const name of ["a", "b"]) {
      await using folder = await tempFolder();
      const { path } = folder;
      await twoFolders(path);
      const paths = ["a", "b"].map((name) => `${path}/${name}`);
      for (const one of paths) {
        await Deno.writeTextFile(
          `${one}.replacing/commit.json`,
          JSON.stringify({ paths }),
        );
      }
      for (const step of steps.slice(0, done)) await step(path);
      assertEquals(notes(path).includes("half"), false);
      assertEquals(await recoverFolder(`${path}/${name}`), true);
      assertEquals(notes(path), ["new", "new"]);
      assertEquals(filesBelow(path), ["a/note", "b/note"]);
    }
  });
}

Deno.test("replaceFolder() refuses what is no folder", async () => {
  await assertRejects(
    () => replaceFolder("/no/such/folder"),
    RangeError,
    "current value is none",
  );
});
