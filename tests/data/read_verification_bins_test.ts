import { assert, assertEquals, assertRejects } from "@std/assert";
import { readDataset } from "../../src/data/read_dataset.ts";
import { readVerificationBins } from "../../src/data/read_verification_bins.ts";
import { writeVerificationBin } from "../../src/data/write_verification_bin.ts";
import { decodeVerificationBin } from "../../src/io/mod.ts";
import { bins, images, same } from "../io/golden_containers.ts";
import { folderOf } from "./files.ts";

Deno.test("pairs of several files follow each other, images stay in the files", async () => {
  await using folder = await folderOf({
    "lfw.bin": bins["Python 2, protocol 2"],
    "agedb_30.bin": bins["Python 2, protocol 0"],
    "notes.txt": "",
  });
  const { layout, records, pairs, problems } = await readDataset(folder.path);
  assertEquals([layout, problems], ["bin", []]);
  assertEquals(pairs!.map((pair) => pair.same), [...same, ...same]);
  assertEquals(
    records.slice(6).map(({ path, identity, group }) => [
      path.slice(folder.path.length + 1),
      identity,
      group,
    ]),
    [
      ["lfw.bin#0", "lfw-00000", "lfw"],
      ["lfw.bin#1", "lfw-00000", "lfw"],
      ["lfw.bin#2", "lfw-00001-a", "lfw"],
      ["lfw.bin#3", "lfw-00001-b", "lfw"],
      ["lfw.bin#4", "lfw-00002", "lfw"],
      ["lfw.bin#5", "lfw-00002", "lfw"],
    ],
  );
  const contents = await Promise.all(records.map(({ bytes }) => bytes!()));
  assertEquals(contents, [...images, ...images]);
});

Deno.test("a broken file beside sound ones is a problem, alone it is an error", async () => {
  await using folder = await folderOf({
    "lfw.bin": bins["protocol 4"],
    "cfp_fp.bin": bins["protocol 4"].slice(0, 300),
  });
  const { pairs, problems } = await readVerificationBins(folder.path);
  assertEquals([pairs!.length, problems.length], [3, 1]);
  assert(
    problems[0].startsWith(`${folder.path}/cfp_fp.bin is left out: Cannot`),
  );
  const broken = `${folder.path}/cfp_fp.bin`;
  await assertRejects(() => readVerificationBins(broken), SyntaxError, broken);
  await assertRejects(
    () => readVerificationBins(`${folder.path}/nowhere.bin`),
    RangeError,
    "must be an existing file",
  );
  await Deno.remove(broken);
  await Deno.remove(`${folder.path}/lfw.bin`);
  await assertRejects(
    () => readVerificationBins(folder.path),
    RangeError,
    "must hold .bin files",
  );
});

Deno.test("pairs of any data set are written, and read again", async () => {
  await using folder = await folderOf({
    "Ada/Ada_0001.png": images[0],
    "Ada/Ada_0002.png": images[1],
    "Bob/Bob_0001.png": images[2],
    "pairs.txt": "Ada\t1\t2\nAda\t2\tBob\t1\n",
  });
  const path = `${folder.path}/out.bin`;
  const dataset = await readDataset(folder.path);
  await writeVerificationBin(path, dataset);
  const bin = decodeVerificationBin(await Deno.readFile(path));
  assertEquals(bin.same, [true, false]);
  assertEquals(bin.images, [images[0], images[1], images[1], images[2]]);
  // From one container into another, too.
  await writeVerificationBin(`${folder.path}/two.bin`, await readDataset(path));
  assertEquals(
    await Deno.readFile(`${folder.path}/two.bin`),
    await Deno.readFile(path),
  );
  await assertRejects(
    () => writeVerificationBin(path, { records: [], pairs: [] }),
    RangeError,
    "'pairs' must be at least one",
  );
  const { records } = dataset;
  await assertRejects(
    () =>
      writeVerificationBin(path, {
        records,
        pairs: [{ first: 0, second: 9, same: true }],
      }),
    RangeError,
    "'pairs[0]' must name two of 3 records: current value is 9",
  );
});
