import { assertEquals, assertThrows } from "@std/assert";
import { tensorOfBytes, tf } from "../../../src/engine/mod.ts";
import { testOnBackends } from "../../support/backends.ts";

testOnBackends("tensorOfBytes() holds every byte as a number", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const tensor = tensorOfBytes(bytes, [2, 128]);
  assertEquals([tensor.shape, tensor.dtype], [[2, 128], "float32"]);
  assertEquals([...tensor.dataSync()], [...bytes]);
  // A number like any other, and a copy.
  bytes.fill(0);
  const doubled = tf.mul(tensor, 2);
  assertEquals(doubled.dataSync()[255], 510);
  tf.dispose([tensor, doubled]);
});

testOnBackends("part of a buffer, nothing at all, and a wrong shape", () => {
  const part = new Uint8Array([9, 8, 7, 6]).subarray(1, 3);
  const [two, none] = [
    tensorOfBytes(part, [2]),
    tensorOfBytes(new Uint8Array(), [0, 3]),
  ];
  assertEquals([...two.dataSync()], [8, 7]);
  assertEquals([none.shape, none.dataSync().length], [[0, 3], 0]);
  tf.dispose([two, none]);
  assertThrows(
    () => tensorOfBytes(part, [3]),
    TypeError,
    "'bytes' must be of length 3 for shape [3]: current value is of length 2",
  );
});
