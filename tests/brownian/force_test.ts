import { assertEquals } from "@std/assert";
import { linearToy } from "../../src/brownian/mod.ts";
import {
  avoidance,
  embedInChunks,
  inChunks,
  pulledForce,
} from "../../src/brownian/force.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "inChunks() asks for all rows once, the last ones as they are",
  () => {
    const asked: number[][] = [];
    using rows = owned(inChunks(5, 2, (from, size) => {
      asked.push([from, size]);
      return tf.fill([size, 1], from) as tf.Tensor2D;
    }));
    assertEquals(asked, [[0, 2], [2, 2], [4, 1]]);
    assertClose(rows.value, [[0], [0], [2], [2], [4]], 0);
  },
);

testOnBackends(
  "embedInChunks() and pulledForce() give e = A w and F = -Aᵀg, whatever the chunk",
  () => {
    using matrix = owned(tf.tensor2d([[1, 2], [0, 3], [-1, 0]]));
    const toy = linearToy(matrix.value);
    using w = owned(tf.tensor2d([[1, 0], [0, 1], [2, -1]]));
    using g = owned(tf.tensor2d([[1, 0, 0], [0, 1, 0], [1, 1, 1]]));
    for (const chunk of [1, 2, 3]) {
      using e = owned(embedInChunks(toy, w.value, chunk));
      assertClose(e.value, [[1, 0, -1], [2, 3, 0], [0, -3, -2]], 1e-6);
      using force = owned(pulledForce(toy, w.value, g.value, chunk));
      assertClose(force.value, [[-1, -2], [0, -3], [0, -5]], 1e-6);
    }
  },
);

testOnBackends(
  "avoidance() pushes within 0.6 rad unless told otherwise, and counts whom",
  () => {
    const at = (angle: number) => [Math.cos(angle), Math.sin(angle)];
    using real = owned(tf.tensor2d([[5, 0]]));
    using e = owned(tf.tensor2d([at(0.2), at(0.7)]));
    const found = avoidance(e.value, { embeddings: real.value });
    // U = ½ (0.6 - 0.2)², and nothing from the second.
    assertClose(found.energy, 0.08, 1e-5);
    assertEquals(found.overlaps, 1);
    assertClose(found.angles.min, 0.2, 1e-4);
    const gradient = found.gradient.arraySync();
    // Against the tangent (-sin, cos) at 0.2: the force is away from the real one.
    assertClose(gradient[0], [0.4 * Math.sin(0.2), -0.4 * Math.cos(0.2)], 1e-3);
    assertClose(gradient[1], [0, 0], 1e-6);
    found.gradient.dispose();
    const wide = avoidance(e.value, {
      embeddings: real.value,
      distance: 1,
      stiffness: 2,
    });
    // 0.8² + 0.3² at k = 2.
    assertClose(wide.energy, 0.73, 1e-5);
    assertEquals(wide.overlaps, 2);
    wide.gradient.dispose();
  },
);
