import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import golden from "../golden/safetensors_files.json" with { type: "json" };
import {
  decodeSafetensors,
  readSafetensors,
} from "../../src/io/read_safetensors.ts";

const everyType = Uint8Array.fromBase64(golden.everyType);

function assertGolden(
  { tensors, metadata }: ReturnType<typeof decodeSafetensors>,
): void {
  assertEquals(metadata, golden.metadata);
  assertEquals(
    new Set(Object.keys(tensors)),
    new Set(Object.keys(golden.values)),
  );
  for (const [name, wanted] of Object.entries(golden.values)) {
    const { shape, data } = tensors[name];
    assertEquals(shape, wanted.shape);
    const values = wanted.data.map((text) =>
      data instanceof BigInt64Array
        ? BigInt(text)
        : text === "True"
        ? 1
        : text === "False"
        ? 0
        : text === "inf"
        ? Infinity
        : Number(text)
    );
    assertEquals([...data], values, name);
  }
}

Deno.test("every element type is read as the reference implementation wrote it", async () => {
  assertGolden(decodeSafetensors(everyType));
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, everyType);
  assertGolden(await readSafetensors(path));
  await Deno.remove(path);
});

Deno.test("BF16 is the upper half of a float32", () => {
  const { b } =
    decodeSafetensors(Uint8Array.fromBase64(golden.bfloat16)).tensors;
  assertEquals(b.dtype, "BF16");
  // 0.1 keeps 8 bits: 205 / 2048.
  assertEquals([...b.data], [1.5, -3, 205 / 2048]);
});

Deno.test("values are copied out of the bytes and aligned whatever the header", () => {
  const json = `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`;
  const bytes = new Uint8Array(8 + json.length + 4);
  bytes.set(new TextEncoder().encode(json), 8);
  bytes[0] = json.length;
  assert(bytes.length % 4 !== 0);
  const { a } = decodeSafetensors(bytes).tensors;
  bytes.fill(255);
  assertEquals([...a.data], [0]);
});

Deno.test("every truncation of a file is a SyntaxError that names it", async () => {
  const path = await Deno.makeTempFile();
  for (const length of [0, 7, 8, 100, everyType.length - 1]) {
    const cut = everyType.subarray(0, length);
    assertThrows(
      () => decodeSafetensors(cut, "cut.safetensors"),
      SyntaxError,
      "Cannot read safetensors as 'cut.safetensors' must be",
    );
    await Deno.writeFile(path, cut);
    await assertRejects(() => readSafetensors(path), SyntaxError, path);
  }
  await Deno.remove(path);
});

Deno.test("a header longer than the file is a SyntaxError", () => {
  const bytes = everyType.slice();
  bytes.fill(255, 0, 8);
  assertThrows(
    () => decodeSafetensors(bytes),
    SyntaxError,
    "whose header fits",
  );
});
