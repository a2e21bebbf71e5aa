import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type TableCells, tableSummary } from "../../src/stages/mod.ts";
import { cellOf } from "./table_cells.ts";

const methods = [{ name: "Real only", printed: "CASIA subset" }, {
  name: "Ours",
}, { name: "Base DiT" }];
const judge = { columns: ["LFW", "average"], headlines: ["average"] };
const results: TableCells = {
  cells: [
    cellOf("Real only", 0, { LFW: 90, average: 70 }),
    cellOf("Ours", 0, { LFW: 92, average: 71 }),
    cellOf("Real only", 1, { LFW: 91, average: 71 }),
    cellOf("Ours", 1, { average: 73 }, { absent: { LFW: "No pairs." } }),
    cellOf("Real only", 2, { LFW: 92, average: 72 }),
    cellOf("Ours", 2, { LFW: 92, average: 75 }),
  ],
  absent: { "Base DiT": "No prior." },
};
const summaryOf = (seeds: number[], cells = results.cells) =>
  tableSummary({ ...results, cells }, {
    settings: { seeds, methods },
    target: { judge },
  });

// 70, 71, 72: mean 71, deviation 1; t(0.05, 2) = 4.302653, so ± 4.302653 / sqrt(3).
Deno.test("tableSummary() gives means with t intervals over the seeds", () => {
  const { rows } = summaryOf([0, 1, 2]);
  const { mean, halfWidth, values } = rows[0].scores.average;
  assertEquals([mean, values, rows[0].printed], [
    71,
    [70, 71, 72],
    "CASIA subset",
  ]);
  assertAlmostEquals(halfWidth!, 4.30265273 / Math.sqrt(3), 1e-7);
});

Deno.test("tableSummary() leaves out, with its reason, what was not scored under every seed or could not be run", () => {
  const { rows } = summaryOf([0, 1, 2]);
  assertEquals(Object.keys(rows[1].scores), ["average"]);
  assertEquals(rows[1].absent, { LFW: "No pairs." });
  assertEquals(rows[2], {
    name: "Base DiT",
    scores: {},
    absent: { "": "No prior." },
  });
  const unfinished = summaryOf([0, 1, 2, 3]).rows[0];
  assertEquals(
    unfinished.absent.average,
    "It was not scored under every seed.",
  );
});

// Differences 1, 2, 3: mean 2, error 1 / sqrt(3), t = 3.4641, p = 0.0742 with two degrees of freedom.
Deno.test("tableSummary() compares methods under the same seeds in the headline columns", () => {
  const { comparisons } = summaryOf([0, 1, 2]);
  assertEquals(
    comparisons.map((
      { column, method, with: other },
    ) => [column, method, other]),
    [["average", "Ours", "Real only"]],
  );
  const [{ difference, adjusted }] = comparisons;
  assertEquals(difference.mean, 2);
  assertAlmostEquals(difference.t!, 2 * Math.sqrt(3), 1e-12);
  assertAlmostEquals(difference.p!, 0.0741799, 1e-7);
  assertEquals(adjusted, difference.p);
});

Deno.test("tableSummary() of one seed has no interval and no comparison", () => {
  const { rows, comparisons } = summaryOf(
    [0],
    results.cells.filter(({ seed }) => seed === 0),
  );
  assertEquals(rows[0].scores.LFW, { mean: 90, values: [90] });
  assertEquals(comparisons, []);
});

Deno.test("tableSummary() corrects for the number of comparisons in a column", () => {
  const third = [74, 74, 74].map((average, seed) =>
    cellOf("Base DiT", seed, { average })
  );
  const { comparisons } = tableSummary(
    { cells: [...results.cells, ...third], absent: {} },
    { settings: { seeds: [0, 1, 2], methods }, target: { judge } },
  );
  assertEquals(comparisons.length, 3);
  const p = comparisons.map(({ difference }) => difference.p!);
  const least = p.indexOf(Math.min(...p));
  assertAlmostEquals(comparisons[least].adjusted!, 3 * p[least], 1e-12);
  assert(comparisons.every(({ adjusted }, i) => adjusted! >= p[i]));
});
