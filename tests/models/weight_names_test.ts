import { assert, assertEquals } from "@std/assert";
import { pytorchNames } from "../../src/models/mod.ts";

const shapes = {
  "stem.weight": [7, 7, 3, 64],
  "head.weight": [64, 10],
  "head.bias": [10],
  "embedding_table.weight": [5, 8],
  "rows.weight": [5, 8],
};

Deno.test("pytorchNames() tells layouts by the number of axes, tables apart", () => {
  const scheme = pytorchNames({ name: "a model", shapes });
  assertEquals(
    Object.keys(shapes).map((name) => scheme.layout(name)),
    ["conv", "dense", "same", "same", "dense"],
  );
  const isTable = (name: string) => name.startsWith("rows");
  const other = pytorchNames({ name: "a model", shapes, isTable });
  assertEquals(other.layout("rows.weight"), "same");
  assertEquals(other.layout("embedding_table.weight"), "dense");
});

Deno.test("pytorchNames() renames both ways and knows no other names", () => {
  const scheme = pytorchNames({
    name: "a model",
    shapes,
    rename: (name) => name.replace("head", "fc"),
    ignored: (name) => name.startsWith("loss."),
  });
  assertEquals(scheme.toTheirs("head.bias"), "fc.bias");
  assertEquals(scheme.toOurs("fc.bias"), "head.bias");
  assertEquals(scheme.toOurs("head.bias"), undefined);
  assertEquals(scheme.toOurs("toString"), undefined);
  assert(scheme.ignored?.("loss.scale"));
});
