import { assert, assertEquals } from "@std/assert";
import type { SeenImages } from "../../src/stages/evaluate_reid.ts";
import { subsetImages } from "../../src/data/mod.ts";
import { personsJudge } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { colourPeople, colours } from "./colour_people.ts";

const people = colourPeople(6, 4);
const part = (camera: number, isWanted: (k: number) => boolean): SeenImages => {
  const indices = [...people.labels.keys()].filter((i) => isWanted(i % 4));
  return {
    ...subsetImages(people, indices),
    cameras: indices.map(() => camera),
  };
};
const query = part(1, (k) => k === 0);

testOnBackends(
  "personsJudge() gives mAP and Rank-1 in percent, under the name of the data set",
  async () => {
    const gallery = part(2, (k) => k > 0);
    const judge = personsJudge({ query, gallery }, { name: "M", source: "" });
    assertEquals(judge.columns, ["M mAP", "M Rank-1"]);
    const { values, protocols } = await judge.judge(colours, {});
    assertEquals(values, { "M mAP": 100, "M Rank-1": 100 });
    assertEquals(protocols[""].parameters.feature, "f(x) + f(mirror image)");
    const plain = await personsJudge({ query, gallery }, {
      source: "",
      flip: false,
      reRank: true,
    }).judge(colours, {});
    assertEquals(Object.keys(plain.values), ["mAP", "Rank-1"]);
    assertEquals(plain.protocols[""].parameters.feature, "f(x)");
    const [{ affected }] = await judge.overlap({ queries: query }, {});
    assert(affected >= 6);
  },
  { backends: ["wasm"] },
);

testOnBackends(
  "personsJudge() leaves out, with the reason, what has nothing to be found",
  async () => {
    // All images of a person by the query's camera: nobody can be found.
    const gallery = part(1, (k) => k > 0);
    const judge = personsJudge({ query, gallery }, { source: "" });
    const { values, absent } = await judge.judge(colours, {});
    assertEquals(values, {});
    assert(absent.mAP.length > 0 && absent["Rank-1"].length > 0);
  },
  { backends: ["wasm"] },
);
