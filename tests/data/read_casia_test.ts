import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { listedLabels } from "../../src/data/record_list.ts";
import { readCasia } from "../../src/data/read_casia.ts";
import { readDataset } from "../../src/data/read_dataset.ts";
import { readRecordFile } from "../../src/data/read_record_file.ts";
import { encodeLabelledRecord, encodeRecord } from "../../src/io/mod.ts";
import { cutImage, images, records } from "../io/golden_containers.ts";
import { folderOf, orSentence } from "./files.ts";

const { insightface, plain } = records;

Deno.test("a container of insightface gives images with the labels of their records", async () => {
  await using folder = await folderOf({
    "train.rec": insightface.rec,
    "train.idx": insightface.idx,
    // As im2rec writes lists, and of one image with another label.
    "train.lst":
      "1\t0.000000\ta/1.jpg\n2\t0\ta/2.jpg\n3\t4\tb/1.jpg\n4\t1\tb/2.jpg\n",
    "property": "2,112,112",
    "lfw.bin": "",
  });
  const path = `${folder.path}/train.rec`;
  const seen: number[][] = [];
  const { layout, records, problems } = await readDataset(folder.path, {
    onProgress: (...where) => seen.push(where),
  });
  assertEquals(layout, "casia");
  assertEquals(
    records.map(({ path, identity, index }) => [path, identity, index]),
    [
      [`${path}#1`, "0000000", 1],
      [`${path}#2`, "0000000", 2],
      [`${path}#3`, "0000001", 3],
      [`${path}#4`, "0000001", 4],
    ],
  );
  const contents = await Promise.all(records.map(({ bytes }) => bytes!()));
  assertEquals(contents, [images[0], images[1], cutImage, images[3]]);
  assertEquals(problems, [
    `${path}#3 has label 1, but 4 in ${folder.path}/train.lst`,
  ]);
  assertEquals(seen, [[0, 7], [7, 7]]);
});

Deno.test("without an index the container is walked through, and gives the same", async () => {
  await using folder = await folderOf({ "a.rec": insightface.rec });
  const { records, problems } = await readCasia(folder.path);
  assertEquals(problems, []);
  assertEquals(records.map(({ index }) => index), [1, 2, 3, 4]);
  assertEquals(await records[2].bytes!(), cutImage);
});

Deno.test("labels that are no whole numbers, or beyond the classes, are left out by name", async () => {
  await using folder = await folderOf({
    "train.rec": plain.rec,
    "train.idx": plain.idx,
    "property": "10,4,3\n",
  });
  const path = `${folder.path}/train.rec`;
  const { records, problems } = await readCasia(path);
  assertEquals(records.map(({ index, identity }) => [index, identity]), [
    [9, "0000002"],
  ]);
  assertEquals(problems, [
    `${path}#3 is left out: its label 0.5 is no whole number from 0 to 16777216`,
    `${path}#7 is left out: its label 12 is none of the 10 of ${folder.path}/train's property file`,
  ]);
});

Deno.test("a container that is cut short gives what is whole and names the rest", async () => {
  const cut = insightface.rec.slice(0, 330);
  await using folder = await folderOf({
    "train.rec": cut,
    "train.idx": insightface.idx + "99\t100000\n",
  });
  const { records, problems } = await readRecordFile(
    `${folder.path}/train.rec`,
  );
  assertEquals(records.map(({ index }) => index), [1, 2]);
  assert(problems.length >= 1);
  for (const problem of problems) {
    assert(
      /train\.rec#\d+ is left out: Cannot read records/.test(problem),
      problem,
    );
  }
  await Deno.remove(`${folder.path}/train.idx`);
  const walked = await readRecordFile(`${folder.path}/train.rec`);
  assertEquals(walked.records.map(({ index }) => index), [1, 2]);
  assertEquals(walked.problems.length, 1);
  assert(walked.problems[0].includes("left out from there on"));
});

