import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import golden from "../golden/safetensors_files.json" with { type: "json" };
import { decodeSafetensors } from "../../src/io/read_safetensors.ts";
import {
  encodeSafetensors,
  type WritableTensor,
  writeSafetensors,
} from "../../src/io/write_safetensors.ts";

Deno.test("a file is written byte for byte as by the reference implementation", async () => {
  const wanted = Uint8Array.fromBase64(golden.writable);
  const { tensors, metadata } = decodeSafetensors(wanted);
  const shuffled = Object.fromEntries(Object.entries(tensors).reverse());
  assertEquals(encodeSafetensors(shuffled, { metadata }), wanted);

  const folder = await Deno.makeTempDir();
  const path = `${folder}/weights.safetensors`;
  await Deno.writeTextFile(path, "an older file, to be replaced");
  await writeSafetensors(path, shuffled, { metadata });
  assertEquals(await Deno.readFile(path), wanted);
  assertEquals([...Deno.readDirSync(folder)].length, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("F16 halves the file and rounds to the nearest, ties to even", () => {
  const data = new Float32Array([1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, -65504]);
  const full = encodeSafetensors({ x: { shape: [4], data } });
  const half = encodeSafetensors({ x: { shape: [4], data } }, { dtype: "F16" });
  assertEquals(full.length - half.length, 8);
  const { x } = decodeSafetensors(half).tensors;
  assertEquals([...x.data], [1, 1, 1 + 2 ** -9, -65504]);
  assertThrows(
    () =>
      encodeSafetensors(
        { x: { shape: [1], data: new Float32Array([65520]) } },
        {
          dtype: "F16",
        },
      ),
    RangeError,
    "Cannot write safetensors as 'x[0]' must be at most 65504 in F16: current value is 65520",
  );
});

Deno.test("an empty record and unusual names survive", () => {
  assertEquals(decodeSafetensors(encodeSafetensors({})).tensors, {});
  const tensor = { shape: [1], data: new Float32Array([1]) };
  const names = ["__proto__", "constructor", "ünï/cødé \u{1F600}", "", '"'];
  const tensors = Object.fromEntries(names.map((name) => [name, tensor]));
  const read = decodeSafetensors(encodeSafetensors(tensors)).tensors;
  assertEquals(Object.keys(read).sort(), names.sort());
});

Deno.test("shapes that do not fit and reserved names are refused", () => {
  const data = new Float32Array(3);
  assertThrows(
    () => encodeSafetensors({ x: { shape: [2, 2], data } }),
    TypeError,
    "Cannot write safetensors as 'x' must be 4 values of shape [2, 2]: current value is 3 values",
  );
  assertThrows(
    () => encodeSafetensors({ __metadata__: { shape: [3], data } }),
    RangeError,
    "__metadata__",
  );
});

Deno.test("a failed write leaves the old file as it was", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/weights.safetensors`;
  await Deno.writeTextFile(path, "old");
  const tooLarge = { shape: [1], data: new Float32Array([1e6]) };
  await assertRejects(
    () => writeSafetensors(path, { x: tooLarge }, { dtype: "F16" }),
    RangeError,
  );
  assertEquals(await Deno.readTextFile(path), "old");
  assertEquals([...Deno.readDirSync(folder)].length, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("random records come back as they were written", () => {
  for (let round = 0; round < 30; round++) {
    const tensors: Record<string, WritableTensor> = {};
    for (let i = 0; i < round % 6; i++) {
      const length = (round * 7 + i * 3) % 11;
      const values = Array.from({ length }, (_, j) => j * 31 - round);
      const data = [
        Float32Array.from(values, (v) => v / 7),
        Float64Array.from(values, (v) => v / 7),
        Int32Array.from(values),
        BigInt64Array.from(values, BigInt),
        Uint8Array.from(values),
      ][(i + round) % 5];
      tensors[`tensor.${(i * 5) % 7}`] = { shape: [length, 1], data };
    }
    const read = decodeSafetensors(encodeSafetensors(tensors)).tensors;
    assertEquals<unknown>(
      Object.fromEntries(
        Object.entries(read).map(([name, { shape, data }]) => [
          name,
          { shape, data },
        ]),
      ),
      tensors,
    );
  }
});
