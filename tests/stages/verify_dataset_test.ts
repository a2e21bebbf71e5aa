import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { openExported } from "../../src/data/mod.ts";
import { encodeRecord } from "../../src/io/mod.ts";
import { exportImages, verifyDataset } from "../../src/stages/mod.ts";
import { exportTo, layouts, madeImages, rowsOf } from "../data/made_images.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { tinyFaces } from "../support/tiny_prior.ts";

for (const [name, layout] of Object.entries(layouts)) {
  Deno.test(`verifyDataset() finds that everything holds of an export as ${name}`, async () => {
    await using folder = await tempFolder();
    const { manifest } = await exportTo(`${folder.path}/set`, layout());
    const found = await verifyDataset(`${folder.path}/set`);
    assertEquals(found.findings, []);
    assertEquals(
      [found.passed, found.listed, found.stored, found.verified],
      [true, 12, 12, 12],
    );
    assertEquals(found.manifest, manifest);
    assertEquals(found.origins, [
      { generator: "a test", run: "run-1", images: 12 },
    ]);
  });
}

Deno.test("verifyDataset() counts and lists what is missing, extra, altered, stripped and contradictory", async () => {
  await using folder = await tempFolder();
  const set = `${folder.path}/set`;
  await exportTo(set, layouts.folder());
  const file = (number: number) => `${set}/cleo/0000${number}.png`;
  await Deno.remove(file(0));
  await Deno.copyFile(file(1), `${set}/cleo/extra.png`);
  // A pixel changed, the mark kept: altered. Re-encoded without: altered and stripped. Another's image: says another label.
  const kept = await sharp(file(1)).negate({ alpha: false }).keepMetadata()
    .png().toBuffer();
  await Deno.writeFile(file(1), kept);
  await Deno.writeFile(file(2), await sharp(file(2)).png().toBuffer());
  await Deno.copyFile(`${set}/nobody 3/00003.png`, file(3));
  const found = await verifyDataset(set);
  assertEquals(
    found.findings.map(({ path, fault }) => `${path} ${fault}`),
    [
      "cleo/00000.png missing",
      "cleo/00001.png altered",
      "cleo/00002.png altered",
      "cleo/00002.png stripped",
      "cleo/00003.png altered",
      "cleo/00003.png contradictory",
      "cleo/extra.png extra",
    ],
  );
  assertEquals(found.counts, {
    missing: 1,
    extra: 1,
    altered: 3,
    stripped: 1,
    contradictory: 1,
    unhashed: 0,
  });
  assertEquals([found.passed, found.verified], [false, 8]);
  assertEquals(
    found.findings[5].reason,
    "it says label nobody 3, the manifest cleo",
  );
});

Deno.test("verifyDataset() finds a manifest that is not the card's", async () => {
  await using folder = await tempFolder();
  const set = `${folder.path}/set`;
  await exportTo(set, layouts.casia());
  const lines = await Deno.readTextFile(`${set}/manifest.jsonl`);
  await Deno.writeTextFile(
    `${set}/manifest.jsonl`,
    lines.replace('"seed":7', '"seed":8'),
  );
  const { findings, counts } = await verifyDataset(set);
  assertEquals(findings.at(-1), {
    path: "manifest.jsonl",
    fault: "altered",
    reason: "it is not the one the card tells of",
  });
  assertEquals(counts.contradictory, 1); // the image of that line says 7
});

Deno.test("verifyDataset() looks into tar shards: bytes, labels, lines, and shards that break off", async () => {
  await using folder = await tempFolder();
  const set = `${folder.path}/set`;
  await exportTo(set, layouts.webdataset());
  const shard = `${set}/shard-000001.tar`;
  const bytes = await Deno.readFile(shard);
  const text = new TextDecoder("latin1").decode(bytes);
  const change = async (from: string, to: string) => {
    const at = text.indexOf(from);
    assert(at > 0);
    const own = bytes.slice();
    own.set(new TextEncoder().encode(to), at);
    await Deno.writeFile(shard, own);
    const { findings } = await verifyDataset(set);
    await Deno.writeFile(shard, bytes);
    return findings.map(({ fault, reason }) => `${fault}: ${reason}`);
  };
  assertEquals(await change('"seed":7', '"seed":9'), [
    "altered: the line beside it is not that of the manifest",
  ]);
  assertEquals(await change("<outis:seed>7<", "<outis:seed>9<"), [
    "altered: its hash is not that of the manifest",
    "contradictory: it says seed 9, the manifest 7",
  ]);
  await Deno.writeFile(shard, bytes.subarray(0, bytes.length / 2));
  const broken = await verifyDataset(set);
  assert(broken.counts.missing > 0 && broken.counts.altered === 1);
  await Deno.remove(shard);
  assertEquals((await verifyDataset(set)).counts.missing, 4);
});

