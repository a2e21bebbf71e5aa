import { assertEquals, assertRejects } from "@std/assert";
import { readCuhk03 } from "../../src/data/read_cuhk03.ts";
import { readCuhk03Release } from "../../src/data/read_cuhk03_release.ts";
import { readDataset } from "../../src/data/read_dataset.ts";
import { decodeImage } from "../../src/io/mod.ts";
import { mat } from "../io/golden_containers.ts";
import { folderOf, orSentence } from "./files.ts";

const part = (boxes: string, ...more: string[]) =>
  [
    "bounding_box_train/0001_c1_01.png",
    "bounding_box_train/0001_c2_06.png",
    "query/0002_c1_01.png",
    "bounding_box_test/0002_c2_06.png",
    ...more,
  ].map((name) => `${boxes}/${name}`);

Deno.test("CUHK03-NP is read from detected or labeled, and always says which", async () => {
  await using folder = await folderOf([
    ...part("detected"),
    ...part("labeled", "query/0002_c3_02.png"),
  ]);
  const { path } = folder;
  const detected = await readCuhk03(path);
  assertEquals(
    detected.protocol,
    "CUHK03, new protocol (767/700), detected boxes.",
  );
  assertEquals(detected.problems, []);
  assertEquals(
    detected.records.map((
      { identity, camera, split },
    ) => [identity, camera, split]),
    [
      ["0001", 1, "train"],
      ["0001", 2, "train"],
      ["0002", 1, "query"],
      ["0002", 2, "gallery"],
    ],
  );
  const labeled = await readDataset(path, { boxes: "labeled" });
  assertEquals(
    labeled.protocol,
    "CUHK03, new protocol (767/700), labeled boxes.",
  );
  assertEquals(labeled.problems, [
    `${path}/labeled/query/0002_c3_02.png is left out: camera 3 is none of 1 to 2`,
  ]);
  const inside = await readDataset(`${path}/labeled/`);
  assertEquals(inside, labeled);
  await assertRejects(
    () => readCuhk03(`${path}/labeled`, { boxes: "detected" }),
    RangeError,
    "must hold a folder detected",
  );
});

const release = (files: Record<string, Uint8Array> = {}) =>
  folderOf({ "cuhk-03.mat": mat["cuhk-03"], ...files });
const protocols = {
  "cuhk03_new_protocol_config_detected.mat": mat.compressed,
  "cuhk03_new_protocol_config_labeled.mat": mat.plain,
};

Deno.test("the raw release gives the new protocol, with the images in it", async () => {
  await using folder = await release(protocols);
  const { path } = folder;
  const detected = await readDataset(path);
  assertEquals(
    detected.protocol,
    "CUHK03, new protocol (767/700), detected boxes.",
  );
  assertEquals(detected.problems, []);
  const start = `${path}/cuhk-03.mat#detected/`.length;
  assertEquals(
    detected.records.map(({ path, identity, camera, split }) =>
      `${path.slice(start)} ${identity} ${camera} ${split}`
    ),
    [
      "1_002_1_01 0002 1 train",
      "1_002_1_02 0002 1 train",
      "1_002_2_06 0002 2 train",
      "1_002_2_10 0002 2 train",
      "1_001_1_01 0001 1 query",
      "1_001_2_06 0001 2 query",
      "3_001_1_01 0003 1 query",
      "1_001_1_02 0001 1 gallery",
      "1_001_2_10 0001 2 gallery",
      "3_001_1_02 0003 1 gallery",
      "3_001_2_06 0003 2 gallery",
      "3_001_2_10 0003 2 gallery",
    ],
  );
  // Image 6 of person 2 of pair 1: red 110 + 0; green 201 in the last column of the bottom row of two columns, four rows.
  const image = await decodeImage(await detected.records[2].bytes!());
  assertEquals([image.height, image.width], [4, 2]);
  const levels = Array.from(image.pixels, (x) => Math.round((x + 1) * 127.5));
  assertEquals(levels.slice(0, 6), [110, 0, 0, 110, 0, 77]);
  assertEquals(levels.slice(-3), [110, 201, 0]);

  // In labeled boxes the tenth images are empty: the protocol names them, the release lacks them.
  const labeled = await readDataset(path, { boxes: "labeled" });
  assertEquals(labeled.records.length, 9);
  assertEquals(labeled.problems.length, 3);
  assertEquals(
    labeled.problems[0],
    `1_002_2_10.png of ${path}/cuhk03_new_protocol_config_labeled.mat is left out: it is not in the release`,
  );
});

Deno.test("the raw release gives the classic protocol by its test sets", async () => {
  await using folder = await release();
  const { path } = folder;
  const first = await readDataset(path);
  assertEquals(
    first.protocol,
    "CUHK03, classic protocol (1,367/100), split 0 of 0 to 19, detected boxes.",
  );
  // Six people of four images; split 0 tests on 1_001 and 3_001, split 1 on 1_002 and 3_001.
  const tested = (records: typeof first.records) => [
    ...new Set(
      records.filter(({ split }) => split === "test").map((r) => r.identity),
    ),
  ];
  assertEquals(first.records.length, 24);
  assertEquals(tested(first.records), ["1_001", "3_001"]);
  const second = await readCuhk03Release(path, { split: 1 });
  assertEquals(tested(second.records), ["1_002", "3_001"]);
  const labeled = await readCuhk03Release(path, { boxes: "labeled" });
  assertEquals(labeled.records.length, 18);
  assertEquals(labeled.records[1].camera, 1);
  assertEquals(labeled.records[2].camera, 2);
});

Deno.test("what the raw release lacks is told in a sentence", async () => {
  await using folder = await release();
  const { path } = folder;
  await assertRejects(
    () => readCuhk03Release(path, { protocol: "new" }),
    RangeError,
    `'${path}/cuhk03_new_protocol_config_detected.mat' must be an existing file`,
  );
  await assertRejects(
    () => readCuhk03Release(path, { split: 20 }),
    RangeError,
    "'split' must be a whole number from 0 to 19: current value is 20",
  );
  const cases: [Uint8Array, string][] = [
    [mat.kinds, "must hold cells named filelist: current value is one with"],
    [mat["cuhk-03"], "version word 200"],
    [new Uint8Array(200), "a MAT-file of version 5"],
  ];
  for (const [bytes, sentence] of cases) {
    await using other = await release({
      "cuhk03_new_protocol_config_detected.mat": bytes,
    });
    await assertRejects(() => readDataset(other.path), SyntaxError, sentence);
  }
  await using damaged = await folderOf({ "cuhk-03.mat": mat.plain });
  await assertRejects(() => readDataset(damaged.path), SyntaxError, "HDF5");
  for (let cut = 600; cut < mat["cuhk-03"].length; cut += 5000) {
    await using short = await folderOf({
      "cuhk-03.mat": mat["cuhk-03"].slice(0, cut),
    });
    await orSentence(() => readDataset(short.path));
  }
});
