import { assert, assertAlmostEquals } from "@std/assert";
import { neighbourDivergence } from "../../src/metrics/neighbour_divergence.ts";
import { assertClose } from "../support/assert_close.ts";
import { cases, graphOf } from "./golden_dosnes.ts";

for (const wanted of cases) {
  const graph = graphOf(wanted.doublyStochastic);

  Deno.test(`neighbourDivergence() equals NumPy: ${wanted.name}`, () => {
    const gradient = new Float64Array(wanted.points.length);
    const value = neighbourDivergence(graph, wanted.points, { gradient });
    assertAlmostEquals(value, wanted.objective, 1e-9);
    assertClose(gradient, wanted.gradient, 1e-9);
  });

  Deno.test(`a turn of the sphere turns the gradient and leaves the divergence: ${wanted.name}`, () => {
    const turned = turn(wanted.points);
    const gradient = new Float64Array(turned.length);
    const value = neighbourDivergence(graph, turned, { gradient });
    assertAlmostEquals(value, wanted.objective, 1e-12);
    assertClose(gradient, turn(Float64Array.from(wanted.gradient)), 1e-9);
  });
}

Deno.test("exaggeration multiplies the pull, not the push", () => {
  const [{ points, doublyStochastic }] = cases;
  const graph = graphOf(doublyStochastic);
  const [one, two, three] = [1, 2, 3].map((exaggeration) => {
    const gradient = new Float64Array(points.length);
    const objective = false;
    const value = neighbourDivergence(graph, points, {
      gradient,
      exaggeration,
      objective,
    });
    assert(Number.isNaN(value));
    return gradient;
  });
  const pull = two.map((value, i) => value - one[i]);
  assertClose(three, one.map((value, i) => value + 2 * pull[i]), 1e-12);
  assert(pull.some((value) => Math.abs(value) > 1e-3));
});

/** A quarter turn about one axis and 0.3 rad about another. */
function turn(points: Float64Array): Float64Array {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const turned = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = [-points[i + 1], points[i], points[i + 2]];
    turned.set([x, c * y - s * z, s * y + c * z], i);
  }
  return turned;
}
