import { assert, assertEquals, assertThrows } from "@std/assert";
import { doubleProducts, type DoubleVectors } from "../../../src/engine/mod.ts";
import { randomStream } from "../../../src/core/mod.ts";
import { testOnBackends } from "../../support/backends.ts";

function vectors(data: Float64Array, width: number): DoubleVectors {
  // One buffer for all blocks, as a giver may have it.
  const buffer = new Float64Array(data.length);
  return {
    count: data.length / width,
    width,
    rows(from, to) {
      const rows = buffer.subarray(0, (to - from) * width);
      rows.set(data.subarray(from * width, to * width));
      return rows;
    },
  };
}

testOnBackends("doubleProducts() multiplies in float64", () => {
  // 1 + 2^-40 has no float32 beside 1; the product is 1 + 2^-39 + 2^-80, which rounds to 1 + 2^-39.
  const x = 1 + 2 ** -40;
  using products = doubleProducts(vectors(new Float64Array([x, 0, 1, 1]), 2));
  assertEquals([...products.multiply(new Float64Array([x, 2 ** -50]))], [
    1 + 2 ** -39,
    x + 2 ** -50,
  ]);
});

testOnBackends("doubleProducts() joins its blocks", () => {
  // Vectors of 2 MiB: eight of them are a block of 16 MiB, so that ten are two.
  const width = 2 ** 18;
  const data = new Float64Array(10 * width);
  for (let i = 0; i < 10; i++) data[i * width + i] = i + 1;
  using products = doubleProducts(vectors(data, width));
  const left = new Float64Array(2 * width);
  left.fill(1, 0, width);
  left[width + 9] = 0.5;
  assertEquals(
    [...products.multiply(left)],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5],
  );
});

testOnBackends(
  "doubleProducts() agrees with the sum, for counts that divide by nothing",
  () => {
    const [n, count, width] = [3, 7, 13];
    const random = randomStream(3);
    const left = Float64Array.from(random.fork("left").normals(n * width));
    const right = Float64Array.from(
      random.fork("right").normals(count * width),
    );
    using products = doubleProducts(vectors(right, width));
    const actual = products.multiply(left);
    assertEquals(actual.length, n * count);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < count; j++) {
        let sum = 0;
        for (let k = 0; k < width; k++) {
          sum += left[i * width + k] * right[j * width + k];
        }
        assert(Math.abs(actual[i * count + j] - sum) < 1e-14);
      }
    }
  },
);

testOnBackends("doubleProducts() refuses other lengths", () => {
  const four = new Float64Array(4);
  assertThrows(
    () => doubleProducts({ count: 3, width: 2, rows: () => four }),
    TypeError,
    "Cannot multiply vectors as 'rows' must be of length 6: current value is of length 4",
  );
  using products = doubleProducts(vectors(four, 2));
  assertThrows(
    () => products.multiply(new Float64Array(3)),
    TypeError,
    "'left' must be of length 4: current value is of length 3",
  );
});
