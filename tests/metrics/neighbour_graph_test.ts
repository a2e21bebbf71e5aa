import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { neighbourGraph } from "../../src/metrics/neighbour_graph.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { cases, matrixOf } from "./golden_dosnes.ts";

for (const wanted of cases) {
  testOnBackends(`neighbourGraph() equals NumPy: ${wanted.name}`, async () => {
    const { perplexity, neighbours } = wanted;
    const graph = await neighbourGraph(wanted.features, {
      perplexity,
      neighbours,
      normalize: true,
    });
    assertClose(matrixOf(graph), wanted.similarities, 1e-9);
    // Only where somebody is among somebody's nearest is there an entry.
    const kept = wanted.similarities.filter((value) => value !== 0).length;
    assertEquals(graph.values.length, kept);
  });
}

Deno.test("similarities are symmetric, leave out a point's own, and sum to the number of points", async () => {
  const count = 30;
  const features = { data: randomStream(1).normals(count * 5), width: 5 };
  const options = { perplexity: 7, neighbours: 29, normalize: false };
  const matrix = matrixOf(await neighbourGraph(features, options));
  // (p(j|i) + p(i|j)) / 2 sums to the number of points.
  assertAlmostEquals(matrix.reduce((sum, value) => sum + value, 0), count);
  for (let i = 0; i < count; i++) {
    assertEquals(matrix[i * count + i], 0);
    for (let j = 0; j < i; j++) {
      assertEquals(matrix[i * count + j], matrix[j * count + i]);
    }
  }
});

Deno.test("vectors that are all equal, or have equals, are near each other", async () => {
  const equal = await neighbourGraph(
    { data: new Float32Array(6).fill(1), width: 1 },
    { perplexity: 2, neighbours: 5, normalize: true },
  );
  // Nothing tells five neighbours apart: a fifth for each.
  assertClose(equal.values, new Float64Array(30).fill(0.2), 1e-15);
  const pairs = await neighbourGraph(
    { data: new Float32Array([0, 0, 0, 9, 9, 9]), width: 1 },
    { perplexity: 1.5, neighbours: 5, normalize: false },
  );
  const matrix = matrixOf(pairs);
  // Two equals are more than a perplexity of 1.5: all goes to them, nothing over the gap.
  assertAlmostEquals(matrix[1], 0.5, 1e-9);
  assert(matrix[3] < 1e-9);
});

Deno.test("of others at one distance the first are the nearest", async () => {
  const { columns } = await neighbourGraph(
    { data: new Float32Array([1, 1, 1, 1]), width: 1 },
    { perplexity: 1, neighbours: 1, normalize: false },
  );
  // 0 names 1; 1, 2 and 3 name 0.
  assertEquals([...columns], [1, 2, 3, 0, 0, 0]);
});
