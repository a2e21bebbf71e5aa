import { assertEquals } from "@std/assert";
import { groupByLabel } from "../../src/data/group_by_label.ts";

Deno.test("groupByLabel() lists labels and images in ascending order", () => {
  assertEquals([...groupByLabel(new Int32Array([7, 2, 7, 2, 5]))], [
    [2, [1, 3]],
    [5, [4]],
    [7, [0, 2]],
  ]);
  assertEquals([...groupByLabel([])], []);
});
