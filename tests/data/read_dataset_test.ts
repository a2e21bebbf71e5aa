import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { labelRecords } from "../../src/data/image_record.ts";
import { inspectDataset } from "../../src/data/inspect_dataset.ts";
import { readDataset } from "../../src/data/read_dataset.ts";
import { type Layout, LAYOUTS } from "../../src/data/recognise_layout.ts";
import { images } from "../io/golden_containers.ts";
import { folderOf, orSentence } from "./files.ts";

Deno.test("folders of identities are read, perhaps below splits", async () => {
  await using plain = await folderOf(["bob/2.png", "ada/1.JPG", "eve/"]);
  const { layout, records, problems } = await readDataset(`${plain.path}//`);
  assertEquals(layout, "folder");
  assertEquals(records, [
    { path: `${plain.path}/ada/1.JPG`, identity: "ada" },
    { path: `${plain.path}/bob/2.png`, identity: "bob" },
  ]);
  assertEquals(problems, [`${plain.path}/eve is left out: it holds no image`]);

  await using split = await folderOf(["train/ada/1.png", "test/bob/1.png"]);
  const below = await readDataset(split.path);
  assertEquals(below.layout, "folder");
  assertEquals(below.records.map(({ identity, split }) => [identity, split]), [
    ["bob", "test"],
    ["ada", "train"],
  ]);
});

Deno.test("what is empty or unknown is refused by a sentence that names the layouts", async () => {
  await using folder = await folderOf(["a.txt", "b/c/d/e.txt"]);
  const { path } = folder;
  await Deno.mkdir(`${path}/empty`);
  const cases: [string, string][] = [
    [`${path}/empty`, "current value is an empty folder"],
    [path, "current value is a folder with b/, empty/, a.txt"],
    [`${path}/a.txt`, "current value is another file"],
    [`${path}/nowhere`, "current value is not there"],
  ];
  for (const [place, sentence] of cases) {
    const error = await assertRejects(() => readDataset(place), RangeError);
    assert(error.message.startsWith("Cannot recognise a data set as"));
    assert(error.message.endsWith(sentence), error.message);
    for (const name of Object.keys(LAYOUTS)) {
      assert(error.message.includes(name));
    }
  }
  await assertRejects(
    () => readDataset(path, { layout: "imagenet" as Layout }),
    RangeError,
    "'layout' must be one of",
  );
});

Deno.test("every layout says what it misses in a folder that has none of it", async () => {
  await using folder = await folderOf(["a.txt", "b/c.txt"]);
  for (const layout of Object.keys(LAYOUTS) as Layout[]) {
    const error = await assertRejects(
      () => readDataset(folder.path, { layout }),
      RangeError,
    );
    assert(error.message.startsWith("Cannot "), error.message);
    assert(error.message.includes(folder.path), error.message);
  }
});

Deno.test("links that lead in a circle hold nobody", async () => {
  await using folder = await folderOf(["ada/1.png", "bob/1.png"]);
  await Deno.symlink("..", `${folder.path}/ada/up`);
  await Deno.symlink(".", `${folder.path}/self`);
  await Deno.symlink("gone.png", `${folder.path}/bob/2.png`);
  await Deno.symlink("1.png", `${folder.path}/bob/3.png`);
  const { records, problems } = await readDataset(folder.path);
  assertEquals(records.map(({ path }) => path.slice(folder.path.length)), [
    "/ada/1.png",
    "/bob/1.png",
    "/bob/3.png",
  ]);
  assertEquals(problems.length, 6);
  assert(problems.some((text) => text.includes("a link that leads nowhere")));
});

Deno.test("a name that is not UTF-8 is a problem, not the end", async () => {
  await using folder = await folderOf(["ada/1.png"]);
  // Only the shell can make such a name.
  const made = await new Deno.Command("sh", {
    args: ["-c", `touch "$(printf '${folder.path}/ada/\\377.png')"`],
  }).output().catch(() => undefined);
  if (!made?.success) return;
  const { records, problems } = await readDataset(folder.path);
  assertEquals(records.length, 1);
  assert(problems[0].endsWith("is left out: its name is not UTF-8"));
});

