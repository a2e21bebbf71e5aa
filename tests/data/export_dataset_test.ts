import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { parquetReadObjects } from "hyparquet";
import sharp from "sharp";
import { digestBytes } from "../../src/core/mod.ts";
import {
  casiaLayout,
  type ExportDatasetOptions,
  folderLayout,
  market1501Layout,
  readDataset,
  readImages,
  type SyntheticImage,
  webDatasetLayout,
} from "../../src/data/mod.ts";
import { decodeImage } from "../../src/io/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { filesBelow, tempFolder } from "../support/temp_folder.ts";
import {
  exportTo,
  IDENTITIES,
  layouts,
  madeImages,
  rowsOf,
} from "./made_images.ts";

/** Every file with its fingerprint. */
const contents = (folder: string) =>
  filesBelow(folder).map((name) => [
    name,
    digestBytes(Deno.readFileSync(`${folder}/${name}`)),
  ]);

Deno.test("a folder holds marked images by identity, manifests and a card", async () => {
  await using folder = await tempFolder();
  const out = `${folder.path}/set`;
  const { count, manifest } = await exportTo(out, folderLayout());
  assertEquals(count, 12);
  assertEquals(
    filesBelow(folder.path),
    [
      "set/README.md",
      ...IDENTITIES.flatMap((name) =>
        [0, 1, 2, 3].map((k) => `set/${name}/0000${k}.png`)
      ),
      "set/manifest.jsonl",
      "set/manifest.parquet",
    ].sort(),
  );
  const rows = await rowsOf(out);
  assertEquals(rows.map(({ label, number }) => [label, number]), [
    ...[0, 1, 2].flatMap((label) => [0, 1, 2, 3].map((k) => [label, k])),
  ]);
  const bytes = Deno.readFileSync(`${out}/${rows[6].path}`);
  assertEquals(rows[6], {
    identity: "cleo",
    number: 2,
    height: 8,
    width: 6,
    seed: 7,
    rewards: { semantic: 0.7, coverage: -2 },
    utility: -0.25,
    parents: ["cleo/0"],
    label: 1,
    path: "cleo/00002.png",
    sha256: digestBytes(bytes),
  });
  const made = madeImages().find(({ identity, number }) =>
    identity === "cleo" && number === 2
  )!;
  assertClose((await decodeImage(bytes)).pixels, made.pixels, 1 / 255);
  const card = await Deno.readTextFile(`${out}/README.md`);
  assertStringIncludes(card, "12 images of 3 identities, 4 each, 8 x 6 pixels");
  assertStringIncludes(card, "| a \\| stream | MIT | core/random |");
  assertStringIncludes(card, manifest);
  assertEquals(
    manifest,
    digestBytes(Deno.readFileSync(`${out}/manifest.jsonl`)),
  );
});

Deno.test("every type of file carries its provenance in XMP and EXIF", async () => {
  await using folder = await tempFolder();
  for (const fileType of ["png", "jpeg", "webp"] as const) {
    const out = `${folder.path}/${fileType}`;
    await exportTo(out, folderLayout(), { fileType });
    const ending = fileType === "jpeg" ? "jpg" : fileType;
    const path = `${out}/${IDENTITIES[0]}/00001.${ending}`;
    const { xmp, exif, format } = await sharp(path).metadata();
    assertEquals(format, fileType);
    const mark = new TextDecoder().decode(xmp);
    for (
      const part of [
        "digitalsourcetype/trainedAlgorithmicMedia<",
        "<xmp:CreatorTool>a test<",
        "<outis:seed>7<",
        "<outis:label>ada &#38; bob<",
        "<outis:run>run-1<",
      ]
    ) assertStringIncludes(mark, part);
    assertStringIncludes(new TextDecoder().decode(exif), "Nobody");
  }
});

Deno.test("the Parquet manifest holds what the lines hold", async () => {
  await using folder = await tempFolder();
  const out = `${folder.path}/set`;
  await exportTo(out, folderLayout());
  const { buffer } = Deno.readFileSync(`${out}/manifest.parquet`);
  const table = await parquetReadObjects({ file: buffer });
  const rows = await rowsOf(out);
  assertEquals(
    table,
    rows.map(({ rewards, utility, parents, ...row }) => ({
      ...row,
      utility: utility ?? null,
      parents: parents ?? null,
      reward_semantic: rewards?.semantic,
      reward_coverage: rewards?.coverage,
    })),
  );
});

