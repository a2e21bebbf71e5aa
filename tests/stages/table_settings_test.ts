import { assertEquals, assertThrows } from "@std/assert";
import { PAPER_WEIGHTS } from "../../src/rewards/mod.ts";
import {
  ablationMethods,
  printedTable,
  TABLE_NUMBERS,
  tableMethods,
  type TableNumber,
} from "../../src/stages/mod.ts";
import { oncePerSize } from "../../src/stages/table_target.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

Deno.test("tableMethods() names rows that the paper has", () => {
  for (const number of TABLE_NUMBERS) {
    const printed = printedTable(number).rows.map(({ method }) => method);
    const named = tableMethods(number).flatMap(({ printed }) => printed ?? []);
    assertEquals(named.filter((name) => !printed.includes(name)), []);
    assertEquals(named.length, number === 1 ? 3 : 2);
  }
  assertThrows(() => tableMethods(0 as TableNumber), RangeError, "'number'");
});

// Figure 5: base, + selection, + semantic, + coverage, + expression.
Deno.test("ablationMethods() adds one part after the other, up to the whole method", () => {
  const rows = ablationMethods();
  assertEquals(
    rows.map(({ synthetic, selection }) =>
      `${synthetic} ${selection ?? "all"}`
    ),
    [
      "coldStart all",
      "coldStart lookahead",
      "reinforced lookahead",
      "reinforced lookahead",
      "reinforced lookahead",
    ],
  );
  const weights = rows.slice(2).map(({ reinforce }) => reinforce!.weights);
  assertEquals(weights[0], { semantic: 1, coverage: 0, expressive: 0 });
  assertEquals(weights[1], { semantic: 1, coverage: 0.75, expressive: 0 });
  assertEquals(weights[2], PAPER_WEIGHTS);
});

Deno.test("further ways of reinforcement have rows of their own; the first two of an ablation are for all", () => {
  const objectives = {
    policy: { objective: "policy" },
    direct: { objective: "direct", rate: 1e-4 },
  } as const;
  assertEquals(
    tableMethods(2, { direct: objectives.direct }).slice(4).map((row) => [
      row.name,
      row.selection ?? "all",
      row.reinforce?.objective ?? "the table's",
    ]),
    [
      ["Ours without selection", "all", "the table's"],
      ["Ours", "lookahead", "the table's"],
      ["Ours, direct without selection", "all", "direct"],
      ["Ours, direct", "lookahead", "direct"],
    ],
  );
  const rows = ablationMethods(objectives);
  assertEquals(rows.length, 2 + 2 * 3);
  assertEquals(rows.at(-1)!.reinforce, {
    ...objectives.direct,
    weights: PAPER_WEIGHTS,
  });
});

Deno.test("oncePerSize() reads once for each size", async () => {
  const asked: string[] = [];
  const train = oncePerSize(({ height, width }) => {
    asked.push(`${height} x ${width}`);
    return Promise.resolve(tinyFaces(1, 1));
  });
  const [first, , second] = [
    await train({ height: 16, width: 8 }),
    await train({ height: 8, width: 16 }),
    await train({ height: 16, width: 8 }),
  ];
  assertEquals(asked, ["16 x 8", "8 x 16"]);
  assertEquals(first === second, true);
});
