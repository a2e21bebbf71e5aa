import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { featureSpheres } from "../../src/stages/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { colourPeople, colours } from "./colour_people.ts";

testOnBackends(
  "featureSpheres() projects all sets together, and measures features that no projection has bent",
  async () => {
    const real = colourPeople(3, 4);
    const other = colourPeople(3, 2, { share: 0.5 });
    const { figure, sets, points, of, residual } = await featureSpheres(
      { real, other },
      colours,
      { identities: 2, steps: 30 },
    );
    assertEquals(points.length, 2 * 4 + 2 * 2);
    for (const [x, y, z] of points) {
      assertAlmostEquals(Math.hypot(x, y, z), 1, 1e-9);
    }
    assert(residual < 1e-6);
    assertEquals(of[0], { set: "real", identity: real.identities[0] });
    assertEquals(of.at(-1), { set: "other", identity: other.identities[1] });
    // A person of one colour has no spread; where one of two images is of any colour, it has.
    const [first, second] = sets;
    assertEquals([first.images, second.images], [8, 4]);
    assertAlmostEquals(first.same, 1, 1e-6);
    assertAlmostEquals(first.toFirst, 1, 1e-6);
    assertAlmostEquals(first.spread, 0, 1e-6);
    // Of two unit vectors at cosine c the variance is 1 - c: the mean over both people is 1 minus the mean cosine.
    assertAlmostEquals(second.spread, 1 - second.same, 1e-6);
    assert(second.toFirst < 1);
    // Two spheres from two sides, two people each.
    assertEquals(figure.data.length, 2 * 2 * 2);
  },
  { backends: ["wasm"] },
);