Deno.test("our readers recognise what was exported", async () => {
  await using folder = await tempFolder();
  for (const format of ["folder", "recordio", "market1501", "casia"]) {
    const out = `${folder.path}/${format}`;
    await exportTo(out, layouts[format]());
    const { records } = await readDataset(out);
    assertEquals(records.length, 12, format);
    assertEquals(new Set(records.map(({ identity }) => identity)).size, 3);
    const set = await readImages(records, { size: { height: 8, width: 6 } });
    assertEquals(set.count, 12);
  }
});

Deno.test("the number of shards changes nothing but where the cuts are", async () => {
  await using folder = await tempFolder();
  const members: string[][] = [];
  const manifests = new Set<string>();
  for (const shards of [1, 2, 5]) {
    const out = `${folder.path}/${shards}`;
    const { manifest } = await exportTo(out, webDatasetLayout({ shards }));
    manifests.add(manifest);
    manifests.add(digestBytes(Deno.readFileSync(`${out}/manifest.jsonl`)));
    const tars = filesBelow(out).filter((name) => name.endsWith(".tar"));
    assertEquals(tars.length, shards);
    // Without the two blocks of zeros at its end, a tar file is its members.
    members.push(tars.map((name) => membersOf(`${out}/${name}`)).flat());
  }
  assertEquals(manifests.size, 1);
  assertEquals(members[0].length, 36);
  assertEquals(members[1], members[0]);
  assertEquals(members[2], members[0]);
});

