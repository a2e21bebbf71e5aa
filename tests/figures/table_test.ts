import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { markup } from "../../src/figures/html.ts";
import { table, type TableCell } from "../../src/figures/table.ts";

/** Cells of the body, row by row, without their tags. */
function texts(source: string): string[][] {
  const [, body] = source.match(/<tbody>(.*)<\/tbody>/)!;
  return [...body.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) =>
      cell.replace(/<[^>]*>/g, "")
    )
  );
}

Deno.test("table() writes numbers with the column's decimals, or as short as they are", () => {
  const { source } = table(
    [{ title: "data" }, { title: "images" }, { title: "AUC", digits: 3 }, {
      title: "loss",
    }],
    [
      ["real", 120, 0.9, 0.123456],
      ["both", 0, 1, 1e-7],
      ["none", null, NaN, -0.5],
    ],
  );
  assertEquals(texts(source), [
    ["real", "120", "0.900", "0.1235"],
    ["both", "0", "1.000", "1e-7"],
    ["none", "–", "NaN", "-0.5"],
  ]);
});

Deno.test("table() aligns columns of numbers to the right, heading included, text to the left", () => {
  const { source } = table(
    [{ title: "data" }, { title: "n" }, { title: "time", align: "right" }],
    [["real", null, "2 min"], ["both", 3, "9 min"]],
  );
  const sides = [...source.matchAll(/class="(left|right)"/g)].map(([, s]) => s);
  assertEquals(sides, Array(3).fill(["left", "right", "right"]).flat());
});

Deno.test("table() heads rows and columns for those who listen to it", () => {
  const { source } = table([{ title: "data" }, { title: "time", unit: "s" }], [[
    "real",
    3,
  ]]);
  assertStringIncludes(source, `<th scope="row" class="left">real</th>`);
  assertStringIncludes(
    source,
    `<th scope="col" class="right">time <span class="unit">s</span></th>`,
  );
});

Deno.test("table() writes an uncertainty behind its number", () => {
  const row = (cell: TableCell, digits?: number) =>
    texts(table([{ title: "a", digits }], [[cell]]).source)[0][0];
  assertEquals(row({ value: 0.862, error: 0.0114 }, 3), "0.862 ± 0.011");
  assertEquals(row({ value: 0.862, error: 0.0114 }), "0.862 ± 0.011");
  assertEquals(row({ value: 0.862, error: 0 }), "0.862 ± 0");
});

Deno.test("table() collects footnotes in order, equal ones once", () => {
  const { source } = table([{ title: "a" }, { title: "b" }], [
    [{ value: 1, note: "first" }, { value: 2, note: "second" }],
    [{ value: null, note: "first" }, 4],
  ]);
  assertEquals(texts(source), [["1a", "2b"], ["–a", "4"]]);
  assertStringIncludes(
    source,
    `<ol type="a"><li>first</li><li>second</li></ol>`,
  );
  assert(!table([{ title: "a" }], [[1]]).source.includes("<ol"));
});

Deno.test("table() marks the 27th footnote as the list does", () => {
  const rows = Array.from({ length: 28 }, (_, i) => [
    { value: "x", note: `note ${i}` },
  ]);
  const marks = texts(table([{ title: "a" }], rows).source).map(([text]) =>
    text
  );
  assertEquals(marks.slice(24), ["xy", "xz", "xaa", "xab"]);
});

Deno.test("table() sets off what is strong and draws shares", () => {
  const { source } = table([{ title: "a" }], [[{
    value: 5,
    strong: true,
    share: 0.25,
  }]]);
  assertStringIncludes(
    source,
    `<span class="share" style="--share: 0.25"><strong>5</strong></span>`,
  );
});

Deno.test("table() escapes text and keeps markup", () => {
  const text = `<img src=x onerror="x()">`;
  const { source } = table(
    [{ title: text, unit: text }],
    [[text], [{ value: text, note: text }], [markup`<i>s01</i>`]],
    { caption: text },
  );
  assert(!source.includes("<img"));
  // Heading, unit, two cells, note, caption.
  assertEquals(source.split("&lt;img").length - 1, 6);
  assertStringIncludes(source, "<i>s01</i>");
});

Deno.test("table() refuses rows of another length and shares outside [0, 1]", () => {
  assertThrows(
    () => table([{ title: "a" }, { title: "b" }], [[1, 2], [1]]),
    TypeError,
    "Cannot write a table as 'rows[1]' must be of length 2: current value is of length 1",
  );
  assertThrows(
    () => table([{ title: "a" }], [[{ value: 1, share: 1.5 }]]),
    RangeError,
    "'rows[0][0].share'",
  );
});
