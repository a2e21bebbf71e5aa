import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { randomStream } from "../../src/core/mod.ts";
import { exactDistances } from "../../src/metrics/exact_distances.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "distances from products are off by less than their bound",
  () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.constantFrom(0, 1, 1e3, 1e8),
        fc.constantFrom(1, 3, 64),
        (seed, offset, width) => {
          const [left, right] = ["left", "right"].map((name) => ({
            data: Float64Array.from(
              randomStream(seed, name).normals(5 * width),
              (value) => value + offset,
            ),
            width,
          }));
          using distances = exactDistances(left, right);
          for (let i = 0; i < distances.count; i++) {
            const row = distances.row(i);
            row.values.forEach((value, j) =>
              assert(Math.abs(value - row.exact(j)) <= row.rounding)
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  },
);

testOnBackends(
  "exact distances are 0 to equal vectors, and the same both ways",
  () => {
    const data = Float64Array.from([
      0.1,
      1e8,
      0.3,
      0.1,
      1e8,
      0.3,
      0.7,
      0.2,
      1e8,
    ]);
    using distances = exactDistances({ data, width: 3 }, { data, width: 3 });
    assertEquals(distances.row(0).exact(1), 0);
    assertEquals(distances.row(0).exact(2), distances.row(2).exact(0));
  },
);
