import { assertEquals, assertNotEquals } from "@std/assert";
import { digestBytes, digestParams } from "../../src/core/digest.ts";
import { disposeParams, paramsFromArrays } from "../../src/core/params.ts";

// FIPS 180-2, appendix B.1.
Deno.test("digestBytes() is SHA-256", () => {
  const wanted =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals(digestBytes("abc"), wanted);
  assertEquals(digestBytes(new Uint8Array([0x61, 0x62, 0x63])), wanted);
});

Deno.test("digestParams() sees names, shapes and values but not the order", async () => {
  async function digest(
    arrays: Parameters<typeof paramsFromArrays>[0],
  ): Promise<string> {
    const params = paramsFromArrays(arrays);
    const hex = await digestParams(params);
    disposeParams(params);
    return hex;
  }
  const a = { shape: [2], data: [1, 2] };
  const b = { shape: [1], data: [3] };
  const wanted = await digest({ a, b });
  // Header and float32 bytes of a, then of b, by hand.
  const bytes = [
    ...new TextEncoder().encode(`["a",[2]]`),
    ...new Uint8Array(new Float32Array([1, 2]).buffer),
    ...new TextEncoder().encode(`["b",[1]]`),
    ...new Uint8Array(new Float32Array([3]).buffer),
  ];
  assertEquals(wanted, digestBytes(new Uint8Array(bytes)));
  assertEquals(await digest({ b, a }), wanted);
  assertNotEquals(await digest({ a, c: b }), wanted);
  assertNotEquals(await digest({ a: { ...a, shape: [1, 2] }, b }), wanted);
  assertNotEquals(await digest({ a: { ...a, data: [1, 3] }, b }), wanted);
});
