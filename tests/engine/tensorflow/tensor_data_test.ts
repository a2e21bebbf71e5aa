import { assert, assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/mod.ts";
import type { TensorFlowBackend } from "../../../src/engine/tensorflow/backend.ts";
import {
  DTYPE,
  fromTensor,
  type Values,
  withTensor,
} from "../../../src/engine/tensorflow/tensor_data.ts";
import { testOnBackends } from "../../support/backends.ts";
import { rssGrowth } from "../../support/resident_memory.ts";

const only = { backends: ["tensorflow"] } as const;
const library = () => (tf.backend() as TensorFlowBackend).binding.library;
const bytes = (text: string) => new TextEncoder().encode(text);

function roundTrip(shape: number[], dtype: number, values: Values): Values {
  const count = shape.reduce((a, b) => a * b, 1);
  return withTensor(
    library(),
    shape,
    dtype,
    values,
    (tensor) => fromTensor(library(), tensor, dtype, count),
  );
}

const cases: [name: string, shape: number[], dtype: number, values: Values][] =
  [
    ["float", [2, 2], DTYPE.FLOAT, Float32Array.of(1.5, -0, Infinity, 1e-38)],
    ["double", [2], DTYPE.DOUBLE, Float64Array.of(Math.PI, -1e300)],
    ["int32", [3], DTYPE.INT32, Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1)],
    ["uint8", [1, 2], DTYPE.UINT8, Uint8Array.of(0, 255)],
    ["bool", [3], DTYPE.BOOL, Uint8Array.of(1, 0, 1)],
    ["int64", [2], DTYPE.INT64, BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n)],
    ["complex64", [2], DTYPE.COMPLEX64, Float32Array.of(1, -2, 3, -4)],
    ["scalar", [], DTYPE.FLOAT, Float32Array.of(7)],
    ["empty float", [0, 3], DTYPE.FLOAT, new Float32Array()],
    ["empty string list", [0], DTYPE.STRING, []],
    // A TF_TString holds up to 22 bytes in itself, more behind a pointer.
    ["string", [2, 3], DTYPE.STRING, [
      bytes(""),
      bytes("a"),
      bytes("x".repeat(22)),
      bytes("y".repeat(23)),
      bytes("z".repeat(100_000)),
      bytes("ᾱ_t ↔ 無名"),
    ]],
  ];

for (const [name, shape, dtype, values] of cases) {
  testOnBackends(`withTensor() and fromTensor() carry ${name} values`, () => {
    assertEquals(roundTrip(shape, dtype, values), values);
  }, only);
}

testOnBackends("withTensor() converts what TensorFlow.js hands over", () => {
  const floats = [1, 0, 2.5] as unknown as Float32Array;
  assertEquals(
    roundTrip([3], DTYPE.FLOAT, floats),
    Float32Array.of(1, 0, 2.5),
  );
  assertEquals(
    roundTrip([2], DTYPE.FLOAT, Int32Array.of(3, -4)),
    Float32Array.of(3, -4),
  );
  assertEquals(
    roundTrip([2], DTYPE.INT32, Float32Array.of(3, -4)),
    Int32Array.of(3, -4),
  );
  assertEquals(
    roundTrip([3], DTYPE.BOOL, [true, false, true] as unknown as Uint8Array),
    Uint8Array.of(1, 0, 1),
  );
  // tfjs-node writes an int64 as a low and a high half.
  assertEquals(
    roundTrip([1], DTYPE.INT64, Int32Array.of(5, 1)),
    BigInt64Array.of(2n ** 32n + 5n),
  );
}, only);

testOnBackends("withTensor() reads no further than its view", () => {
  const view = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
  assertEquals(roundTrip([2], DTYPE.FLOAT, view), Float32Array.of(2, 3));
}, only);

testOnBackends("withTensor() refuses values that do not fit the shape", () => {
  assertThrows(
    () => roundTrip([2, 3], DTYPE.FLOAT, new Float32Array(5)),
    TypeError,
    "must be 24 bytes for shape [2,3]: current value is 20 bytes",
  );
  assertThrows(
    () => roundTrip([2], DTYPE.STRING, [bytes("one")]),
    TypeError,
    "must be 2 strings for shape [2]: current value is 1 strings",
  );
}, only);

testOnBackends(
  "fromTensor() refuses dtypes TensorFlow.js does not know",
  () => {
    withTensor(library(), [1], DTYPE.FLOAT, Float32Array.of(1), (tensor) => {
      const half = 19;
      assertThrows(
        () => fromTensor(library(), tensor, half, 1),
        TypeError,
        "current value is 19",
      );
    });
  },
  only,
);

testOnBackends("withTensor() frees long strings and numbers", () => {
  const text = bytes("s".repeat(1_000_000));
  const numbers = new Float32Array(250_000);
  const nothing = () => {};
  const growth = rssGrowth(100, () => {
    withTensor(library(), [1], DTYPE.STRING, [text], nothing);
    withTensor(library(), [250_000], DTYPE.FLOAT, numbers, nothing);
  });
  assert(growth < 30, `grew by ${growth} MB of 200`);
}, only);
