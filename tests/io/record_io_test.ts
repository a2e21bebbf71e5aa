import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  encodeRecord,
  parseRecordIndex,
  readRecord,
  RECORD_MAGIC,
} from "../../src/io/record_io.ts";
import {
  encodeLabelledRecord,
  parseLabelledRecord,
} from "../../src/io/record_label.ts";
import { cutImage, images, records } from "./golden_containers.ts";

/** Calls `use` with a file of these bytes, open. */
function withFile<T>(bytes: Uint8Array, use: (file: Deno.FsFile) => T): T {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(path, bytes);
    using file = Deno.openSync(path);
    return use(file);
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test("records laid out as MXNet's are read, those in parts too", () => {
  const { rec, idx } = records.insightface;
  withFile(rec, (file) => {
    const entries = parseRecordIndex(idx, "train.idx");
    assertEquals(entries.map(({ key }) => key), [0, 1, 2, 3, 4, 5, 6]);
    const read = entries.map(({ offset }) =>
      parseLabelledRecord(readRecord(file, offset).content)
    );
    assertEquals(read.map(({ label }) => [...label]), [
      [5, 7],
      [0],
      [0, 1],
      [1],
      new Array(12).fill(1),
      [1, 3],
      [3, 5],
    ]);
    assertEquals(read.map(({ id }) => Number(id)), [0, 1, 2, 3, 4, 5, 6]);
    assertEquals(read.map(({ content }) => content), [
      new Uint8Array(),
      images[0],
      images[1],
      cutImage,
      images[3],
      new Uint8Array(),
      new Uint8Array(),
    ]);
    // Each ends where the next begins, and only as much is read as is asked for.
    for (const [i, { offset }] of entries.entries()) {
      const { content, end } = readRecord(file, offset, 30);
      assertEquals(end, entries[i + 1]?.offset ?? rec.length);
      assert(content.length <= 30);
      const whole = readRecord(file, offset).content;
      assertEquals(content, whole.slice(0, 30));
    }
  });
});

Deno.test("records are written byte for byte as MXNet writes them", () => {
  const { rec } = records.insightface;
  const own = [
    encodeLabelledRecord([5, 7], 0),
    encodeLabelledRecord([0], 1, images[0]),
    encodeLabelledRecord([0, 1], 2, images[1]),
    encodeLabelledRecord([1], 3, cutImage),
    encodeLabelledRecord(new Array(12).fill(1), 4, images[3]),
    encodeLabelledRecord([1, 3], 5),
    encodeLabelledRecord([3, 5], 6),
  ].map(encodeRecord);
  assertEquals(Uint8Array.from(own.flatMap((bytes) => [...bytes])), rec);
});

Deno.test("any content comes back, wherever it holds the magic number", () => {
  const magic = new Uint8Array(Uint32Array.of(RECORD_MAGIC).buffer);
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 9 }).map((bytes) => [...bytes]),
    fc.constant([...magic]),
  );
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const content = Uint8Array.from(pieces.flat());
    const bytes = encodeRecord(content);
    assertEquals(bytes.length % 4, 0);
    const read = withFile(bytes, (file) => readRecord(file, 0));
    assertEquals([read.content, read.end], [content, bytes.length]);
  }));
});

Deno.test("a container that is cut short or changed is refused with a sentence", () => {
  const { rec } = records.plain;
  const change = fc.record({
    at: fc.nat(300),
    value: fc.nat(255),
    cut: fc.nat(400),
  });
  fc.assert(fc.property(change, fc.nat(300), ({ at, value, cut }, offset) => {
    const bytes = rec.slice(0, cut);
    if (at < bytes.length) bytes[at] = value;
    withFile(bytes, (file) => {
      try {
        const { content } = readRecord(file, offset);
        parseLabelledRecord(content);
      } catch (error) {
        assert(error instanceof SyntaxError, String(error));
        assert(error.message.startsWith("Cannot read "), error.message);
      }
    });
  }));
  const cases: [Uint8Array, string][] = [
    [rec.slice(0, 4), "must be complete"],
    [rec.slice(0, 20), "must be complete, with"],
    [new Uint8Array(8), "must be begun by the magic number ced7230a"],
    // Flag 2 first; and a first part that a whole record follows.
    [part(2, 0), "with a flag of 0 or 1 in its first part"],
    [Uint8Array.of(...part(1, 0), ...part(0, 0)), "with a flag of 2 or 3"],
    // 512 MB are announced, and none are there.
    [part(0, 2 ** 29 - 1), "must be complete, with 536870911 bytes"],
  ];
  for (const [bytes, sentence] of cases) {
    assertThrows(
      () => withFile(bytes, (file) => readRecord(file, 0)),
      SyntaxError,
      sentence,
    );
  }
});

function part(flag: number, length: number): Uint8Array {
  const words = Uint32Array.of(RECORD_MAGIC, flag * 2 ** 29 + length);
  return new Uint8Array(words.buffer);
}

Deno.test("a labelled record that is shorter than its header says is refused", () => {
  assertThrows(
    () => parseLabelledRecord(new Uint8Array(23)),
    SyntaxError,
    "must be at least 24 bytes long, its header and 0 labels: current value is 23 bytes",
  );
  const header = encodeLabelledRecord([1, 2, 3], 0);
  assertThrows(
    () => parseLabelledRecord(header.subarray(0, 32)),
    SyntaxError,
    "at least 36 bytes long",
  );
});

Deno.test("an index with other lines or a number twice is refused by its line", () => {
  for (
    const [text, line] of [["0\t0\n1 8\n", 2], ["0\t0\n0\t8", 2], ["x", 1], [
      "-1\t0",
      1,
    ]] as const
  ) {
    assertThrows(
      () => parseRecordIndex(text, "train.idx"),
      SyntaxError,
      `line ${line} of 'train.idx'`,
    );
  }
  const keys = parseRecordIndex("9\t40\r\n2\t0\r\n", "x").map(({ key }) => key);
  assertEquals(keys, [2, 9]);
});
