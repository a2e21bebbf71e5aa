import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { doublyStochastic } from "../../src/metrics/doubly_stochastic.ts";
import { assertClose } from "../support/assert_close.ts";
import { cases, graphOf, matrixOf } from "./golden_dosnes.ts";

for (const wanted of cases) {
  Deno.test(`doublyStochastic() equals rows and columns in turn, by NumPy: ${wanted.name}`, () => {
    const given = graphOf(wanted.similarities);
    const before = given.values.slice();
    const { graph, residual, steps } = doublyStochastic(given);
    assert(residual <= 1e-12, `${residual} after ${steps}`);
    assertClose(matrixOf(graph), wanted.doublyStochastic, 1e-9);
    assertEquals(given.values, before);
  });
}

Deno.test("the residual is the worst row's, where the steps end early", () => {
  // Sums 3 and 1 and 4 of [[0, 2, 1], [2, 0, …]] are what is there before any step.
  const graph = graphOf([0, 2, 1, 2, 0, 3, 1, 3, 0]);
  const { residual, steps } = doublyStochastic(graph, { steps: 0 });
  assertEquals([residual, steps], [4, 0]); // 2 + 3 - 1
});

Deno.test("a star has no doubly stochastic form, and its residual says so", () => {
  // Three points near a fourth only: their rows sum to 1 where its own would sum to 3.
  const star = graphOf([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0]);
  const { graph, residual, steps } = doublyStochastic(star);
  assertEquals(steps, 2000);
  // The middle has its share or the others have, or both miss it: √3 and 1/√3.
  assertAlmostEquals(residual, Math.sqrt(3) - 1, 1e-9);
  assert(graph.values.every(Number.isFinite));
});

Deno.test("the scale of the similarities makes no difference, one row's scale neither", () => {
  const matrix = cases[0].similarities;
  const count = cases[0].points.length / 3;
  const wanted = matrixOf(doublyStochastic(graphOf(matrix)).graph);
  const heavy = matrix.map((value, k) =>
    value * 3 * (k % count === 4 ? 10 : 1) *
    (Math.floor(k / count) === 4 ? 10 : 1)
  );
  const { graph } = doublyStochastic(graphOf(heavy));
  assertClose(matrixOf(graph), wanted, 1e-11);
});
