import { assert, assertEquals, assertThrows } from "@std/assert";
import { angularRepulsion } from "../../src/brownian/angular_repulsion.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const matrix = (name: string, rows: number, columns: number) =>
  owned(normalTensor(randomStream(3), name, [rows, columns], 1) as tf.Tensor2D);

testOnBackends(
  "angularRepulsion() of a right angle acts below its reach alone (case A)",
  () => {
    using e = owned(tf.tensor2d([[1, 0], [0, 1]]));
    const far = angularRepulsion(e.value, { distance: 1.4, kappa: 1 });
    assertClose(far.gradient, [[0, 0], [0, 0]]);
    assertEquals([far.energy, far.overlaps], [0, 0]);
    // 1.7 - π/2 = 0.1292037, and half its square 0.00834679.
    const near = angularRepulsion(e.value, { distance: 1.7, kappa: 1 });
    assertClose(near.gradient, [[0, 0.1292037], [0.1292037, 0]], 1e-6);
    assertClose(near.energy, 0.00834679, 1e-6);
    assertEquals(near.overlaps, 1);
    assertClose([near.angles.min, near.angles.mean], [
      Math.PI / 2,
      Math.PI / 2,
    ]);
    tf.dispose([far.gradient, near.gradient]);
  },
);

testOnBackends(
  "angularRepulsion() halves the force of doubled vectors (case B)",
  () => {
    const at = (length: number) =>
      owned(tf.tensor2d([
        [length, 0],
        [length * Math.cos(1), length * Math.sin(1)],
      ]));
    using unit = at(1);
    using double = at(2);
    const one = angularRepulsion(unit.value, { distance: 1.4, kappa: 1 });
    const two = angularRepulsion(double.value, { distance: 1.4, kappa: 1 });
    // Tangential: away from each other along the circle, 0.4 each.
    assertClose(one.gradient, [[0, 0.4], [
      0.4 * Math.sin(1),
      -0.4 * Math.cos(1),
    ]]);
    assertClose(one.energy, 0.08, 1e-6);
    assertClose(two.gradient, [[0, 0.2], [
      0.2 * Math.sin(1),
      -0.2 * Math.cos(1),
    ]]);
    tf.dispose([one.gradient, two.gradient]);
  },
);

testOnBackends(
  "angularRepulsion() balances on the octahedron, antipodes included (case C)",
  () => {
    using corners = owned(tf.tensor2d([
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0, 0, 1],
      [0, 0, -1],
    ]));
    const { gradient, energy, overlaps, angles } = angularRepulsion(
      corners.value,
      { distance: 1.7, kappa: 1 },
    );
    assertClose(gradient, new Float32Array(18));
    // Of 15 pairs 12 are right angles: 12 (1.7 - π/2)² / 2.
    assertClose(energy, 0.1001615, 1e-6);
    assertEquals(overlaps, 12);
    assertClose([angles.min, angles.max], [Math.PI / 2, Math.PI], 1e-3);
    gradient.dispose();
  },
);

testOnBackends("angularRepulsion() does not depend on tiles", () => {
  using e = matrix("tiles", 23, 5);
  using others = matrix("others", 9, 5);
  for (const options of [{}, { others: others.value }]) {
    const whole = angularRepulsion(e.value, { distance: 1.5, ...options });
    for (const tile of [[1, 1], [4, 7], [23, 2], [5, 50]] as const) {
      const tiled = angularRepulsion(e.value, {
        distance: 1.5,
        tile: [...tile],
        ...options,
      });
      assertClose(tiled.gradient, whole.gradient, 1e-5);
      assertClose(tiled.energy, whole.energy, 1e-5);
      assertEquals(tiled.overlaps, whole.overlaps);
      assertClose(tiled.nearest, whole.nearest);
      assertClose(Object.values(tiled.angles), Object.values(whole.angles));
      tiled.gradient.dispose();
    }
    whole.gradient.dispose();
  }
});

testOnBackends(
  "angularRepulsion() gives the gradient of its own energy",
  () => {
    using e = matrix("slopes", 7, 4);
    const options = { distance: 1.3, stiffness: 2 };
    const { gradient } = angularRepulsion(e.value, options);
    const slopes = gradient.arraySync();
    const values = e.value.arraySync();
    for (const [i, k] of [[0, 0], [3, 2], [6, 3]]) {
      const energyAt = (shift: number) => {
        const moved = values.map((row) => [...row]);
        moved[i][k] += shift;
        using x = owned(tf.tensor2d(moved));
        const found = angularRepulsion(x.value, options);
        found.gradient.dispose();
        return found.energy;
      };
      const slope = (energyAt(0.01) - energyAt(-0.01)) / 0.02;
      assertClose(slopes[i][k], slope, 5e-3);
    }
    gradient.dispose();
  },
);

testOnBackends("angularRepulsion() leaves what coincides without NaN", () => {
  using e = owned(tf.tensor2d([[3, 1, 2], [3, 1, 2], [6, 2, 4]]));
  for (const kappa of [1, 0.999999]) {
    const { gradient, energy } = angularRepulsion(e.value, {
      distance: 1.4,
      kappa,
    });
    // A residue of rounding, magnified by 1/√(1 - κ²).
    assertClose(gradient, [[0, 0, 0], [0, 0, 0], [0, 0, 0]], 2e-3);
    assert(Number.isFinite(energy));
    gradient.dispose();
  }
});

testOnBackends("angularRepulsion() of one embedding finds no pair", () => {
  using e = owned(tf.tensor2d([[3, 1]]));
  const { gradient, angles, overlaps, nearest } = angularRepulsion(e.value, {
    distance: 1,
  });
  assertClose(gradient, [[0, 0]]);
  assertEquals(overlaps, 0);
  assert(Number.isNaN(angles.min) && Number.isNaN(angles.mean));
  assertClose(nearest, [Math.PI]);
  gradient.dispose();
});

testOnBackends(
  "angularRepulsion() refuses vectors without direction and numbers out of range",
  () => {
    using e = owned(tf.tensor2d([[1, 0], [0, 0]]));
    using wide = owned(tf.tensor2d([[1, 0, 0]]));
    const call = (options: Parameters<typeof angularRepulsion>[1]) => () =>
      angularRepulsion(e.value, options);
    assertThrows(
      call({ distance: 1 }),
      RangeError,
      "'embeddings[1]' must be finite and not zero",
    );
    assertThrows(call({ distance: 0 }), RangeError, "'distance'");
    assertThrows(call({ distance: 3.2 }), RangeError, "'distance'");
    assertThrows(call({ distance: 1, kappa: 1.1 }), RangeError, "'kappa'");
    assertThrows(
      call({ distance: 1, stiffness: -1 }),
      RangeError,
      "'stiffness'",
    );
    assertThrows(call({ distance: 1, tile: [0, 4] }), RangeError, "'tile'");
    assertThrows(
      call({ distance: 1, others: wide.value }),
      TypeError,
      "'others'",
    );
  },
);
