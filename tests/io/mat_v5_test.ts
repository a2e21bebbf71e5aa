import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { readMat5 } from "../../src/io/mat_v5.ts";
import { mat } from "./golden_containers.ts";

Deno.test("numbers, text and cells that scipy wrote are read", () => {
  const kinds = readMat5(mat.kinds);
  // MATLAB's order: the first index runs fastest.
  const numbers = (shape: number[], ...data: number[]) => ({
    kind: "numbers" as const,
    shape,
    data: Float64Array.from(data),
  });
  assertEquals(kinds.get("whole"), numbers([2, 3], 1, 4, -2, 5, 3, 6));
  assertEquals(kinds.get("real"), numbers([2, 1], 0.5, -1.25));
  assertEquals(kinds.get("single"), numbers([1, 1], 1.5));
  assertEquals(kinds.get("large"), numbers([1, 1], 2 ** 53 - 1));
  assertEquals(kinds.get("truth"), numbers([1, 2], 1, 0));
  assertEquals(kinds.get("nothing"), numbers([0, 0]));
  assertEquals(kinds.get("text"), {
    kind: "text",
    shape: [1, 6],
    text: "café ☂",
  });
  assertEquals(kinds.get("rows"), {
    kind: "text",
    shape: [2, 3],
    text: "abcdef",
  });
  assertEquals(kinds.get("record"), { kind: "other", shape: [1, 1] });
  assertEquals(kinds.get("nested"), {
    kind: "cells",
    shape: [1, 2],
    cells: [numbers([1, 1], 1), { kind: "text", shape: [1, 1], text: "x" }],
  });
});

Deno.test("compressed and plain files hold the same", () => {
  const plain = readMat5(mat.plain);
  assertEquals(readMat5(mat.compressed), plain);
  assertEquals([...plain.keys()].sort(), [
    "camId",
    "filelist",
    "gallery_idx",
    "labels",
    "query_idx",
    "train_idx",
  ]);
});

Deno.test("other files are refused with a sentence", () => {
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(), "0 bytes of another kind"],
    [new Uint8Array(500), "500 bytes of another kind"],
    [mat["cuhk-03"], "version word 200"],
    [Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10), "an HDF5 file"],
    [mat.plain.subarray(0, 200), "must be complete"],
    [mat.compressed.subarray(0, 180), "must be complete"],
  ];
  for (const [bytes, sentence] of cases) {
    assertThrows(() => readMat5(bytes, "split.mat"), SyntaxError, sentence);
  }
});

Deno.test("a changed file is read or refused with a sentence, in no time", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("kinds", "plain", "compressed"),
      fc.nat(5000),
      fc.nat(255),
      fc.nat(5000),
      (name, at, value, cut) => {
        const bytes = mat[name].slice(0, Math.max(cut, 128));
        bytes[at % bytes.length] = value;
        try {
          readMat5(bytes);
        } catch (error) {
          assert(error instanceof SyntaxError, String(error));
          assert(error.message.startsWith("Cannot read a MAT-file"));
        }
      },
    ),
    { numRuns: 1000 },
  );
});
