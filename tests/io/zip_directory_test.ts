import { assertEquals, assertRejects } from "@std/assert";
import { openRanges } from "../../src/io/range_reader.ts";
import { readZipDirectory } from "../../src/io/zip_directory.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { type ArchiveRecord, zipArchive } from "./zip_archive.ts";

const one = { name: "a", content: new Uint8Array([1, 2, 3]) };
const two = { name: "b/c", content: new Uint8Array([4]) };

async function directory(folder: string, bytes: Uint8Array) {
  const path = `${folder}/archive.zip`;
  await Deno.writeFile(path, bytes);
  using reader = await openRanges(path);
  const records = readZipDirectory(reader);
  return Array.from(
    records,
    ([name, { offset, size }]) => [name, ...reader.bytes(offset, size)],
  );
}

Deno.test("records are found where they are, behind a comment, too", async () => {
  await using folder = await tempFolder();
  const bytes = zipArchive([one, two]);
  const wanted = [["a", 1, 2, 3], ["b/c", 4]];
  assertEquals(await directory(folder.path, bytes), wanted);
  const commented = new Uint8Array([...bytes, 0x21, 0x21]);
  commented[bytes.length - 2] = 2;
  assertEquals(await directory(folder.path, commented), wanted);
  assertEquals(await directory(folder.path, zipArchive([])), []);
});

Deno.test("archives that contradict themselves are refused", async () => {
  await using folder = await tempFolder();
  const forged = (forge: (entry: DataView) => void): ArchiveRecord[] => [
    one,
    { ...two, forge },
  ];
  const cases: [ArchiveRecord[], string][] = [
    [[one, one], "without repeated names: current value is a"],
    [forged((entry) => entry.setUint32(42, 0, true)), "where its directory"],
    [forged((entry) => entry.setUint32(42, 1e6, true)), "b/c at byte 1000000"],
    [forged((entry) => entry.setUint32(42, 2 ** 32 - 1, true)), "2 records"],
    [forged((entry) => entry.setUint32(20, 99, true)), "before its directory"],
    [forged((entry) => entry.setUint16(28, 9, true)), "2 records"],
    [forged((entry) => entry.setUint16(30, 9, true)), "2 records"],
    [
      [{
        ...one,
        forge: (entry) => {
          entry.setUint32(20, 5, true);
          entry.setUint32(24, 5, true);
        },
      }, two],
      "without overlapping records: current value is b/c",
    ],
  ];
  for (const [records, sentence] of cases) {
    await assertRejects(
      () => directory(folder.path, zipArchive(records)),
      SyntaxError,
      sentence,
    );
  }
  for (const bytes of [[], [0x50, 0x4b, 3, 4], new Array(100).fill(0)]) {
    await assertRejects(
      () => directory(folder.path, Uint8Array.from(bytes)),
      SyntaxError,
      "Cannot read the zip archive",
    );
  }
});

Deno.test("compressed records are told apart, and not refused before they are needed", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/archive.zip`;
  const deflated = {
    ...one,
    forge: (entry: DataView) => entry.setUint16(10, 8, true),
  };
  await Deno.writeFile(path, zipArchive([deflated, two]));
  using reader = await openRanges(path);
  const records = readZipDirectory(reader);
  assertEquals(
    Array.from(records.values(), ({ isStored }) => isStored),
    [false, true],
  );
});
