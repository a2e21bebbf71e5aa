import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { readMarket1501 } from "../../src/data/read_market1501.ts";
import { folderOf, orSentence } from "./files.ts";

const release = [
  "bounding_box_train/0002_c1s1_000451_03.jpg",
  "bounding_box_train/0002_c2s1_000301_01.jpg",
  "bounding_box_train/Thumbs.db",
  "bounding_box_test/-1_c1s1_000401_03.jpg",
  "bounding_box_test/0000_c4s6_025116_04.JPG",
  "bounding_box_test/0003_c3s1_000551_00.jpg",
  "bounding_box_test/0003_c1s6_015971_02.jpg",
  "query/0003_c1s1_000451_00.jpg",
  "gt_bbox/0003_c1s1_000451_00.jpg",
  "gt_query/0003_c1s1_000451_00_good.mat",
  "readme.txt",
];

Deno.test("Market-1501's names tell identity, camera and split, junk and distractors", async () => {
  await using folder = await folderOf(release);
  const { layout, records, problems } = await readMarket1501(folder.path);
  assertEquals(problems, []);
  assertEquals(layout, "market1501");
  const start = folder.path.length + 1;
  assertEquals(
    records.map(({ path, ...rest }) => [path.slice(start), rest]),
    [
      ["bounding_box_train/0002_c1s1_000451_03.jpg", {
        identity: "0002",
        camera: 1,
        split: "train",
      }],
      ["bounding_box_train/0002_c2s1_000301_01.jpg", {
        identity: "0002",
        camera: 2,
        split: "train",
      }],
      ["query/0003_c1s1_000451_00.jpg", {
        identity: "0003",
        camera: 1,
        split: "query",
      }],
      ["bounding_box_test/-1_c1s1_000401_03.jpg", {
        identity: "-1",
        camera: 1,
        split: "gallery",
        role: "junk",
      }],
      ["bounding_box_test/0000_c4s6_025116_04.JPG", {
        identity: "0000",
        camera: 4,
        split: "gallery",
        role: "distractor",
      }],
      ["bounding_box_test/0003_c1s6_015971_02.jpg", {
        identity: "0003",
        camera: 1,
        split: "gallery",
      }],
      ["bounding_box_test/0003_c3s1_000551_00.jpg", {
        identity: "0003",
        camera: 3,
        split: "gallery",
      }],
    ],
  );
});

Deno.test("what does not fit is left out and named", async () => {
  await using folder = await folderOf([
    ...release,
    "bounding_box_train/cat.jpg",
    "bounding_box_train/0002_c7s1_000451_03.jpg",
    "bounding_box_train/-1_c1s1_000451_03.jpg",
    "bounding_box_train/more/",
    "bounding_box_test/0002_c2s1_000451_03.jpg",
    "query/notes.txt",
    "query/0004_c1s1_000451_00.jpg",
  ]);
  await Deno.symlink("nowhere", `${folder.path}/query/0005_c1s1_000001_00.jpg`);
  await Deno.symlink("..", `${folder.path}/query/loop`);
  const { path } = folder;
  const { records, problems } = await readMarket1501(path);
  assertEquals(records.length, 7 + 2);
  assertEquals(problems, [
    `${path}/bounding_box_train/more is left out: a folder`,
    `${path}/bounding_box_train/-1_c1s1_000451_03.jpg is left out: junk images belong into bounding_box_test only`,
    `${path}/bounding_box_train/0002_c7s1_000451_03.jpg is left out: camera 7 is none of 1 to 6`,
    `${path}/bounding_box_train/cat.jpg is left out: not named as 0002_c1s1_000451_03.jpg`,
    `${path}/query/0005_c1s1_000001_00.jpg is left out: a link that leads nowhere`,
    `${path}/query/loop is left out: a folder`,
    `${path}/query/notes.txt is left out: not PNG, JPEG or WebP`,
    "Identity 0002 is in the training and the test part",
    `${path}/query/0004_c1s1_000451_00.jpg cannot be searched for: no other camera's gallery image shows 0004`,
  ]);
});

Deno.test("a folder that is no Market-1501 is refused, saying what is missing", async () => {
  await using folder = await folderOf([
    "bounding_box_train/0002_c1s1_000451_03.jpg",
    "bounding_box_test/",
  ]);
  await assertRejects(
    () => readMarket1501(folder.path),
    RangeError,
    "must hold the folders bounding_box_train, query, bounding_box_test: current value is one without query",
  );
  await Deno.mkdir(`${folder.path}/query`);
  await Deno.remove(
    `${folder.path}/bounding_box_train/0002_c1s1_000451_03.jpg`,
  );
  await assertRejects(
    () => readMarket1501(folder.path),
    RangeError,
    "must hold images named as 0002_c1s1_000451_03.jpg",
  );
  await assertRejects(
    () => readMarket1501(`${folder.path}/nowhere`),
    RangeError,
    "must be an existing folder: current value is not there",
  );
});

Deno.test("any file names are read, or named as problems", async () => {
  const name = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
    fc.stringMatching(
      /^-?[0-9]{0,5}_c[0-9]{0,3}s[0-9]_[0-9]{0,7}_0[0-9]\.(jpg|PNG|txt)$/,
    ),
  ).filter((name) =>
    !/[\0\/]/.test(name) && name.isWellFormed() && !/^\./.test(name) &&
    new TextEncoder().encode(name).length < 200
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { maxLength: 6 }), async (names) => {
      await using folder = await folderOf([
        "bounding_box_train/",
        "query/",
        ...names.map((name) => `bounding_box_test/${name}`),
      ]);
      await orSentence(async () => {
        const { records, problems } = await readMarket1501(folder.path);
        for (const name of names) {
          const path = `${folder.path}/bounding_box_test/${name}`;
          const isRead = records.some((record) => record.path === path);
          const isNamed = problems.some((text) => text.startsWith(path));
          assertEquals(isRead, !isNamed, JSON.stringify(name));
        }
      });
    }),
    { numRuns: 60 },
  );
});
