import { assertEquals } from "@std/assert";
import { countTensors, listTensors } from "../../src/cli/weights_listing.ts";

Deno.test("tensors are listed in columns, whatever their names hold", () => {
  const entries = [
    { name: "a\x1b[2J", dtype: "BF16", shape: [2, 3] },
    { name: "long.name", dtype: "F32", shape: [] },
  ] as const;
  const mutable = entries.map((entry) => ({
    ...entry,
    shape: [...entry.shape],
  }));
  assertEquals(listTensors(mutable), [
    "a?[2J      BF16  [2, 3]",
    "long.name  F32   []",
  ]);
  // 6 values of 2 bytes and 1 of 4.
  assertEquals(
    countTensors(mutable),
    "2 tensors (1 BF16, 1 F32), 7 values, 16 bytes",
  );
  assertEquals(countTensors([]), "0 tensors, 0 values, 0 bytes");
});

Deno.test("sizes are in the unit that suits them", () => {
  const sized = (count: number) =>
    countTensors([{ name: "a", dtype: "F32", shape: [count] }]);
  assertEquals(sized(250), "1 tensor (1 F32), 250 values, 1.0 kB");
  assertEquals(
    sized(675e6),
    "1 tensor (1 F32), 675,000,000 values, 2.7 GB",
  );
});
