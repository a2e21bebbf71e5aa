import { assertEquals, assertThrows } from "@std/assert";
import type { Dataset } from "../../src/data/mod.ts";
import {
  datasetGroups,
  datasetTask,
} from "../../src/stages/verification_task.ts";

const names = ["ada", "bob", "ada", "cyd", "bob"];
const list: Dataset = {
  layout: "pairs",
  protocol: "A list.",
  records: names.map((identity, i) => ({ path: `${i}.png`, identity })),
  pairs: [
    { first: 4, second: 1, same: true, fold: 0, group: "x" },
    { first: 4, second: 2, same: false, fold: 1, group: "y" },
  ],
  problems: [],
};

Deno.test("datasetTask() looks at images in pairs only, each once", () => {
  const { pairs, images, identities, tested, folds, rule } = datasetTask(
    list,
    "test",
  );
  assertEquals(images, 3);
  assertEquals(
    (tested as Dataset["records"]).map(({ path }) => path),
    ["1.png", "2.png", "4.png"],
  );
  assertEquals([[...pairs.first], [...pairs.second]], [[2, 2], [0, 1]]);
  assertEquals([...pairs.same], [1, 0]);
  assertEquals(folds, new Int32Array([0, 1]));
  const [bob, ada, again] = identities!;
  assertEquals([bob === again, bob === ada], [true, false]);
  assertEquals(rule, "A list.");
});

Deno.test("nobody knows who is in a container", () => {
  const records = list.records.map((record, i) => ({
    ...record,
    path: `lfw.bin#${i}`,
  }));
  assertEquals(datasetTask({ ...list, records }, "test").identities, undefined);
});

Deno.test("folds count only where every pair has one", () => {
  const [first, { fold: _, ...second }] = list.pairs!;
  assertEquals(
    datasetTask({ ...list, pairs: [first, second] }, "test").folds,
    10,
  );
});

Deno.test("datasetGroups() takes pairs without a group together", () => {
  const [first, { group: _, ...second }] = list.pairs!;
  const groups = datasetGroups({ ...list, pairs: [second, first, second] });
  assertEquals(
    Array.from(groups, ([name, { pairs }]) => [name, pairs!.length]),
    [["pairs", 2], ["x", 1]],
  );
});

Deno.test("a list without pairs is refused by its name", () => {
  assertThrows(
    () => datasetTask({ ...list, pairs: [] }, "the set"),
    RangeError,
    "Cannot verify as 'the set' must have pairs, as readPairs, readVerificationBins and readRfw list them: current value is a list without, of layout pairs",
  );
});