Deno.test("indices that point elsewhere, empty and missing containers end in a sentence", async () => {
  const record = encodeRecord(encodeLabelledRecord([3], 0, images[0]));
  const cases: [Record<string, string | Uint8Array>, string][] = [
    [{ "train.rec": "" }, "must hold labelled images"],
    [{ "train.rec": "no container at all" }, "begun by the magic number"],
    [
      { "train.rec": record, "train.idx": "0\t4\n" },
      "must hold labelled images",
    ],
    [{ "train.rec": record, "train.idx": "0\t99999999999\n" }, "must hold"],
    [{ "train.rec": record, "train.idx": "zero\n" }, "line 1 of"],
    [{ "train.rec": encodeRecord(encodeLabelledRecord([3], 0)) }, "no image"],
    [
      { "train.rec": encodeRecord(encodeLabelledRecord([1e30], 0, images[0])) },
      "is no whole number",
    ],
  ];
  for (const [files, sentence] of cases) {
    await using folder = await folderOf(files);
    await assertRejects(() => readCasia(folder.path), SyntaxError, sentence);
  }
  await assertRejects(
    () => readRecordFile("nowhere/train.rec"),
    RangeError,
    "must be an existing file: current value is not there",
  );
  await using folder = await folderOf({ "a.rec": record, "b.rec": record });
  await assertRejects(() => readCasia(folder.path), RangeError, "a.rec, b.rec");
  await Deno.rename(`${folder.path}/b.rec`, `${folder.path}/train.rec`);
  const { records } = await readCasia(folder.path);
  assertEquals(records[0].path, `${folder.path}/train.rec#0`);
});

Deno.test("changed containers are read or refused with a sentence", async () => {
  await using folder = await folderOf([]);
  const path = `${folder.path}/train.rec`;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(600),
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
      async (at, patch) => {
        const bytes = insightface.rec.slice();
        bytes.set(patch, Math.min(at, bytes.length - patch.length));
        await Deno.writeFile(path, bytes);
        await orSentence(async () => {
          const { records } = await readRecordFile(path);
          for (const { bytes } of records) await bytes!();
        });
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("lists of both kinds give labels by record", () => {
  const problems: string[] = [];
  const im2rec = listedLabels(
    "5\t2\t0.5\ta.jpg\n7\t1.0\tb.jpg\n",
    "x",
    problems,
  );
  assertEquals([...im2rec], [[5, 2], [7, 1]]);
  const aligned = listedLabels(
    "1\t/d/a.jpg\t4\n\n0\t/d/b.jpg\t9\n",
    "x",
    problems,
  );
  assertEquals([...aligned], [[1, 4], [2, 9]]);
  assertEquals(problems, []);
  listedLabels("a\tb\n", "train.lst", problems);
  assertEquals(problems, ["Line 1 of train.lst is left out: not a list's"]);
});

Deno.test("CASIA-WebFace as folders is recognised by seven digits", async () => {
  await using folder = await folderOf([
    "0000045/001.jpg",
    "0000099/010.jpg",
    "0000099/002.jpg",
    "0000100/",
  ]);
  const { layout, records, problems } = await readDataset(folder.path);
  assertEquals(layout, "casia");
  assertEquals(
    records.map(({ path }) => path.slice(folder.path.length + 1)),
    ["0000045/001.jpg", "0000099/002.jpg", "0000099/010.jpg"],
  );
  assertEquals(problems, [
    `${folder.path}/0000100 is left out: it holds no image`,
  ]);
});

Deno.test("an interruption stops the reading", async () => {
  await using folder = await folderOf({ "train.rec": insightface.rec });
  await assertRejects(
    () => readDataset(folder.path, { signal: AbortSignal.abort() }),
    DOMException,
  );
});

Deno.test("a folder in the place of a file is refused", async () => {
  const record = encodeRecord(encodeLabelledRecord([3], 0, images[0]));
  await using folder = await folderOf({
    "train.rec": record,
    "train.idx/a": "",
  });
  await assertRejects(
    () => readCasia(folder.path),
    RangeError,
    `'${folder.path}/train.idx' must be an existing file: current value is a folder`,
  );
});