Deno.test("verifyDataset() looks into record files: bytes and labels", async () => {
  await using folder = await tempFolder();
  const set = `${folder.path}/set`;
  await exportTo(set, layouts.recordio());
  const rec = `${set}/train.rec`;
  const bytes = await Deno.readFile(rec);
  const offset = Number(
    /^1\t(\d+)$/m.exec(await Deno.readTextFile(`${set}/train.idx`))![1],
  );
  const header = encodeRecord(new Uint8Array()).length;
  new DataView(bytes.buffer).setFloat32(offset + header + 4, 2, true);
  await Deno.writeFile(rec, bytes);
  const { findings } = await verifyDataset(set);
  assertEquals(findings, [{
    path: "train.rec#1",
    fault: "altered",
    reason: "its container gives it label 2, the manifest 0",
  }]);
});

Deno.test("verifyDataset() checks what a run holds, and says where an older run has no hashes", async () => {
  await using folder = await tempFolder();
  await exportImages(tinyFaces(2, 2), `${folder.path}/synthetic`, {
    description: "A procedural face",
    manifest: { seed: 4, generator: "procedural", run: "a run" },
  });
  const found = await verifyDataset(folder.path);
  assertEquals([found.passed, found.storage, found.verified], [true, "run", 4]);
  assertEquals(found.origins, [{
    generator: "procedural",
    run: "a run",
    images: 4,
  }]);
  const file = `${folder.path}/synthetic/manifest.json`;
  const list = JSON.parse(await Deno.readTextFile(file));
  for (const image of list.images) delete image.sha256;
  await Deno.writeTextFile(file, JSON.stringify(list));
  const older = await verifyDataset(folder.path);
  assertEquals([older.passed, older.counts.unhashed], [false, 4]);
});

Deno.test("verifyDataset() stops when asked to", async () => {
  await using folder = await tempFolder();
  await exportTo(`${folder.path}/set`, layouts.folder());
  await assertRejects(
    () => verifyDataset(`${folder.path}/set`, { signal: AbortSignal.abort() }),
    DOMException,
  );
});

Deno.test("openExported() refuses other folders and manifests in one sentence", async () => {
  await using folder = await tempFolder();
  const { path } = folder;
  const refuses = (
    kind: typeof RangeError | typeof SyntaxError,
    part: string,
  ) => assertRejects(() => openExported(path), kind, part);
  await assertRejects(
    () => openExported(`${path}/none`),
    RangeError,
    "must be an existing folder",
  );
  await refuses(RangeError, "must hold manifest.jsonl");
  await Deno.writeTextFile(
    `${path}/manifest.json`,
    '{"schema": 2, "images": []}',
  );
  await refuses(SyntaxError, "a list of images of schema 1");
  const line = (row: object) =>
    Deno.writeTextFile(`${path}/manifest.jsonl`, JSON.stringify(row) + "\n");
  await line({ file: "1.png" });
  await refuses(SyntaxError, "line 1 of");
  await line({ path: "1.png", identity: "ada" });
  await refuses(SyntaxError, "one with a SHA-256");
  await line({ path: "../1.png", identity: "ada", sha256: "0".repeat(64) });
  await refuses(SyntaxError, "a path inside the folder");
});

Deno.test("openExported() gives the rows that were written", async () => {
  await using folder = await tempFolder();
  const set = `${folder.path}/set`;
  await exportTo(set, layouts.market1501(), {}, madeImages());
  assertEquals((await openExported(set)).rows, await rowsOf(set));
});
