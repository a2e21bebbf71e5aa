import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "../../src/io/mod.ts";
import { readTable } from "../../src/stages/mod.ts";
import { folderOf } from "../data/files.ts";

const png = await encodePng({
  pixels: new Float32Array(8 * 4 * 3),
  height: 8,
  width: 4,
});

/** Files of Market-1501: `people` to train on, two to find. */
function market(people: number): Record<string, Uint8Array> {
  const name = (person: number, camera: number) =>
    `${String(person).padStart(4, "0")}_c${camera}s1_000001_00.jpg`;
  const files: [string, Uint8Array][] = [];
  for (let person = 1; person <= people; person++) {
    for (const camera of [1, 2]) {
      files.push([`bounding_box_train/${name(person, camera)}`, png]);
    }
  }
  for (const person of [1001, 1002]) {
    files.push([`query/${name(person, 1)}`, png]);
    files.push([`bounding_box_test/${name(person, 2)}`, png]);
  }
  files.push(["bounding_box_test/-1_c1s1_000001_00.jpg", png]);
  return Object.fromEntries(files);
}

/** A folder for each person. */
const folders = (people: number, images: number, below = "") =>
  Object.fromEntries(
    Array.from({ length: people * images }, (_, i) => {
      const person = `p${String(Math.floor(i / images)).padStart(2, "0")}`;
      return [`${below}${person}/${person}_000${i % images + 1}.png`, png];
    }),
  );

Deno.test("readTable() takes training images, queries and gallery of Market-1501 from one folder", async () => {
  await using folder = await folderOf(market(3));
  const target = await readTable(1, { data: folder.path });
  assertEquals(target.judge.columns, [
    "Market-1501 mAP",
    "Market-1501 Rank-1",
  ]);
  assert(target.source.startsWith("6 images of 3 people. "), target.source);
  const train = await target.train({ height: 16, width: 8 });
  assertEquals([train.count, train.height, train.width], [6, 16, 8]);
  // Read once per size.
  assertEquals(await target.train({ height: 16, width: 8 }), train);
  const found = await target.judge.overlap({ train }, {});
  assertEquals(found[0].name, "train");
});

Deno.test("readTable() trains on a subset where that is asked for, and says so", async () => {
  await using folder = await folderOf(market(5));
  const target = await readTable(1, {
    data: folder.path,
    subset: { identities: 2, imagesPerIdentity: 1 },
  });
  const { count } = await target.train({ height: 8, width: 4 });
  assertEquals(count, 2);
  assert(/^2 images of 2 people\..* 2 of 5 identities/.test(target.source));
});

Deno.test("readTable() verifies people kept out of a folder where there is no test set", async () => {
  await using folder = await folderOf(folders(9, 4));
  const target = await readTable(2, { data: folder.path });
  assertEquals(target.judge.columns, ["strangers", "average of 1"]);
  assert(target.judge.source.includes("12 images of 3 of 9 people"));
  const { identities } = await target.train({ height: 8, width: 8 });
  assertEquals(identities, ["p00", "p01", "p02", "p03", "p04", "p05"]);
});

Deno.test("readTable() draws the people kept out by a number, where the data set does not say who they are", async () => {
  await using folder = await folderOf(folders(9, 4));
  const size = { height: 8, width: 8 };
  const trained = async (draw?: number) => {
    const target = await readTable(2, { data: folder.path, draw });
    return { ...target, people: (await target.train(size)).identities };
  };
  const [last, first, again, second] = [
    await trained(),
    await trained(0),
    await trained(0),
    await trained(1),
  ];
  assertEquals(last.people, ["p00", "p01", "p02", "p03", "p04", "p05"]);
  assertEquals(first.people, again.people);
  assert(`${first.people}` !== `${second.people}`);
  assertEquals([first.people.length, second.people.length], [6, 6]);
  assert(first.judge.source.includes("drawn under each seed"));
  assertEquals([first.drawsPeople, last.drawsPeople], [true, undefined]);
  assertEquals(first.key === again.key, true);
  assertEquals(new Set([last.key, first.key, second.key]).size, 3);
  await using listed = await folderOf(market(3));
  await assertRejects(
    () => readTable(1, { data: listed.path, draw: 0 }),
    RangeError,
    "'draw' must be left out",
  );
});

Deno.test("readTable() verifies listed pairs, by groups for the third table", async () => {
  const groups = ["African", "Asian", "Caucasian", "Indian"];
  await using people = await folderOf(folders(2, 2));
  await using pairs = await folderOf({
    ...folders(2, 2),
    "pairs.txt": "p00\t1\t2\np00\t1\tp01\t1\n",
  });
  await using rfw = await folderOf(
    Object.fromEntries(groups.flatMap((group) => [
      [`data/${group}/m.1/m.1_0001.png`, png],
      [`data/${group}/m.1/m.1_0002.png`, png],
      [`txts/${group}/${group}_pairs.txt`, "m.1\t1\t2\n"],
    ])),
  );
  const data = people.path;
  const second = await readTable(2, { data, test: pairs.path });
  assertEquals(second.judge.columns, ["pairs", "average of 1"]);
  const third = await readTable(3, { data, test: rfw.path });
  assertEquals(third.judge.columns, [
    "Caucasian",
    "Indian",
    "Asian",
    "African",
    "average",
    "deviation",
    "error ratio",
  ]);
  await assertRejects(
    () => readTable(3, { data, test: pairs.path }),
    RangeError,
    "pairs without groups",
  );
});

Deno.test("readTable() refuses folders that lack what the table needs, by name", async () => {
  await using people = await folderOf(folders(2, 2));
  await using only = await folderOf(folders(1, 2));
  const data = people.path;
  await assertRejects(
    () => readTable(1, { data }),
    RangeError,
    `'${data}' must hold queries and a gallery: current value is a folder without query`,
  );
  await assertRejects(() => readTable(3, { data }), RangeError, "'--test'");
  await assertRejects(
    () => readTable(2, { data: only.path }),
    RangeError,
    "people enough to keep a third of them",
  );
  await assertRejects(
    () => readTable(2, { data: `${data}/none` }),
    RangeError,
    "none",
  );
});
