import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  printedTable,
  TABLE_NUMBERS,
  type TableNumber,
} from "../../src/stages/mod.ts";

Deno.test("all printed averages of Tables 2 and 3 recompute but two, which bear a note", () => {
  const marked: string[] = [];
  for (const number of [2, 3] as const) {
    const { average = NaN, rows, columns } = printedTable(number);
    assertEquals(columns[average], "average");
    for (const { method, values, notes } of rows) {
      const parts = values.slice(0, average) as number[];
      // The numbers in hundredths are whole: no rounding but the printed one.
      const sum = parts.reduce(
        (sum, value) => sum + Math.round(100 * value),
        0,
      );
      const gap = Math.abs(sum / parts.length - 100 * values[average]!);
      const note = notes[average];
      if (note) marked.push(`${method} ${values[average]}: ${note}`);
      // Half a hundredth is lost in the average, up to half a one in its parts.
      assertEquals(note !== undefined, gap > 1.001, `${method}: ${gap}`);
    }
  }
  assertEquals(marked, [
    "CASIA subset 78.47: As printed; the numbers of the row have the mean 78.45.",
    "DCFace 72.96: As printed; the numbers of the row have the mean 72.93.",
  ]);
});

Deno.test("the printed Rank-1 that equals its mAP is marked as a probable slip, and no other", () => {
  const { rows } = printedTable(1);
  const marked = rows.filter(({ notes }) => Object.keys(notes).length > 0);
  assertEquals(marked.map(({ method }) => method), ["ResNet-50"]);
  assert(marked[0].notes[1].includes("slip"));
  for (const { method, values: [mAP, rank1] } of rows) {
    assertEquals(rank1! > mAP! + 5, method !== "ResNet-50");
  }
});

Deno.test("every printed row has a percentage or a dash in each column, every method once", () => {
  const sizes = { 1: [11, 4], 2: [8, 6], 3: [8, 5] };
  for (const number of TABLE_NUMBERS) {
    const { rows, columns } = printedTable(number);
    assertEquals([rows.length, columns.length], sizes[number]);
    assertEquals(new Set(rows.map(({ method }) => method)).size, rows.length);
    for (const { values } of rows) {
      assertEquals(values.length, columns.length);
      assert(values.every((v) => v === null || (v > 20 && v < 100)));
    }
    assertEquals(rows.at(-1)!.method, "Ours");
  }
});

Deno.test("printedTable() refuses a table that the paper has not", () => {
  assertThrows(
    () => printedTable(4 as TableNumber),
    RangeError,
    "'number' must be one of 1, 2, 3",
  );
});
