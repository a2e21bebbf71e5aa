import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  encodeSafetensors,
  writeSafetensors,
} from "../../src/io/write_safetensors.ts";
import { openWeights } from "../../src/io/weights.ts";
import { weightsFormat } from "../../src/io/weights_format.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { goldenBytes } from "./torch_files.ts";

const scale = { shape: [2], data: new Float32Array([1, 2]) };
const bytesOf = (text: string) =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

Deno.test("a format is told by what a file holds where its name promises none", async () => {
  const safetensors = encodeSafetensors({ scale });
  assertEquals(weightsFormat(safetensors, "weights"), "safetensors");
  for (const name of ["small2", "smallLegacy2"] as const) {
    assertEquals(weightsFormat(await goldenBytes(name), "x.data"), "PyTorch");
  }
  assertEquals(weightsFormat(bytesOf('{\n "weight_map": {'), "x"), "index");
  // A header whose length begins as a pickle does: 0x0280 bytes.
  const long = bytesOf(`\x80\x02\0\0\0\0\0\0{${" ".repeat(640)}`);
  assertEquals(weightsFormat(long, "x"), "safetensors");
});

Deno.test("files that are something else than their name says are refused, and said what they are", async () => {
  await using folder = await tempFolder();
  const safetensors = encodeSafetensors({ scale });
  const checkpoint = await goldenBytes("small2");
  const pointer = bytesOf(
    "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
  );
  const page = bytesOf("\n<!DOCTYPE html><html><title>404</title></html>");
  const cases: [string, Uint8Array, string][] = [
    ["a.pt", safetensors, "is safetensors, which another name belongs to"],
    ["a.pth.tar", safetensors, "is safetensors, which another name"],
    ["a.safetensors", checkpoint, "is a checkpoint of torch.save, which"],
    ["a.safetensors.index.json", safetensors, "is safetensors, which"],
    [
      "a.safetensors",
      page,
      "must be safetensors, as its name says: current value is a web page",
    ],
    ["a.pt", page, "is a web page"],
    ["a.safetensors", pointer, "is a Git LFS pointer, which `git lfs pull`"],
    ["a.bin", pointer, "is a Git LFS pointer"],
    ["a.bin", bytesOf("GGUF\x03\0\0\0"), "is a GGUF file"],
    ["a.pt", bytesOf("\x1f\x8b\x08"), "is a gzip archive"],
    ["a.h5", bytesOf("\x89HDF\r\n\x1a\n"), "is an HDF5 file"],
    ["a.pt", bytesOf(`${"\0".repeat(257)}ustar`), "is a tar archive"],
    ["a.bin", new Uint8Array(), "is empty"],
    ["a", bytesOf("hello"), "is another format"],
    ["a.safetensors", bytesOf('{"a": 1, "b": [2]}'), "is JSON, which"],
  ];
  for (const [name, bytes, sentence] of cases) {
    const path = `${folder.path}/${name}`;
    await Deno.writeFile(path, bytes);
    const error = await assertRejects(
      () => openWeights(path),
      SyntaxError,
      sentence,
    );
    assertEquals(
      error.message.startsWith(`Cannot open weights as '${path}'`),
      true,
    );
    await Deno.remove(path);
  }
  await assertRejects(
    () => openWeights(folder.path),
    SyntaxError,
    "must be a file: current value is a folder",
  );
  await assertRejects(
    () => openWeights(`${folder.path}/none.pt`),
    Deno.errors.NotFound,
  );
});

Deno.test("a damaged file is left to the reader of what its name promises", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/a.safetensors`;
  await writeSafetensors(path, { scale });
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, bytes.with(7, 255));
  await assertRejects(
    () => openWeights(path),
    SyntaxError,
    "Cannot read safetensors",
  );
  assertThrows(() => weightsFormat(bytesOf("?"), "x"), SyntaxError);
});