Deno.test("any tree of names is read or refused with a sentence", async () => {
  const name = fc.constantFrom(
    ...["bounding_box_train", "query", "bounding_box_test", "detected"],
    ...["labeled", "cuhk-03.mat", "train.rec", "train.idx", "pairs.txt"],
    ...["lfw.bin", "manifest.csv", "manifest.parquet", "data", "txts", "Asian"],
    ...["test", "train", "0000045", "ada", "ada_0001.jpg", "1.PNG", "é.png"],
  );
  const path = fc.array(name, { minLength: 1, maxLength: 4 })
    .map((names) => names.join("/"));
  await fc.assert(
    fc.asyncProperty(
      fc.array(path, { maxLength: 8 }),
      fc.constantFrom(undefined, ...Object.keys(LAYOUTS) as Layout[]),
      async (paths, layout) => {
        await using folder = await folderOf([]);
        for (const path of paths) {
          const whole = `${folder.path}/${path}`;
          const parent = whole.slice(0, whole.lastIndexOf("/"));
          await Deno.mkdir(parent, { recursive: true }).catch(() => {});
          await Deno.writeTextFile(whole, "").catch(() => {});
        }
        await orSentence(() =>
          readDataset(folder.path, layout === undefined ? {} : { layout })
        );
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("labels follow the names, not the order of the records", () => {
  const record = (identity: string) => ({
    path: `${identity}/1.png`,
    identity,
  });
  const { identities, labels } = labelRecords(["b", "é", "B", "b"].map(record));
  assertEquals(identities, ["B", "b", "é"]);
  assertEquals([...labels], [1, 2, 0, 1]);
});

Deno.test("the inspection counts, and finds images that are broken", async () => {
  const other = images[0].slice(0, 60);
  await using folder = await folderOf({
    "bounding_box_train/0002_c1s1_000451_03.png": images[0],
    "bounding_box_train/0002_c2s1_000451_03.png": images[1],
    "bounding_box_train/0003_c2s1_000451_03.png": other,
    "bounding_box_test/0000_c1s1_000451_03.png": images[2],
    "bounding_box_test/-1_c1s1_000451_03.png": images[3],
    "bounding_box_test/0004_c1s1_000451_03.png": images[3],
    "bounding_box_test/cat.png": images[3],
    "query/0004_c2s1_000451_03.png": images[4],
  });
  const { path } = folder;
  const dataset = await readDataset(path);
  const seen: number[] = [];
  const found = await inspectDataset(dataset, {
    onProgress: (done) => seen.push(done),
  });
  assertEquals(seen, [1, 2, 3, 4, 5, 6, 7]);
  const { problems, ...numbers } = found;
  assertEquals(numbers, {
    layout: "market1501",
    protocol: dataset.protocol,
    images: 7,
    identities: 3,
    junk: 1,
    distractors: 1,
    imagesPerIdentity: { least: 1, median: 2, most: 2 },
    sizes: [{ height: 3, width: 4, images: 6 }],
    splits: [
      { name: "train", images: 3, identities: 2 },
      { name: "query", images: 1, identities: 1 },
      { name: "gallery", images: 3, identities: 1 },
    ],
    cameras: [
      { name: "1", images: 4, identities: 2 },
      { name: "2", images: 3, identities: 3 },
    ],
    groups: [],
    pairs: { total: 0, same: 0, different: 0 },
  });
  assertEquals(problems.length, 2);
  assert(
    problems[0].endsWith(
      "cat.png is left out: not named as 0002_c1s1_000451_03.jpg",
    ),
  );
  assert(
    problems[1].startsWith(
      `${path}/bounding_box_train/0003_c2s1_000451_03.png is broken: `,
    ),
  );
  // The beginning of that file is whole: sizes alone do not tell.
  const quick = await inspectDataset(dataset, { images: "size" });
  assertEquals(quick.sizes, [{ height: 3, width: 4, images: 7 }]);
  await assertRejects(
    () => inspectDataset(dataset, { signal: AbortSignal.abort() }),
    DOMException,
  );
});
