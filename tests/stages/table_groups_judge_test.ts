import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { joinImages } from "../../src/data/mod.ts";
import { groupsJudge } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { colourPeople, colours } from "./colour_people.ts";

const easy = colourPeople(6, 4);
const hard = colourPeople(6, 4, { name: "odd", share: 1 });
const images = joinImages(hard, easy);
const grouped = (first: string, second: string) => ({
  images,
  groups: images.identities.map((_, i) => i < 6 ? first : second),
});

testOnBackends(
  "groupsJudge() gives each group, their mean, deviation and error ratio",
  async () => {
    const judge = groupsJudge(grouped("B", "A"), { source: "colours" });
    assertEquals(judge.columns, [
      "B",
      "A",
      "average of 2",
      "deviation",
      "error ratio",
    ]);
    const { values, absent, protocols } = await judge.judge(colours, {});
    assertEquals(values.A, 100);
    assertAlmostEquals(values["average of 2"], (100 + values.B) / 2, 1e-9);
    // Of two values the population deviation is half of their difference.
    assertAlmostEquals(values.deviation, (100 - values.B) / 2, 1e-9);
    // The easy group has no error: a ratio to it is no number.
    assert(!("error ratio" in values) && absent["error ratio"].length > 0);
    assertEquals(protocols[""].counts.images, 48);
  },
  { backends: ["wasm"] },
);

Deno.test("groupsJudge() has RFW's groups in the paper's order, with its average only where all are there", () => {
  const four = {
    images: colourPeople(8, 2),
    groups: ["African", "Asian", "Caucasian", "Indian"].flatMap((g) => [g, g]),
  };
  assertEquals(groupsJudge(four, { source: "" }).columns.slice(0, 5), [
    "Caucasian",
    "Indian",
    "Asian",
    "African",
    "average",
  ]);
  assertEquals(
    groupsJudge(grouped("Indian", "Asian"), { source: "" }).columns[2],
    "average of 2",
  );
});

Deno.test("groupsJudge() refuses a single group", () => {
  assertThrows(
    () => groupsJudge(grouped("A", "A"), { source: "" }),
    RangeError,
    "current value is A",
  );
});
