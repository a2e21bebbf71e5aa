import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { rowNoise, rowStreams } from "../../src/brownian/row_noise.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned } from "../../src/engine/mod.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "rowNoise() gives a row the same numbers, whoever stands beside it",
  () => {
    const streams = rowStreams(3, (i) => randomStream(5).fork("row", i));
    using all = owned(rowNoise(streams, 4));
    using last = owned(rowNoise([randomStream(5).fork("row", 2)], 4));
    const rows = all.value.arraySync();
    assertEquals(rows[2], last.value.arraySync()[0]);
    assertNotEquals(rows[0], rows[1]);
  },
);

testOnBackends("rowNoise() is standard normal", () => {
  using noise = owned(
    rowNoise(rowStreams(100, (i) => randomStream(6).fork(i)), 200),
  );
  const values = noise.value.dataSync() as Float32Array;
  const mean = values.reduce((a, b) => a + b) / values.length;
  const square = values.reduce((a, b) => a + b * b, 0) / values.length;
  // Standard errors: 1 / √20,000 and √2 / √20,000.
  assert(Math.abs(mean) < 4 * 0.00707 && Math.abs(square - 1) < 4 * 0.01);
});
