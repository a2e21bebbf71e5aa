import { assertEquals } from "@std/assert";
import { featureRows } from "../../src/metrics/feature_rows.ts";
import { squaredDistances } from "../../src/metrics/squared_distances.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "squaredDistances() of whole numbers are exact, tile by tile",
  () => {
    const rows = (...data: number[]) =>
      featureRows({ data: Float32Array.from(data), width: 2 }, {
        name: "x",
        normalize: false,
      });
    using distances = squaredDistances(
      rows(0, 0, 3, 4),
      rows(1, 0, 3, 4, 0, 2),
    );
    assertEquals([...distances.tile(0, 2)], [1, 25, 4, 20, 0, 13]);
    assertEquals([...distances.tile(1, 2)], [20, 0, 13]);
  },
);

testOnBackends(
  "squaredDistances() are never below 0, however they are rounded",
  () => {
    const data = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i + 1));
    const rows = featureRows({ data, width: 3 }, {
      name: "x",
      normalize: true,
    });
    using distances = squaredDistances(rows, rows);
    const tile = distances.tile(0, 20);
    assertEquals(tile.every((distance) => distance >= 0), true);
    for (let i = 0; i < 20; i++) {
      assertEquals(tile[i * 20 + i] < 1e-15, true);
    }
  },
);
