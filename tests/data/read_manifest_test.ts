import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { readDataset } from "../../src/data/read_dataset.ts";
import { readManifest } from "../../src/data/read_manifest.ts";
import { parquet } from "../io/golden_containers.ts";
import { folderOf, orSentence } from "./files.ts";

const images = { "a/1.png": "", "a/2.png": "", "b/1.png": "" };
const table = `path,identity,camera,group,split,score
b/1.png,12,3,,test,1
a/2.png,7,,"y, z",train,0.25
./a//1.png,7,1,x,train,0.5
`;

Deno.test("a table in CSV is read, sorted by split, identity and path", async () => {
  await using folder = await folderOf({ ...images, "manifest.csv": table });
  const { path } = folder;
  const { layout, records, problems, protocol } = await readDataset(path);
  assertEquals([layout, problems], ["manifest", []]);
  assertEquals(protocol, "Images as listed in manifest.csv.");
  assertEquals(records, [
    { path: `${path}/b/1.png`, identity: "12", camera: 3, split: "test" },
    {
      path: `${path}/a/1.png`,
      identity: "7",
      camera: 1,
      group: "x",
      split: "train",
    },
    { path: `${path}/a/2.png`, identity: "7", group: "y, z", split: "train" },
  ]);
  assertEquals((await readDataset(`${path}/manifest.csv`)).records, records);
});

Deno.test("tables that pyarrow wrote are read, however compressed", async () => {
  for (const [codec, bytes] of Object.entries(parquet)) {
    await using folder = await folderOf({
      ...images,
      "manifest.parquet": bytes,
    });
    const { path } = folder;
    const { records, problems } = await readDataset(path);
    assertEquals(problems, [], codec);
    assertEquals(records, [
      { path: `${path}/b/1.png`, identity: "12", camera: 3 },
      { path: `${path}/a/1.png`, identity: "7", camera: 1, group: "x" },
      { path: `${path}/a/2.png`, identity: "7", group: "y" },
    ]);
  }
  assertEquals(Object.keys(parquet), ["none", "snappy", "zstd", "gzip"]);
});

Deno.test("JSON lines are read", async () => {
  const lines =
    '{"path":"a/1.png","identity":"ada"}\n\n{"path":"b/1.png","identity":3}\n';
  await using folder = await folderOf({ ...images, "manifest.jsonl": lines });
  const { records } = await readDataset(folder.path);
  assertEquals(records.map(({ identity }) => identity), ["3", "ada"]);
});

Deno.test("rows that are wrong are left out and named", async () => {
  const rows = [
    "path,identity,camera",
    "a/1.png,ada,1",
    "a/2.png,,1",
    ",bob,1",
    "b/1.png,bob,front",
    "b/1.png,bob,1.5",
    "a/../a/1.png,eve,1",
    "a/9.png,bob,",
    "a,bob,2",
    "b/1.png,bob,2.0",
  ];
  await using folder = await folderOf({ ...images, "x.csv": rows.join("\n") });
  const { path } = folder;
  const { records, problems } = await readManifest(`${path}/x.csv`);
  assertEquals(records.map(({ identity, camera }) => [identity, camera]), [
    ["ada", 1],
    ["bob", 2],
  ]);
  assertEquals(problems, [
    `Row 2 of ${path}/x.csv is left out: a/2.png has no identity`,
    `Row 3 of ${path}/x.csv is left out: it has no path`,
    `Row 4 of ${path}/x.csv is left out: b/1.png has camera front, which is no whole number`,
    `Row 5 of ${path}/x.csv is left out: b/1.png has camera 1.5, which is no whole number`,
    `Row 6 of ${path}/x.csv is left out: ${path}/a/1.png is in row 1, too`,
    `Row 7 of ${path}/x.csv is left out: there is no ${path}/a/9.png`,
    `Row 8 of ${path}/x.csv is left out: there is no ${path}/a`,
  ]);
});

Deno.test("files that are no table end in a sentence", async () => {
  const cases: [string, string | Uint8Array, string][] = [
    ["x.csv", "", "no rows"],
    ["x.csv", "file,label\na.png,3\n", "current value is one with file, label"],
    ["x.csv", 'path,identity\n"a,b\n', "must be CSV, Parquet or JSON lines"],
    ["x.csv", Uint8Array.of(0xff, 0xfe, 0), "must be CSV"],
    [
      "x.csv",
      "path,identity\nnowhere.png,ada\n",
      "must name images that are there",
    ],
    ["x.jsonl", "{", "must be CSV"],
    ["x.jsonl", "3\n", "no rows"],
    ["x.parquet", "", "must be CSV"],
    ["x.parquet", parquet.zstd.slice(0, 400), "must be CSV"],
  ];
  for (const [name, content, sentence] of cases) {
    await using folder = await folderOf({ [name]: content });
    const error = await assertRejects(() =>
      readManifest(`${folder.path}/${name}`)
    );
    assert(
      error instanceof RangeError || error instanceof SyntaxError,
      `${error}`,
    );
    assert(error.message.startsWith("Cannot read a manifest"), error.message);
    assert(error.message.includes(sentence), error.message);
  }
  await assertRejects(
    () => readManifest("nowhere.csv"),
    RangeError,
    "must be an existing file",
  );
});

Deno.test("any bytes are a table or refused with a sentence", async () => {
  await using folder = await folderOf(images);
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom("a/1.png", "b/1.png", '"', "1"),
  );
  const csv = fc.array(
    fc.array(cell, { maxLength: 4 }).map((row) => row.join(",")),
  )
    .map((rows) => ["path,identity,camera", ...rows].join("\n"));
  const changed = fc.record({ at: fc.nat(), value: fc.nat(255) }).map(
    ({ at, value }) => {
      const bytes = parquet.snappy.slice();
      bytes[at % bytes.length] = value;
      return bytes;
    },
  );
  const read = (name: string, content: string | Uint8Array) =>
    orSentence(async () => {
      const path = `${folder.path}/${name}`;
      await Deno.writeFile(
        path,
        typeof content === "string"
          ? new TextEncoder().encode(content)
          : content,
      );
      await readManifest(path);
    });
  await fc.assert(fc.asyncProperty(csv, (text) => read("x.csv", text)));
  await fc.assert(
    fc.asyncProperty(changed, (bytes) => read("x.parquet", bytes)),
  );
  await fc.assert(
    fc.asyncProperty(fc.string(), (text) => read("x.jsonl", text)),
  );
});
