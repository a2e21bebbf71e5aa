import { assert, assertEquals, assertRejects } from "@std/assert";
import { angularRepulsion, identityToy } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { sampleReferences } from "../../src/stages/mod.ts";
import { nearestDirections } from "../../src/stages/nearest_directions.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const random = randomStream(4);

function smallestAngle(w: tf.Tensor2D): number {
  const { gradient, angles } = angularRepulsion(w, { distance: 1 });
  gradient.dispose();
  return angles.min;
}

testOnBackends(
  "sampleReferences() parts identities farther than chance, by each method",
  async () => {
    const found: Record<string, number> = {};
    for (const method of ["random", "reject", "repulse", "langevin"] as const) {
      using w = owned(
        await sampleReferences(identityToy(16), {
          count: 12,
          random,
          method,
          steps: 30,
          langevin: { distance: method === "reject" ? 1.1 : 1.5 },
        }),
      );
      assertEquals(w.value.shape, [12, 16]);
      found[method] = smallestAngle(w.value);
    }
    assert(found.reject >= 1.1 - 1e-5);
    assert(found.langevin > found.random + 0.2);
    assert(found.repulse > found.random + 0.2);
  },
);

testOnBackends(
  "sampleReferences() tells the statistics of each iteration, and stands still at the end",
  async () => {
    const told: { [name: string]: number }[] = [];
    using _w = owned(
      await sampleReferences(identityToy(8), {
        count: 4,
        random,
        method: "repulse",
        steps: 60,
        langevin: { distance: 0.9 },
        onStep: (_done, _steps, metrics) => void told.push(metrics),
      }),
    );
    assertEquals(told.length, 60);
    assert(told[0].smallestAngle > 0 && told[0].largestForce >= told[0].force);
    assertEquals("nearestReal" in told[0], false);
    assertEquals(told[59], { dt: 0 });
  },
);

testOnBackends("sampleReferences() refuses numbers out of range", async () => {
  const sample = (options: { count?: number; steps?: number }) =>
    sampleReferences(identityToy(2), { count: 2, random, ...options });
  await assertRejects(() => sample({ count: 0 }), RangeError, "'count'");
  await assertRejects(() => sample({ steps: 0.5 }), RangeError, "'steps'");
});

testOnBackends(
  "nearestDirections() finds the nearest by angle, and nobody near to themselves",
  () => {
    using a = owned(tf.tensor2d([[1, 0], [0, 3], [1, 1]]));
    using b = owned(tf.tensor2d([[0, 2], [5, 1]]));
    const { angles, indices } = nearestDirections(a.value, b.value);
    assertEquals([...indices], [1, 0, 1]);
    // π/4 - atan 0.2 for the last.
    assertClose(
      angles,
      [Math.atan(0.2), 0, Math.PI / 4 - Math.atan(0.2)],
      1e-3,
    );
    const self = nearestDirections(a.value, a.value, true);
    assertEquals([...self.indices].slice(0, 2), [2, 2]);
    assertClose(self.angles, [Math.PI / 4, Math.PI / 4, Math.PI / 4], 1e-5);
  },
);
