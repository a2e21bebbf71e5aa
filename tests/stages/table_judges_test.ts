import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Dataset, ImageSet } from "../../src/data/mod.ts";
import { gatherPixels } from "../../src/data/mod.ts";
import { encodePng } from "../../src/io/mod.ts";
import { setsJudge } from "../../src/stages/mod.ts";
import { averageColumn } from "../../src/stages/table_judges.ts";
import { testOnBackends } from "../support/backends.ts";
import { colourPeople, colours } from "./colour_people.ts";

/** A list of pairs, as of a container: every pair of neighbours, 20 to a set. */
function listOf(sets: { [group: string]: ImageSet }): Dataset {
  const records: Dataset["records"] = [];
  const pairs: NonNullable<Dataset["pairs"]> = [];
  for (const [group, set] of Object.entries(sets)) {
    const { height, width } = set;
    const start = records.length;
    for (let i = 0; i < set.count; i++) {
      records.push({
        path: `${group}/${i}.png`,
        identity: set.identities[set.labels[i]],
        bytes: () =>
          encodePng({ pixels: gatherPixels(set, [i]), height, width }),
      });
    }
    for (let k = 0; k + 2 < set.count && k < 20; k++) {
      const second = k + 1;
      pairs.push({
        first: start + k,
        second: start + second,
        same: set.labels[k] === set.labels[second],
        group,
      });
    }
  }
  return {
    layout: "bin",
    protocol: "Neighbours.",
    records,
    pairs,
    problems: [],
  };
}

testOnBackends(
  "setsJudge() has a column for each set and their mean, in percent, with a protocol each",
  async () => {
    const judge = setsJudge({
      easy: colourPeople(8, 4),
      hard: colourPeople(8, 4, { name: "odd", share: 1 }),
    }, { source: "colours" });
    assertEquals(judge.columns, ["easy", "hard", "average of 2"]);
    assertEquals(judge.headlines, ["average of 2"]);
    const { values, protocols, absent } = await judge.judge(colours, {});
    assertEquals(values.easy, 100);
    assert(values.hard < 75);
    assertAlmostEquals(values["average of 2"], (100 + values.hard) / 2, 1e-12);
    assertEquals(Object.keys(protocols), ["easy", "hard"]);
    assertEquals([protocols.hard.counts.images, absent], [32, {}]);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "setsJudge() calls listed sets as the paper does, and their mean the average only where all five are there",
  async () => {
    const names = ["lfw", "agedb_30", "cfp_fp", "calfw", "cplfw"];
    const people = colourPeople(8, 3);
    const sets = Object.fromEntries(names.map((name) => [name, people]));
    const judge = setsJudge(listOf(sets), { source: "five lists" });
    assertEquals(judge.columns, [
      "LFW",
      "AgeDB-30",
      "CFP-FP",
      "CALFW",
      "CPLFW",
      "average",
    ]);
    const one = setsJudge(listOf({ lfw: people }), { source: "one" });
    assertEquals(one.columns, ["LFW", "average of 1"]);
    const { values } = await one.judge(colours, {});
    assert(values.LFW > 90, `${values.LFW}`);
    assertEquals(values["average of 1"], values.LFW);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "setsJudge() finds the test images of all sets among others, once per name",
  async () => {
    const [a, b] = [colourPeople(4, 3), colourPeople(4, 3, { name: "b" })];
    const found = await setsJudge({ a, b }, { source: "" })
      .overlap(
        { "the first": a, nobody: colourPeople(1, 1, { name: "c" }) },
        {},
      );
    assertEquals(found.map(({ name }) => name), ["the first", "nobody"]);
    assertEquals(found[0].affected >= 12, true);
    const listed = await setsJudge(listOf({ a }), { source: "" })
      .overlap({ "the first": a }, {});
    // The last record is in no pair.
    assertEquals(listed[0].affected, 11);
  },
  { backends: ["wasm"] },
);

Deno.test("averageColumn() names other means than the paper's by their number", () => {
  assertEquals(averageColumn(["b", "a"], ["a", "b"]), "average");
  assertEquals(averageColumn(["a", "c"], ["a", "b"]), "average of 2");
});
