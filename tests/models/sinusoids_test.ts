import { assertEquals } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  positionEmbedding,
  timeEmbedding,
} from "../../src/models/sinusoids.ts";
import golden from "../golden/dit.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("timeEmbedding() is the reference's, cosines first", () => {
  using times = owned(tf.tensor1d(golden.times.times));
  using embedding = owned(timeEmbedding(times.value));
  // An angle of 999 has an error of 3e-5 in single precision.
  assertClose(embedding.value, golden.times.values, 1e-4);
  using zero = owned(tf.tidy(() => tf.slice(embedding.value, [0], [1])));
  assertEquals(
    Array.from(zero.value.dataSync()),
    [...Array(128).fill(1), ...Array(128).fill(0)],
  );
});

testOnBackends("positionEmbedding() is the reference's, columns first", () => {
  const { rows, columns, hidden, values } = golden.positions;
  using embedding = owned(positionEmbedding(rows, columns, hidden)());
  assertEquals(embedding.value.shape, [1, 6, 16]);
  assertClose(embedding.value.dataSync(), values, 1e-7);
});

testOnBackends("positionEmbedding() tells every place from every other", () => {
  using embedding = owned(positionEmbedding(3, 4, 8)());
  const values = Array.from(embedding.value.dataSync());
  const places = Array.from(
    { length: 12 },
    (_, i) => values.slice(8 * i, 8 * i + 8).map((v) => v.toFixed(4)).join(),
  );
  assertEquals(new Set(places).size, 12);
  // By hand: row 1, column 2, frequencies 1 and 10000^(-1/2) = 0.01.
  assertClose(
    values.slice(8 * 6, 8 * 7),
    [2, 0.02].map(Math.sin).concat(
      [2, 0.02].map(Math.cos),
      [1, 0.01].map(Math.sin),
      [1, 0.01].map(Math.cos),
    ),
    1e-7,
  );
});
