import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseSafetensorsHeader } from "../../src/io/safetensors_format.ts";

Deno.test("tensors come in the order of their bytes, whatever that of the header", () => {
  const text = JSON.stringify({
    b: { dtype: "F16", shape: [2, 2], data_offsets: [16, 24] },
    __metadata__: { origin: "here" },
    a: { dtype: "I64", shape: [2], data_offsets: [0, 16] },
    none: { dtype: "U8", shape: [0, 3], data_offsets: [16, 16] },
  });
  const { entries, metadata } = parseSafetensorsHeader(text, 24, "a file");
  assertEquals([...entries.keys()], ["a", "none", "b"]);
  assertEquals(entries.get("b"), {
    dtype: "F16",
    shape: [2, 2],
    offsets: [16, 24],
  });
  assertEquals(metadata, { origin: "here" });
});

Deno.test("malformed headers are refused before anything is read", () => {
  const f32 = (from: number, to: number) => ({
    dtype: "F32",
    shape: [(to - from) / 4],
    data_offsets: [from, to],
  });
  const cases: [unknown, number, string][] = [
    ["not json", 0, "JSON in its header"],
    [[], 0, "an object in its header"],
    [{ __metadata__: { a: 1 } }, 0, "text in its metadata"],
    [{ a: f32(0, 8), b: f32(4, 12) }, 12, "without holes or overlaps"],
    [{ a: f32(0, 4), b: f32(8, 12) }, 12, "without holes or overlaps"],
    [{ a: f32(4, 8) }, 8, "without holes or overlaps"],
    [{ a: f32(0, 4) }, 5, "complete, with 4 bytes of values"],
    [{ a: f32(0, 8) }, 4, "complete, with 8 bytes of values"],
    [{ a: { ...f32(0, 4), shape: [2] } }, 4, "8 bytes for tensor a"],
    [{ a: { ...f32(0, 4), shape: [-1] } }, 4, "shape and data_offsets"],
    [{ a: { ...f32(0, 4), shape: [0.5, 2] } }, 4, "shape and data_offsets"],
    [{ a: { ...f32(0, 4), data_offsets: [4] } }, 4, "shape and data_offsets"],
    [{ a: { ...f32(0, 4), dtype: "C64" } }, 4, `value is "C64"`],
    [{ a: { ...f32(0, 4), dtype: "toString" } }, 4, "of element types"],
    [{ a: null }, 0, "shape and data_offsets"],
    [
      { a: { ...f32(0, 4), shape: [2 ** 31, 2 ** 31, 2 ** 31] } },
      4,
      "bytes for tensor a of shape [2147483648, 2147483648, 2147483648]",
    ],
    [
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}, "\\u0061" :1}',
      1,
      "without repeated names: current value is a",
    ],
    [
      '{"__metadata__":{"a":"1"},"__metadata__":{"a":"2"}}',
      0,
      "without repeated names: current value is __metadata__",
    ],
  ];
  for (const [header, bytes, message] of cases) {
    const text = typeof header === "string" ? header : JSON.stringify(header);
    const error = assertThrows(
      () => parseSafetensorsHeader(text, bytes, "a.safetensors"),
      SyntaxError,
      message,
    );
    assertStringIncludes(
      error.message,
      "Cannot read safetensors as 'a.safetensors' must be",
    );
  }
});
