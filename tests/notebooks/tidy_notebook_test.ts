import { assert, assertEquals, assertRejects } from "@std/assert";
import { readNotebook } from "../../notebooks/tools/notebook.ts";
import { tidyNotebook } from "../../notebooks/tools/tidy_notebook.ts";
import { tempFolder } from "../support/temp_folder.ts";

function file(source: string): string {
  return JSON.stringify({
    cells: [
      { cell_type: "markdown", id: "a", metadata: {}, source: "Some   text" },
      {
        cell_type: "code",
        id: "b",
        metadata: { tags: ["kept"] },
        source,
        outputs: [{ output_type: "stream", name: "stdout", text: "1" }],
        execution_count: 4,
      },
    ],
    metadata: { outis: { fast: "a = 2;" } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

Deno.test("tidyNotebook() formats code and takes a run out, and touches nothing else", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/07_x.ipynb`;
  await Deno.writeTextFile(path, file("let a=1\na"));
  assert(await tidyNotebook({ name: "07_x" }, path));
  const { cells, ...rest } = JSON.parse(await Deno.readTextFile(path));
  assertEquals(cells, [
    { cell_type: "markdown", id: "a", metadata: {}, source: "Some   text" },
    {
      cell_type: "code",
      id: "b",
      metadata: { tags: ["kept"] },
      source: ["let a = 1;\n", "a;"],
      outputs: [],
      execution_count: null,
    },
  ]);
  const { cells: _, ...before } = JSON.parse(file(""));
  assertEquals(rest, before);
  assertEquals((await readNotebook(path)).cells[1].source, "let a = 1;\na;");
  assertEquals(await tidyNotebook({ name: "07_x" }, path), false);
});

Deno.test("tidyNotebook() leaves a notebook alone whose code cannot be read", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/07_x.ipynb`;
  await Deno.writeTextFile(path, file("let = ;"));
  await assertRejects(
    () => tidyNotebook({ name: "07_x" }, path),
    SyntaxError,
    "07_x",
  );
  assertEquals(await Deno.readTextFile(path), file("let = ;"));
});
