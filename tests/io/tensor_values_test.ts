import { assertEquals, assertThrows } from "@std/assert";
import { decodeValues, encodeValues } from "../../src/io/tensor_values.ts";

const everyCode16 = () =>
  new Uint8Array(Uint16Array.from({ length: 65536 }, (_, i) => i).buffer);
const everyCode8 = () => Uint8Array.from({ length: 256 }, (_, i) => i);

Deno.test("every code of a narrow float is written as it was read", () => {
  for (const dtype of ["F16", "BF16", "F8_E4M3", "F8_E5M2"] as const) {
    const bytes = dtype.startsWith("F8") ? everyCode8() : everyCode16();
    const values = decodeValues(dtype, bytes);
    const again = decodeValues(
      dtype,
      new Uint8Array(encodeValues("codes", values, dtype)),
    );
    // NaN has many codes; that it stays NaN is all that is asked.
    assertEquals(again, values, dtype);
  }
});

Deno.test("BF16 rounds to the nearest, ties to even", () => {
  // 8 bits of fraction are kept: the step at 1 is 2^-7.
  const step = 2 ** -7;
  const values = new Float32Array([
    1 + step / 2,
    1 + 3 * step / 2,
    1 + step / 2 + 2 ** -20,
    -0,
    Infinity,
    NaN,
  ]);
  const codes = new Uint8Array(encodeValues("x", values, "BF16"));
  assertEquals(
    [...decodeValues("BF16", codes)],
    [1, 1 + 2 * step, 1 + step, -0, Infinity, NaN],
  );
  assertThrows(
    () => encodeValues("x", new Float32Array([3.4e38]), "BF16"),
    RangeError,
    "Cannot write safetensors as 'x[0]' must be at most 3.3895e38 in BF16: current value is 3.39999",
  );
});

Deno.test("F8 has the values of its definition, and takes no others", () => {
  // 448 = 1.75 * 2^8 and 2^-9 are the largest and least of E4M3; 57344 = 1.75 * 2^15 and 2^-16 of E5M2.
  const e4m3 = decodeValues("F8_E4M3", new Uint8Array([0x7e, 1, 0xff, 0x38]));
  assertEquals([...e4m3], [448, 2 ** -9, NaN, 1]);
  const e5m2 = decodeValues("F8_E5M2", new Uint8Array([0x7b, 1, 0x7c, 0xbc]));
  assertEquals([...e5m2], [57344, 2 ** -16, Infinity, -1]);
  assertThrows(
    () => encodeValues("x", new Float32Array([1.01]), "F8_E4M3"),
    RangeError,
    "'x[0]' must be a value that F8_E4M3 has",
  );
});

Deno.test("an array of another kind than its element type is refused", () => {
  assertThrows(
    () => encodeValues("x", new Int32Array(1), "F16"),
    TypeError,
    "Cannot write safetensors as 'x' must be a Float32Array for F16: current value is a Int32Array",
  );
});
