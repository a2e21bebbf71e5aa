import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parsePairs } from "../../src/data/parse_pairs.ts";
import { readDataset } from "../../src/data/read_dataset.ts";
import { readPairs } from "../../src/data/read_pairs.ts";
import { folderOf, orSentence } from "./files.ts";

const images = [
  "lfw/Ada/Ada_0001.jpg",
  "lfw/Ada/Ada_0002.JPG",
  "lfw/Bob_Lee/Bob_Lee_0001.png",
  "lfw/Bob_Lee/Bob_Lee_0010.jpg",
];
const empty = Object.fromEntries(images.map((name) => [name, ""]));
// Two folds of one same and one different pair.
const list =
  "2\t1\nAda\t1\t2\nAda\t1\tBob_Lee\t1\nBob_Lee\t1\t10\nBob_Lee\t10\tAda\t2\n";

Deno.test("LFW's list gives pairs in folds", async () => {
  await using folder = await folderOf({ ...empty, "pairs.txt": list });
  const { layout, records, pairs, problems, protocol } = await readDataset(
    folder.path,
  );
  assertEquals(layout, "pairs");
  assertEquals(problems, []);
  assertEquals(
    records.map(({ path }) => path),
    images.map((name) => `${folder.path}/${name}`),
  );
  assertEquals(pairs, [
    { first: 0, second: 1, same: true, fold: 0 },
    { first: 0, second: 2, same: false, fold: 0 },
    { first: 2, second: 3, same: true, fold: 1 },
    { first: 3, second: 1, same: false, fold: 1 },
  ]);
  assertEquals(
    protocol,
    "Verification pairs in 2 folds, as the list gives them.",
  );
});

Deno.test("images may lie beside the list, and names be written with other accents", async () => {
  await using folder = await folderOf({
    ["Jose\u0301/Jose\u0301_0001.jpg"]: "",
    ["Jose\u0301/Jose\u0301_0002.jpg"]: "",
    "my_pairs.txt": "Jos\u00e9\t1\t2\n",
  });
  const { pairs, problems } = await readDataset(folder.path);
  assertEquals(problems, []);
  assertEquals(pairs, [{ first: 0, second: 1, same: true }]);
});

Deno.test("pairs of missing images are left out and named; folds stay", async () => {
  const text = list.replace("Bob_Lee\t1\t10", "Bob_Lee\t1\t11") + "Ada\n";
  await using folder = await folderOf({ ...empty, "pairs.txt": text });
  const { path } = folder;
  const { pairs, problems } = await readPairs(path);
  assertEquals(pairs!.map(({ fold }) => fold), [0, 0, 1]);
  assertEquals(problems, [
    `Line 6 of ${path}/pairs.txt is left out: not a name and two numbers, or two names with a number each`,
    `${path}/pairs.txt announces 4 pairs and holds 5`,
    `Line 4 of ${path}/pairs.txt is left out: there is no ${path}/lfw/Bob_Lee/Bob_Lee_0011.jpg`,
  ]);
});

Deno.test("folders without a list, without the people, or without the images are refused", async () => {
  const cases: [Record<string, string>, string][] = [
    [
      { ...empty, "a_pairs.txt": list, "b_pairs.txt": list },
      "must hold pairs.txt: current value is one with a_pairs.txt, b_pairs.txt",
    ],
    [{ "lfw/Eve/Eve_0001.jpg": "", "pairs.txt": list }, "one without Ada"],
    [{ "Ada/Ada_0009.jpg": "", "pairs.txt": list }, "must hold images that"],
  ];
  for (const [files, sentence] of cases) {
    await using folder = await folderOf(files);
    await assertRejects(() => readPairs(folder.path), RangeError, sentence);
  }
  await using folder = await folderOf({ ...empty, "pairs.txt": "10\t300\n" });
  await assertRejects(
    () => readPairs(folder.path),
    SyntaxError,
    "announces 6000 pairs and holds 0",
  );
});

Deno.test("lists with one number, spaces and other line ends are understood", () => {
  const [first, second] = parsePairs(
    "\uFEFF1\r\nAda 1 2\r\nAda 3 Bob 4\r\n",
    "x",
  );
  assertEquals(first, {
    first: { name: "Ada", number: 1 },
    second: { name: "Ada", number: 2 },
    same: true,
    line: 2,
  });
  assertEquals([second.second.name, second.same], ["Bob", false]);
  // Names may hold spaces where tabs keep the columns apart.
  assertEquals(parsePairs("Ada L\t1\t2", "x")[0].first.name, "Ada L");
});

Deno.test("names that lead elsewhere are no names", () => {
  for (const name of ["..", ".", "a/b", "a\\b", "a\0"]) {
    assertThrows(() => parsePairs(`${name}\t1\t2\n`, "x"), SyntaxError);
  }
});

Deno.test("any text is a list or refused with a sentence", async () => {
  const line = fc.array(fc.oneof(fc.string(), fc.nat().map(String)), {
    maxLength: 5,
  }).map((columns) => columns.join("\t"));
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(line).map((lines) => lines.join("\n")),
  );
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      await orSentence(() =>
        Promise.resolve().then(() => parsePairs(text, "x"))
      );
    }),
    { numRuns: 500 },
  );
});
