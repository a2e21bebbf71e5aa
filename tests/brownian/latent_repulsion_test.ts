import { assertEquals, assertThrows } from "@std/assert";
import { latentRepulsion } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "latentRepulsion() pushes by the missing length (case G)",
  () => {
    using w = owned(tf.tensor2d([[10, 5], [10, -5]]));
    const found = latentRepulsion(w.value, { distance: 12, stiffness: 1 });
    assertClose(found.force, [[0, 2], [0, -2]], 1e-6);
    assertClose(
      [found.energy, found.nearest, found.overlaps],
      [2, 10, 1],
      1e-6,
    );
    found.force.dispose();
  },
);

testOnBackends(
  "latentRepulsion() agrees with sums over pairs, blocks of rows or not",
  () => {
    // More than the eight rows of a block, and no multiple of them.
    using w = owned(
      normalTensor(randomStream(1), "w", [19, 3], 1) as tf.Tensor2D,
    );
    const points = w.value.arraySync();
    const expected = points.map((a) => {
      const sum = [0, 0, 0];
      for (const b of points) {
        const away = a.map((x, k) => x - b[k]);
        const length = Math.hypot(...away);
        if (length === 0 || length > 2) continue;
        away.forEach((x, k) => sum[k] += 0.5 * (2 - length) * x / length);
      }
      return sum;
    });
    const found = latentRepulsion(w.value, { distance: 2, stiffness: 0.5 });
    assertClose(found.force, expected, 1e-5);
    found.force.dispose();
  },
);

testOnBackends(
  "latentRepulsion() of coinciding or single latents is none",
  () => {
    using w = owned(tf.tensor2d([[1, 2], [1, 2]]));
    const same = latentRepulsion(w.value, { distance: 3 });
    assertEquals(same.force.arraySync(), [[0, 0], [0, 0]]);
    assertEquals([same.nearest, same.overlaps, same.energy], [Infinity, 0, 0]);
    same.force.dispose();
    const distance = -1;
    assertThrows(
      () => latentRepulsion(w.value, { distance }),
      RangeError,
      "'distance'",
    );
  },
);
