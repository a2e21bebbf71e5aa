import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  ablationFigureMethods,
  backboneFigureMethods,
  type ClaimResults,
  claimsPage,
  judgeClaims,
  PAPER_CLAIMS,
  type PaperClaim,
  tableMethods,
  type TableNumber,
} from "../../src/stages/mod.ts";

const claim: PaperClaim = {
  claim: "Ours is better",
  where: "Table 2",
  file: "table_2",
  column: "average",
  better: { row: "Ours", printed: 79.07 },
  than: { row: "Base", printed: 75.65 },
};

const table = (
  rows: { [name: string]: number[] },
  column = "average of 4",
): ClaimResults => ({
  rows: Object.entries(rows).map(([name, values]) => ({
    name,
    scores: { [column]: { values } },
  })),
});

const verdictOf = (
  base: number[],
  ours: number[],
  own: Partial<PaperClaim> = {},
) =>
  judgeClaims([{ ...claim, ...own }], {
    table_2: table({ Base: base, Ours: ours }),
  })[0];

// Differences 1, 2, 3: mean 2, deviation 1, t(0.975, 2) = 4.3027, half width 4.3027 / sqrt(3) = 2.4842.
Deno.test("a claim is undecided where the interval of its difference holds 0, however it leans", () => {
  const { verdict, difference, means, compared } = verdictOf(
    [70, 71, 72],
    [71, 73, 75],
  );
  assertEquals(verdict, "undecided");
  assertAlmostEquals(difference!.halfWidth, 2.4842, 1e-3);
  assertEquals([means, compared], [[73, 71], "average of 4"]);
});

// Differences 3, 3.5, 4: mean 3.5, deviation 0.5, half width 1.242.
Deno.test("a claim holds, or its opposite, where the interval lies on one side; less may be better", () => {
  const [base, ours] = [[70, 71, 72], [73, 74.5, 76]];
  assertEquals(verdictOf(base, ours).verdict, "holds");
  assertEquals(verdictOf(ours, base).verdict, "opposite");
  assertEquals(verdictOf(base, ours, { isLess: true }).verdict, "opposite");
  assertEquals(verdictOf(ours, base, { isLess: true }).verdict, "holds");
});

Deno.test("one seed, or differences without spread, decide nothing, and say why", () => {
  const one = verdictOf([70], [90]);
  assertEquals([one.verdict, one.why], [
    "undecided",
    "One seed has no interval.",
  ]);
  const equal = verdictOf([70, 71], [75, 76]);
  assertEquals(equal.verdict, "undecided");
  assert(equal.why!.includes("no spread"));
});

Deno.test("what is missing leaves a claim not run, with the reason", () => {
  const why = (results: { [file: string]: ClaimResults }) => {
    const [judged] = judgeClaims([claim], results);
    assertEquals(judged.verdict, "not run");
    return judged.why;
  };
  assertEquals(why({}), "There are no results of table_2.");
  assertEquals(
    why({ table_2: table({ Base: [1, 2] }) }),
    'There is no row "Ours".',
  );
  assertEquals(
    why({
      table_2: {
        rows: [{ name: "Ours", scores: {}, absent: { "": "No prior." } }],
      },
    }),
    '"Ours": No prior.',
  );
  assertEquals(
    why({ table_2: table({ Base: [1], Ours: [2] }, "mAP") }),
    '"Ours": there is no column average.',
  );
});

// Two claims with p = 0.01 and 0.2, say: Holm doubles the first and leaves the second.
Deno.test("p-values are corrected over all claims that were judged", () => {
  const results = {
    table_2: table({
      Base: [70, 71, 72],
      Ours: [73, 74.5, 76],
      Odd: [70, 73, 72],
    }),
  };
  const [first, second, none] = judgeClaims([
    claim,
    { ...claim, better: { row: "Odd" } },
    { ...claim, file: "table_3" },
  ], results);
  assertAlmostEquals(first.adjusted!, 2 * first.difference!.p!, 1e-12);
  assertAlmostEquals(second.adjusted!, second.difference!.p!, 1e-12);
  assertEquals(none.adjusted, undefined);
});

Deno.test("every claim is about rows and columns that tables and figures have", () => {
  const objectives = { "policy gradient": {}, "direct gradient": {} };
  const rowsOf = (number: TableNumber) =>
    tableMethods(number, { "direct gradient": {} }).map(({ name }) => name);
  const linesOf = ({ groups }: ReturnType<typeof ablationFigureMethods>) =>
    groups.flatMap(({ name, steps }) =>
      steps.map(({ label }) => `${name}: ${label}`)
    );
  const there: { [file: string]: string[] } = {
    table_1: rowsOf(1),
    table_2: rowsOf(2),
    table_3: rowsOf(3),
    figure_5: linesOf(ablationFigureMethods(objectives)),
    figure_6: linesOf(backboneFigureMethods({ CNN: {}, ViT: {} })),
  };
  const columns: { [file: string]: string[] } = {
    table_1: ["mAP", "Rank-1"],
    table_3: ["average", "deviation"],
    figure_6: ["mAP", "Rank-1"],
  };
  for (const { file, column, better, than } of PAPER_CLAIMS) {
    for (const { group, row } of [better, than]) {
      const name = group === undefined ? row : `${group}: ${row}`;
      assert(there[file].includes(name), `${file} has no ${name}`);
    }
    assert((columns[file] ?? ["average"]).includes(column));
  }
  const names = PAPER_CLAIMS.map(({ file, claim }) => `${file} ${claim}`);
  assertEquals(new Set(names).size, names.length);
});

Deno.test("the page says how many hold, by which rule, each with the paper's difference and ours", () => {
  const claims = judgeClaims([
    claim,
    {
      ...claim,
      claim: "Base is better",
      better: claim.than,
      than: claim.better,
    },
    { ...claim, claim: "Odd is better", better: { row: "Odd" } },
    { ...claim, claim: "Nobody is better", better: { row: "Nobody" } },
    { ...claim, claim: "Nobody knows", file: "table_3" },
  ], {
    table_2: table({
      Base: [70, 71, 72],
      Ours: [73, 74.5, 76],
      Odd: [70, 73, 72],
    }),
  });
  const { markdown, json } = claimsPage({
    claims,
    command: "deno task outis claims",
    made: { table_2: "deno task table 2" },
    notes: "## Why not\n\nBecause.",
  });
  for (
    const text of [
      "Of 3 comparisons 1 hold, for 1 the opposite holds, 1 are undecided at this size; 2 were not run.",
      "From `deno task table 2`.",
      "| Ours is better | Table 2 | 3.42 | 74.50 against 71.00 | 3.50 ± 1.24 |",
      "| **holds** |",
      "| **the opposite holds** |",
      "undecided at this size, leans to it",
      "| Nobody is better | Table 2 | – |  | – |  | not run<sup>a</sup> |",
      "Without results here: Groups (Table 3).",
      "## Why not\n\nBecause.\n\n## Rule",
    ]
  ) assert(markdown.includes(text), `${text}\n${markdown}`);
  const verdicts = JSON.parse(json).claims
    .map(({ verdict }: { verdict: string }) => verdict);
  assertEquals(verdicts, [
    "holds",
    "opposite",
    "undecided",
    "not run",
    "not run",
  ]);
});