/** Name and fingerprint of each member, header included. */
function membersOf(path: string): string[] {
  const bytes = Deno.readFileSync(path);
  const text = (from: number, length: number) =>
    new TextDecoder().decode(bytes.subarray(from, from + length))
      .replaceAll("\0", "");
  const members: string[] = [];
  for (let at = 0; bytes[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const end = at + 512 + Math.ceil(size / 512) * 512;
    members.push(`${text(at, 100)} ${digestBytes(bytes.subarray(at, end))}`);
    at = end;
  }
  return members;
}

for (const [format, layout] of Object.entries(layouts)) {
  Deno.test(`an interrupted export of ${format} goes on without doing anything again`, async () => {
    await using folder = await tempFolder();
    const whole = `${folder.path}/whole`;
    await exportTo(whole, layout());
    const out = `${folder.path}/set`;
    const controller = new AbortController();
    await assertRejects(
      () =>
        exportTo(out, layout(), {
          signal: controller.signal,
          onProgress: (done) => done === 5 && controller.abort(),
        }),
      DOMException,
      "aborted",
    );
    assert(!filesBelow(folder.path).some((name) => name.startsWith("set/")));
    let made = 0;
    const progress: number[] = [];
    await exportTo(
      out,
      layout(),
      { onProgress: (done) => progress.push(done) },
      function* (isDone) {
        for (const image of madeImages()) {
          if (isDone(image.identity, image.number)) continue;
          made++;
          yield image;
        }
      },
    );
    assert(made > 0 && made <= 7 && progress[0] === 12 - made, `${made}`);
    assertEquals(contents(out), contents(whole));
    assertEquals(
      filesBelow(folder.path).filter((name) => name.includes("partial")),
      [],
    );
  });
}

Deno.test("what was damaged meanwhile is made anew", async () => {
  await using folder = await tempFolder();
  const out = `${folder.path}/set`;
  const controller = new AbortController();
  await assertRejects(() =>
    exportTo(out, folderLayout(), {
      signal: controller.signal,
      onProgress: (done) => done === 6 && controller.abort(),
    })
  );
  const partial = `${out}.partial`;
  const written = filesBelow(partial).filter((name) => name.endsWith(".png"));
  await Deno.truncate(`${partial}/${written[0]}`, 20);
  await Deno.remove(`${partial}/${written[1]}`);
  // A kill in the middle of a line.
  await Deno.writeTextFile(`${partial}/journal.jsonl`, '{"path":"x', {
    append: true,
  });
  await exportTo(out, folderLayout());
  await exportTo(`${folder.path}/whole`, folderLayout());
  assertEquals(contents(out), contents(`${folder.path}/whole`));
});

Deno.test("an export under another configuration is not gone on with", async () => {
  await using folder = await tempFolder();
  const out = `${folder.path}/set`;
  await assertRejects(() =>
    exportTo(out, folderLayout(), {}, [madeImages()[0], madeImages()[0]])
  );
  const error = await assertRejects(
    () => exportTo(out, folderLayout(), { fileType: "webp" }),
    RangeError,
    "'fileType' must be as in the export that was interrupted",
  );
  assertStringIncludes(error.message, `${out}.partial`);
});

Deno.test("nothing that is there is touched", async () => {
  await using folder = await tempFolder();
  await Deno.writeTextFile(`${folder.path}/mine.txt`, "mine");
  await assertRejects(
    () => exportTo(folder.path, folderLayout()),
    RangeError,
    "'out' must be a new or empty folder, not one that holds mine.txt",
  );
  await assertRejects(
    () => exportTo(`${folder.path}/mine.txt`, folderLayout()),
    RangeError,
    "'out' must be a folder",
  );
  assertEquals(filesBelow(folder.path), ["mine.txt"]);
  await Deno.mkdir(`${folder.path}/empty`);
  await exportTo(`${folder.path}/empty/`, casiaLayout());
  assertEquals(filesBelow(`${folder.path}/empty`).length, 15);
});

Deno.test("two exports to one folder do not mix", async () => {
  await using folder = await tempFolder();
  const out = `${folder.path}/set`;
  let second: unknown;
  await exportTo(out, folderLayout(), {}, async function* () {
    yield* madeImages();
    second = await exportTo(out, folderLayout()).catch((error) => error);
  });
  assertStringIncludes(
    (second as Error).message,
    "'out' must be a folder no other process exports to",
  );
});

Deno.test("images that have no place are refused", async () => {
  await using folder = await tempFolder();
  const [image] = madeImages();
  const refuse = async (
    rule: string,
    images: SyntheticImage[],
    more: Partial<ExportDatasetOptions> = {},
    layout = folderLayout(),
  ) => {
    const out = await Deno.makeTempDir({ dir: folder.path });
    await assertRejects(
      () => exportTo(out, layout, more, images),
      RangeError,
      rule,
    );
    assertEquals(filesBelow(out), []);
  };
  await refuse("'images' must be different", [image, image]);
  await refuse("'images' must be at least one", []);
  await refuse("'identity' must be one", [{ ...image, identity: "eve" }]);
  await refuse("'number' must be a whole", [{ ...image, number: 0.5 }]);
  await refuse("'pixels[0]'", [{ ...image, pixels: image.pixels.fill(NaN) }]);
  await refuse("'quality'", [image], { quality: 0 });
  for (
    const name of [
      "../up",
      "a/b",
      "..",
      "",
      "a\nb",
      "a\\b",
      "README.md",
      "\ud800",
      "é".repeat(128),
    ]
  ) {
    const identity = { ...image, identity: name };
    await refuse("names for folders", [identity], { identities: [name] });
  }
  await refuse("without repetition", [image], { identities: ["a", "a"] });
  const market = market1501Layout();
  const many = Array.from({ length: 1502 }, (_, i) => `p${i}`);
  await refuse("at most 1501", [image], { identities: many }, market);
  await refuse("'camera'", [{ ...image, camera: 7 }], {}, market);
  await refuse("'fileType'", [image], { fileType: "png" }, market);
});

Deno.test("whatever a name is, it is refused or stays inside the folder", async () => {
  await using folder = await tempFolder();
  const [image] = madeImages();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.stringMatching(/^[./\\ a]{0,6}$/),
      ),
      async (identity) => {
        const out = `${folder.path}/${run++}/set`;
        await Deno.mkdir(`${folder.path}/${run - 1}`);
        try {
          await exportTo(out, folderLayout(), { identities: [identity] }, [
            { ...image, identity },
          ]);
        } catch (error) {
          assert(error instanceof RangeError, `${error}`);
          assertEquals(filesBelow(`${folder.path}/${run - 1}`), []);
          return;
        }
        const files = filesBelow(out);
        assertEquals(files.length, 4);
        assert(files.includes(`${identity}/0000${image.number}.png`));
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});
