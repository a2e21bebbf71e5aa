import { assertEquals } from "@std/assert";
import { dynamicsFigures } from "../../src/stages/dynamics_figures.ts";

Deno.test("dynamicsFigures() draws what was recorded, by step, and leaves out what was not", () => {
  const figures = dynamicsFigures([
    { step: 1, dt: 0.5, smallestAngle: 0.2, largestAngle: 1.5, energy: 3 },
    { step: 2, dt: 0.25, smallestAngle: 0.4, largestAngle: 1.4, energy: 2 },
    // Nothing pushes any more.
    { step: 3, dt: 0 },
  ], "iteration");
  const told = figures.map(({ layout, data }) => ({
    // deno-lint-ignore no-explicit-any -- a title is a string or an object
    title: (layout.title as any).text,
    // deno-lint-ignore no-explicit-any -- traces of any kind
    traces: data.map(({ name, x, y }: any) => [name, [...x], [...y]]),
  }));
  assertEquals(told, [
    {
      title: "Angles",
      traces: [
        ["smallestAngle", [1, 2], [0.2, 0.4]],
        ["largestAngle", [1, 2], [1.5, 1.4]],
      ],
    },
    { title: "Length of a step", traces: [["dt", [1, 2, 3], [0.5, 0.25, 0]]] },
  ]);
  assertEquals(dynamicsFigures([], "iteration"), []);
});
