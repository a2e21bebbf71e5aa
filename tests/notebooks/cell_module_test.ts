import { assertEquals } from "@std/assert";
import { cellName, moduleOf } from "../../notebooks/tools/cell_module.ts";
import type { Cell } from "../../notebooks/tools/notebook.ts";

function cell(source: string, kind: Cell["kind"] = "code"): Cell {
  return { kind, source, outputs: [] };
}

Deno.test("moduleOf() joins the cells of code, the fast settings behind the knobs", () => {
  const { source, origins } = moduleOf({
    name: "07_x",
    fast: "a = 2;",
    cells: [
      cell("# Title", "markdown"),
      cell("// Knobs\nlet a = 1;"),
      cell("a + 1;"),
    ],
  });
  assertEquals(
    source,
    "// Knobs\nlet a = 1;\na = 2;\na + 1;\nexport {};\n",
  );
  assertEquals(origins, [
    "notebooks/07_x.ipynb, code cell 1, line 1",
    "notebooks/07_x.ipynb, code cell 1, line 2",
    "notebooks/07_x.ipynb, its fast settings, line 1",
    "notebooks/07_x.ipynb, code cell 2, line 1",
  ]);
});

Deno.test("cellName() counts as Jupyter does, from 1", () => {
  const name = cellName({ name: "07_x" }, 1);
  assertEquals(name, "notebooks/07_x.ipynb, code cell 1");
});
