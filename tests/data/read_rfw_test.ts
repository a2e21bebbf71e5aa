import { assertEquals, assertRejects } from "@std/assert";
import { readDataset } from "../../src/data/read_dataset.ts";
import { readRfw, RFW_GROUPS } from "../../src/data/read_rfw.ts";
import { bins } from "../io/golden_containers.ts";
import { folderOf } from "./files.ts";

const release = (base: string): Record<string, string> =>
  Object.fromEntries(RFW_GROUPS.flatMap((group) => {
    const image = (person: string, number: number) =>
      `${base}data/${group}/${person}/${person}_000${number}.jpg`;
    return [
      [image("m.01", 1), ""],
      [image("m.01", 3), ""],
      [image("m.02", 1), ""],
      [
        `${base}txts/${group}/${group}_pairs.txt`,
        "m.01\t1\t3\nm.01\t1\tm.02\t1\n",
      ],
    ];
  }));

Deno.test("RFW's groups keep apart, though people have the same names in each", async () => {
  for (const base of ["", "test/"]) {
    await using folder = await folderOf(release(base));
    const { layout, records, pairs, problems } = await readDataset(folder.path);
    assertEquals([layout, problems], ["rfw", []]);
    assertEquals(records.length, 12);
    assertEquals(pairs!.length, 8);
    assertEquals([...new Set(pairs!.map(({ group }) => group))], [
      ...RFW_GROUPS,
    ]);
    for (const { first, second, group, same } of pairs!) {
      const [a, b] = [records[first], records[second]];
      assertEquals([a.group, b.group], [group, group]);
      assertEquals(a.identity === b.identity, same);
    }
  }
});

Deno.test("RFW's .bin files are told apart by the groups in their names", async () => {
  await using folder = await folderOf(Object.fromEntries(
    RFW_GROUPS.map((
      group,
    ) => [`${group.toLowerCase()}_test.bin`, bins["protocol 2"]]),
  ));
  const { layout, records, pairs } = await readDataset(folder.path);
  assertEquals([layout, records.length, pairs!.length], ["rfw", 24, 12]);
  assertEquals(pairs![3], { first: 6, second: 7, same: true, group: "Asian" });
  assertEquals(records[6].group, "Asian");
});

Deno.test("groups, lists and images that are missing are named", async () => {
  await using folder = await folderOf(release(""));
  const { path } = folder;
  const list = `${path}/txts/Indian/Indian_pairs.txt`;
  await Deno.writeTextFile(list, "m.01\t1\t3\nm.09\t1\t2\n");
  const { problems } = await readRfw(path);
  assertEquals(problems, [
    `Line 2 of ${list} is left out: there is no ${path}/data/Indian/m.09/m.09_0001.jpg`,
  ]);
  await Deno.writeTextFile(list, "m.09\t1\t2\n");
  await assertRejects(() => readRfw(path), RangeError, "must hold images that");
  await Deno.remove(list);
  await assertRejects(
    () => readRfw(path),
    RangeError,
    `'${list}' must be an existing file`,
  );
  await Deno.remove(`${path}/data/Asian`, { recursive: true });
  await assertRejects(
    () => readRfw(path),
    RangeError,
    "current value is one without Asian",
  );
  await using bin = await folderOf({ "African.bin": bins["protocol 2"] });
  await assertRejects(
    () => readRfw(bin.path),
    RangeError,
    "one .bin file with Asian in its name",
  );
});
