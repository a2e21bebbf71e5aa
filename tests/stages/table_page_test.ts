import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type TableFormat,
  tablePage,
  type TablePageInput,
} from "../../src/stages/mod.ts";
import { tableSettings } from "../../src/cli/table_presets.ts";
import { cellOf } from "./table_cells.ts";

const GROUPS = ["Caucasian", "Indian", "Asian", "African", "average"];

function pageOf(
  columns: string[],
  seeds: number[],
  extra: Partial<TablePageInput> = {},
): (format: TableFormat) => string {
  const valuesOf = (score: number) =>
    Object.fromEntries(columns.map((name, i) => [name, score + i]));
  const input: TablePageInput = {
    number: 3,
    cells: seeds.flatMap((seed) => [
      cellOf("Real only", seed, valuesOf(60 + seed)),
      cellOf("SFACE", seed, valuesOf(62 + 3 * seed)),
    ]),
    absent: { Ours: "No prior of this size." },
    target: {
      source: "288 images of 48 people",
      judge: { columns, headlines: ["average"], source: "four groups" },
    },
    settings: {
      ...tableSettings(3, "tiny", { seeds }).settings,
      methods: [
        { name: "Real only", printed: "CASIA subset" },
        { name: "SFACE" },
        { name: "Ours", printed: "Ours" },
      ],
    },
    command: "outis table 3 --seeds 2",
    engine: "wasm",
    ...extra,
  };
  return (format) => tablePage(input, format);
}

Deno.test("a table judged on the paper's images has ours behind the rows they belong to", () => {
  const lines = pageOf(GROUPS, [0, 1])("text").split("\n");
  const rows = lines.filter((line) => / {2}(paper|here) {2}/.test(line));
  assertEquals(
    rows.slice(0, 4).map((line) => line.trim().replaceAll(/  +/g, "|")),
    [
      "CASIA subset|paper|72.85|70.10|65.45|60.28|67.17",
      // t(0.05, 1) = 12.706, deviation sqrt(1/2), so ± 12.706 / 2.
      "Real only|here|60.50 ± 6.35|61.50 ± 6.35|62.50 ± 6.35|63.50 ± 6.35|64.50 ± 6.35",
      "SFace|paper|67.17|66.07|62.92|56.17|63.08",
      "SFACE|here|63.50 ± 19.06|64.50 ± 19.06|65.50 ± 19.06|66.50 ± 19.06|67.50 ± 19.06",
    ],
  );
  assertEquals(rows.length, 8 + 3);
  assert(/^Ours \(a\) +here( +–){5}$/.test(rows.at(-1)!), rows.at(-1));
  assert(lines.includes("(a) No prior of this size."));
});

Deno.test("a table judged on other images stands apart from the paper's, which is not to be compared", () => {
  const page = pageOf(["A", "average of A"], [0])("markdown");
  const [ours, paper] = page.split("The paper's rows, as printed");
  assertStringIncludes(ours, "| Real only | here | 60.00 | 61.00 |");
  assertStringIncludes(ours, "One seed (0): a number without an interval");
  assert(!ours.includes("| paper |"));
  assertStringIncludes(paper, "not to be compared");
  assertStringIncludes(
    paper,
    "| Ours | paper | 75.87 | 71.85 | 68.72 | 62.67 | 69.78 |",
  );
});

Deno.test("a page whose seeds draw their own people says that intervals speak of new people", () => {
  const target = {
    source: "people",
    drawsPeople: true,
    judge: { columns: GROUPS, headlines: ["average"], source: "strangers" },
  };
  const drawn = pageOf(GROUPS, [0, 1], { target })("text");
  assertStringIncludes(drawn, "intervals speak of new people");
  assertStringIncludes(
    pageOf(GROUPS, [0, 1])("text"),
    "the images are the same",
  );
});

Deno.test("every page says how it was trained and judged, by which protocol, with which overlap and command", () => {
  for (const format of ["text", "markdown", "latex"] as const) {
    const page = pageOf(GROUPS, [0, 1])(format);
    for (
      const text of [
        "Trained on: 288 images of 48 people",
        "Real only: 8 real images, for Real only.",
        "Judged on: four groups",
        "Protocol (LFW): verification (folds 10; pairs 600) ",
        "Overlap: no test image stands among those trained on, in any row. A rule.",
        "Not run here: IDnet, DCFace, SFace2, IDiff-Face, NegFaceDiff.",
        "Made by: outis table 3 --seeds 2 (wasm)",
        "paired t-test",
      ]
    ) assertStringIncludes(page, text);
  }
});

Deno.test("overlap is told image by image, and so is that it was not looked for", () => {
  const touched = cellOf("Real only", 0, { average: 1 }, {
    overlap: [{
      name: "the real images",
      affected: 2,
      paths: ["a/1.png", "b/1.png"],
      rule: "A rule.",
    }],
  });
  const page = pageOf(GROUPS, [0], {
    cells: [touched, { ...touched, seed: 1 }, { ...touched, method: "SFACE" }],
  })("text");
  assertStringIncludes(
    page,
    "Overlap: 2 test images have a duplicate among the real images, as a/1.png (Real only, SFACE).\nDuplicates: A rule.\n",
  );
  const { overlap: _, ...unchecked } = touched;
  assertStringIncludes(
    pageOf(GROUPS, [0], { cells: [unchecked] })("text"),
    "Overlap: it was not checked",
  );
});

Deno.test("CSV is one table with all columns; JSON has the cells, the settings and the printed rows", () => {
  const csv = pageOf(["A", "average"], [0, 1])("csv").split("\r\n");
  assertEquals(
    csv[0],
    "method,from,Caucasian,Indian,Asian,African,average,average ±,A,A ±,notes",
  );
  assertEquals(csv[1], "CASIA subset,paper,72.85,70.1,65.45,60.28,67.17,,,,");
  assertEquals(csv.length, 1 + 8 + 3 + 1);
  const json = JSON.parse(pageOf(GROUPS, [0, 1])("json"));
  assertEquals([json.table, json.cells.length, json.printed.rows.length], [
    3,
    4,
    8,
  ]);
  assertEquals(json.rows[2].absent, { "": "No prior of this size." });
  assertEquals(json.settings.seeds, [0, 1]);
});
