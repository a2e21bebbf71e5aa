import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { checkMethods, folderMethods } from "../../src/cli/table_methods.ts";
import { UsageError } from "../../src/cli/options.ts";
import { folderOf } from "../data/files.ts";

Deno.test("folderMethods() makes a row of each NAME=DIR", () => {
  assertEquals(
    folderMethods({ synthetic: ["A b=x=y/"], alone: ["C=z"] }),
    [
      { name: "A b", synthetic: { folder: "x=y/" } },
      { name: "C", synthetic: { folder: "z" }, training: "synthetic" },
    ],
  );
  for (const text of ["x", "=x", "x=", " = "]) {
    assertThrows(
      () => folderMethods({ synthetic: [], alone: [text] }),
      UsageError,
      "'--synthetic-only' must be NAME=DIR",
    );
  }
});

Deno.test("checkMethods() passes folders of real and of new identities, and refuses both in one", async () => {
  await using folder = await folderOf([
    "known/ada/1.png",
    "fresh/x/1.png",
    "mixed/ada/1.png",
    "mixed/x/1.png",
  ]);
  const train = { identities: ["ada", "bo"] };
  const at = (name: string) => ({
    name,
    synthetic: { folder: `${folder.path}/${name}` },
  });
  await checkMethods([at("known"), at("fresh")], train);
  await checkMethods([{ ...at("mixed"), training: "synthetic" }], train);
  await assertRejects(
    () => checkMethods([at("mixed")], train),
    UsageError,
    "current value is 2, of which 1 are real",
  );
  await assertRejects(
    () => checkMethods([at("none")], train),
    UsageError,
    "none",
  );
});

Deno.test("checkMethods() refuses names that would share their files", async () => {
  await assertRejects(
    () =>
      checkMethods([{ name: "Ours" }, { name: "ours" }], { identities: [] }),
    UsageError,
    "current value is Ours and ours",
  );
});
