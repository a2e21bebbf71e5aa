import { assertEquals, assertThrows } from "@std/assert";
import {
  countFeatures,
  type FeatureRows,
  featureRows,
  joinRows,
} from "../../src/metrics/feature_rows.ts";

function all(rows: FeatureRows): number[][] {
  const into = new Float64Array(rows.width);
  return Array.from({ length: rows.count }, (_, row) => {
    rows.copy(row, into);
    return [...into];
  });
}

const features = { data: Float32Array.of(3, 4, 0, 0, 0, -2), width: 2 };

Deno.test("featureRows() scales to unit length, but what is zero stays zero", () => {
  const rows = featureRows(features, { name: "x", normalize: true });
  assertEquals(all(rows), [[0.6, 0.8], [0, 0], [0, -1]]);
  assertEquals([...rows.squares], [1, 0, 1]);
});

Deno.test("featureRows() gives chosen rows as they are", () => {
  const rows = featureRows(features, {
    name: "x",
    normalize: false,
    keep: [2, 0],
  });
  assertEquals(all(rows), [[0, -2], [3, 4]]);
  assertEquals([...rows.squares], [4, 25]);
});

Deno.test("joinRows() puts one below the other", () => {
  const rows = featureRows(features, { name: "x", normalize: false });
  const joined = joinRows(rows, rows);
  assertEquals(all(joined), [...all(rows), ...all(rows)]);
  assertEquals([...joined.squares], [25, 0, 4, 25, 0, 4]);
});

Deno.test("countFeatures() refuses values that are no rows", () => {
  assertThrows(
    () => countFeatures("query", { data: new Float32Array(3), width: 2 }),
    RangeError,
    "'query.data.length / query.width' must be a whole number at least 1: current value is 1.5",
  );
  assertThrows(
    () => countFeatures("query", { data: new Float32Array(3), width: 0 }),
    RangeError,
    "'query.width'",
  );
});
