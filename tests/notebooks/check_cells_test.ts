import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  checkCells,
  leftovers,
  located,
} from "../../notebooks/tools/check_cells.ts";
import type { Cell, Notebook } from "../../notebooks/tools/notebook.ts";

/** Below the package, as the cells of real notebooks are. */
const folder = new URL("../../notebooks/.check-test", import.meta.url).pathname;

function notebook(cells: string[], fast?: string): Notebook {
  return {
    name: "07_x",
    fast,
    cells: cells.map((source): Cell => ({ kind: "code", source, outputs: [] })),
  };
}

Deno.test("checkCells() says nothing of a sound notebook, whose knobs may be constants", async () => {
  const sound = notebook(["// Knobs\nlet a = 1;", "a + 1;"]);
  assertEquals(await checkCells([sound], folder), "");
});

Deno.test("checkCells() names notebook, cell and line of a fault of type, lint, form or setting", async () => {
  const told = await checkCells([
    notebook([
      "// Knobs\nlet a = 1;",
      'const b: number = "b";\nconst   c = a;\nb;',
    ], "wrong = 2;"),
  ], folder);
  const cell = "notebooks/07_x.ipynb, code cell 2";
  const [type, setting] = ["TS2322", "TS2304"].map((code) =>
    told.slice(told.indexOf(code)).match(/at (.*)/)?.[1]
  );
  assertEquals(type, `${cell}, line 1`);
  assertEquals(setting, "notebooks/07_x.ipynb, its fast settings, line 1");
  assertStringIncludes(told, `${cell}, line 2 - \`c\` is never used`);
  assertStringIncludes(told, `from ${cell}:`);
  assert(!told.includes(".check-test"), told);
});

Deno.test("located() leaves lines that are of no notebook as they are", () => {
  const modules = new Map([["/a/x.ts", { source: "", origins: ["cell, 1"] }]]);
  assertEquals(
    located("at file:///a/x.ts:1:5, at /a/x.ts:9:1", modules, new Map()),
    "at cell, 1, at /a/x.ts:9:1",
  );
});

Deno.test("leftovers() tells of cells with outputs or numbers, and how to be rid of them", () => {
  const clean = notebook(["1;", "2;", "3;"]);
  assertEquals(leftovers(clean), []);
  const [first, second, third] = clean.cells;
  const stream = { output_type: "stream" as const, text: "1" };
  const told = leftovers({
    ...clean,
    cells: [
      first,
      { ...second, outputs: [stream] },
      { ...third, executed: true },
    ],
  });
  assertEquals(told.length, 2);
  assertStringIncludes(told[0], "notebooks/07_x.ipynb, code cell 2");
  assertStringIncludes(told[0], "deno task notebooks --tidy 07_x");
  assertStringIncludes(told[1], "code cell 3");
});
