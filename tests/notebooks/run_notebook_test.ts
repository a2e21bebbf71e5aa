import { assertEquals, assertMatch } from "@std/assert";
import { setUpJupyter } from "../../notebooks/tools/jupyter.ts";
import {
  type CellOutput,
  readNotebook,
  textOf,
} from "../../notebooks/tools/notebook.ts";
import {
  runNotebook,
  withFastSettings,
} from "../../notebooks/tools/run_notebook.ts";
import { isCI } from "../support/backends.ts";
import { tempFolder } from "../support/temp_folder.ts";

function file(cells: string[], fast?: string): string {
  return JSON.stringify({
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `c${i}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    })),
    metadata: {
      kernelspec: {
        name: "deno",
        display_name: "Deno",
        language: "typescript",
      },
      outis: { fast },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

Deno.test("withFastSettings() changes knobs where they stand, so that cells keep their numbers", () => {
  const text = file(["1;", "// Knobs\nlet a = 1;", "a;"], "a = 2;");
  const cells = ["1;", "// Knobs\nlet a = 1;", "a;"].map((source) => ({
    kind: "code" as const,
    source,
    outputs: [],
  }));
  const sources = (text: string) =>
    JSON.parse(text).cells.map(({ source }: { source: string }) => source);
  const fast = withFastSettings({ cells, fast: "a = 2;" }, text);
  assertEquals(sources(fast), [
    "1;",
    "// Knobs\nlet a = 1;\na = 2;\nvoid 0;",
    "a;",
  ]);
  assertEquals(withFastSettings({ cells }, text), text);
});

// Jupyter is installed for the notebooks; a test alone does not fetch 250 MB.
const hasJupyter = isCI || new Deno.Command("python3", {
  args: ["-c", "import nbclient"],
}).outputSync().success;

Deno.test({
  name:
    "runNotebook() loses no output, names the cell that fails and keeps what was done",
  ignore: !hasJupyter,
  fn: async () => {
    await using folder = await tempFolder();
    const path = `${folder.path}/07_x.ipynb`;
    const target = `${folder.path}/done.ipynb`;
    await Deno.writeTextFile(
      path,
      file([
        "// Knobs\nlet a = 1;",
        'console.log("a is", a);\na + 1;',
        'throw new RangeError("too far");',
        '"never";',
      ], "a = 40;"),
    );
    const begun: string[] = [];
    const error = await runNotebook(await readNotebook(path), {
      path,
      target,
      fast: true,
      jupyter: await setUpJupyter(() => {}),
      cellSeconds: 60,
      onCell: (cell, of) => begun.push(`${cell} of ${of}`),
    });
    assertMatch(error!, /^notebooks\/07_x.ipynb, code cell 3: RangeError/);
    assertMatch(error!, /too far/);
    assertEquals(begun, ["1 of 4", "2 of 4", "3 of 4"]);
    const [knobs, sum, , never] = (await readNotebook(target)).cells;
    const valueOf = ({ data }: CellOutput) =>
      textOf(data?.["text/plain"] as string | string[]);
    // The value of the last fast setting is no output of the notebook.
    assertEquals(knobs.outputs.map(valueOf).join(""), "");
    assertEquals(textOf(sum.outputs[0].text), "a is 40\n");
    assertEquals(valueOf(sum.outputs[1]), "41");
    assertEquals(never.outputs, []);
    assertEquals(
      Array.from(Deno.readDirSync(folder.path), ({ name }) => name).sort(),
      ["07_x.ipynb", "done.ipynb"],
    );
  },
});
