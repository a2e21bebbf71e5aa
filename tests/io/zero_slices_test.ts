import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeSafetensors,
  encodeSafetensors,
  zeroSlices,
} from "../../src/io/mod.ts";

const made = (dtype: "F32" | "F16") =>
  encodeSafetensors({
    other: { shape: [2], data: new Float32Array([7, 8]) },
    table: { shape: [3, 2], data: new Float32Array([1, 2, 3, 4, 5, 6]) },
  }, { dtype });

Deno.test("zeroSlices() sets rows and columns to zero in every element type, and nothing else", () => {
  for (const dtype of ["F32", "F16"] as const) {
    for (
      const [slice, wanted] of [
        [{ axis: 0, index: 1 }, [1, 2, 0, 0, 5, 6]],
        [{ axis: 1, index: 0 }, [0, 2, 0, 4, 0, 6]],
      ] as const
    ) {
      const bytes = made(dtype);
      const changed = zeroSlices(
        bytes,
        (name) => name === "table" ? slice : undefined,
        "a test",
      );
      assertEquals(changed, ["table"]);
      const { tensors } = decodeSafetensors(bytes);
      assertEquals([...tensors.table.data], [...wanted]);
      assertEquals([...tensors.other.data], [7, 8]);
    }
  }
});

Deno.test("zeroSlices() refuses what is no safetensors, and a slice that is not there", () => {
  const select = () => ({ axis: 0, index: 9 });
  assertThrows(
    () => zeroSlices(new Uint8Array(3), select, "a"),
    SyntaxError,
    "'a' must be",
  );
  assertThrows(
    () => zeroSlices(new Uint8Array(16).fill(9), select, "a"),
    SyntaxError,
  );
  assertThrows(
    () => zeroSlices(made("F32"), select, "a"),
    RangeError,
    "index 9 along axis 0",
  );
});
