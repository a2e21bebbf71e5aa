import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type DispersionOptions,
  dispersionStep,
  identityToy,
  startCovariates,
  startVariations,
} from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const random = randomStream(9);
const smallest = (latents: tf.Tensor2D) => {
  const points = latents.arraySync();
  const lengths = points.flatMap((a, i) =>
    points.slice(i + 1).map((b) => Math.hypot(...a.map((x, k) => x - b[k])))
  );
  return { least: Math.min(...lengths), most: Math.max(...lengths) };
};

/** Variations about the origin, centred there. */
const centred = (count: number, dimensions: number) =>
  tf.tidy(() => {
    const start = startVariations(tf.zeros([dimensions]), { count, random });
    return tf.sub(start, tf.mean(start, 0)) as tf.Tensor2D;
  });

/** Runs steps; the latents given are freed. */
function run(
  start: tf.Tensor2D,
  reference: tf.Tensor1D,
  steps: number,
  options: DispersionOptions,
) {
  const model = identityToy(start.shape[1]);
  let latents = start;
  const statistics = [];
  for (let t = 0; t < steps; t++) {
    const step = dispersionStep(model, latents, reference, t, random, options);
    latents.dispose();
    latents = step.latents;
    statistics.push(step.statistics);
  }
  return { latents, statistics };
}

testOnBackends(
  "dispersionStep() in compat takes the released step (case G)",
  () => {
    using reference = owned(tf.tensor1d([10, 0]));
    const { latents, statistics } = run(
      tf.tensor2d([[10, 5], [10, -5]]),
      reference.value,
      1,
      { mode: "compat", noise: 0, kappa: 1 },
    );
    assertClose(latents, [[9.509273, 4.8314541], [9.509273, -4.8314541]], 1e-6);
    // F = (0.1854590 - 10, -0.3709181 + 2 - 5) and its mirror image.
    assertClose(statistics[0].force.max, Math.hypot(9.814541, 3.3709181), 1e-5);
    assertClose(statistics[0].latentDistance, 10, 1e-6);
    assertEquals([statistics[0].overlaps, statistics[0].dt], [1, 0.05]);
    // 20/4 · 2 θ² + (12 - 10)²/2 with θ = atan 0.5.
    assertClose(statistics[0].energy, 10 * Math.atan(0.5) ** 2 + 2, 1e-5);
    latents.dispose();
  },
);

testOnBackends("dispersionStep() doubles the spring in the clean mode", () => {
  using reference = owned(tf.tensor1d([10, 0]));
  const forceIn = (mode: "clean" | "compat", identity: number) => {
    const { latents, statistics } = run(
      tf.tensor2d([[10, 5]]),
      reference.value,
      1,
      { mode, identity, stiffness: 0, pull: 0, noise: 0, kappa: 1 },
    );
    latents.dispose();
    return statistics[0].force.max;
  };
  assertClose(forceIn("clean", 20), 2 * forceIn("compat", 20), 1e-5);
});

testOnBackends("dispersionStep() ends in a regular simplex (case E)", () => {
  // Edge d_w n k_w / (k_g + n k_w).
  for (const [count, edge] of [[2, 8], [5, 10]]) {
    using reference = owned(tf.ones([count - 1]) as tf.Tensor1D);
    const { latents } = run(centred(count, count - 1), reference.value, 150, {
      identity: 0,
      noise: 0,
    });
    const { least, most } = smallest(latents);
    assertClose([least, most], [edge, edge], 2e-3);
    latents.dispose();
  }
});

testOnBackends(
  "dispersionStep() brings a simplex of 64 to its edge (case E)",
  () => {
    using reference = owned(tf.ones([64]) as tf.Tensor1D);
    // From edges of 5 √2, as modes other than the size of the simplex die away slowly.
    const start = () =>
      tf.tidy(() => {
        const corners = tf.mul(5, tf.eye(64));
        return tf.sub(corners, tf.mean(corners, 0)) as tf.Tensor2D;
      });
    for (const [distance, edge] of [[12, 11.81538], [14, 13.78462]]) {
      const { latents } = run(start(), reference.value, 25, {
        identity: 0,
        noise: 0,
        distance,
      });
      const { least, most } = smallest(latents);
      assertClose([least, most], [edge, edge], 1e-4);
      latents.dispose();
    }
  },
);

testOnBackends(
  "dispersionStep() brings the centroid home by (1 - dt k_g) a step (case E)",
  () => {
    using reference = owned(tf.tensor1d([1, 0, 0]));
    const start = tf.tensor2d([[4, 1, 0], [5, -1, 1], [3, 0, -1]]);
    const { latents } = run(start, reference.value, 10, {
      mode: "compat",
      identity: 0,
      noise: 0,
      timestep: 0.02,
      pull: 2,
    });
    const centroid = tf.tidy(() => tf.mean(latents, 0));
    assertClose(centroid, [4 * 0.96 ** 10, 0, 0], 1e-5);
    tf.dispose([latents, centroid]);
  },
);

testOnBackends(
  "dispersionStep() shakes with variance T dt² η² in compat and T dt η² in clean (case F)",
  () => {
    using reference = owned(tf.ones([200]) as tf.Tensor1D);
    for (
      const [mode, expected] of [
        ["compat", 4 * 0.25 * 0.09],
        ["clean", 4 * 0.5 * 0.09],
      ] as const
    ) {
      const { latents } = run(tf.ones([100, 200]), reference.value, 4, {
        mode,
        identity: 0,
        stiffness: 0,
        pull: 0,
        noise: 0.3,
        timestep: 0.5,
      });
      const variance = tf.tidy(() =>
        tf.moments(latents).variance.dataSync()[0]
      );
      // The mean of 20,000 squares is off by 1 %.
      assertClose(variance / expected, 1, 0.04);
      latents.dispose();
    }
  },
);

testOnBackends(
  "dispersionStep() keeps variations away from real people (case H)",
  () => {
    using reference = owned(tf.tensor1d([1, 0]));
    using real = owned(tf.tensor2d([[1, 0]]));
    const { latents, statistics } = run(
      tf.tensor2d([[Math.cos(0.2), Math.sin(0.2)]]),
      reference.value,
      80,
      {
        identity: 0,
        stiffness: 0,
        pull: 0,
        noise: 0,
        timestep: 0.2,
        avoid: { embeddings: real.value, distance: 0.6 },
      },
    );
    const [x, y] = latents.dataSync();
    assertClose(Math.atan2(y, x), 0.6, 2e-3);
    assertClose(statistics[0].nearestReal, 0.2, 1e-3);
    assertEquals(real.value.arraySync(), [[1, 0]]);
    latents.dispose();
  },
);

testOnBackends(
  "dispersionStep() of DisCo's start without scale is Dispersion bit for bit (case I)",
  () => {
    using reference = owned(tf.tensor1d([3, 1, 2]));
    const plain = startVariations(reference.value, { count: 4, random });
    const along = startCovariates(
      reference.value,
      [{ direction: [1, 2, 3], scale: 0 }, { direction: [0, 0, 5], scale: 0 }],
      { count: 4, random },
    );
    const a = run(plain, reference.value, 3, {}).latents;
    const b = run(along, reference.value, 3, {}).latents;
    assertEquals(b.arraySync(), a.arraySync());
    tf.dispose([a, b]);
  },
);

testOnBackends(
  "dispersionStep() commutes with permutation, and chunks do not matter (case J)",
  () => {
    using reference = owned(tf.tensor1d([3, 1, 2]));
    const start = owned(startVariations(reference.value, { count: 5, random }));
    using w = start;
    const options = { noise: 0, distance: 3 };
    const plain = run(tf.clone(w.value), reference.value, 3, options).latents;
    const order = [3, 0, 4, 2, 1];
    const mixed = run(tf.gather(w.value, order), reference.value, 3, options);
    const back = tf.gather(plain, order);
    assertClose(mixed.latents, back, 1e-4);
    const chunked = run(tf.clone(w.value), reference.value, 3, {
      ...options,
      chunk: 2,
    });
    assertClose(chunked.latents, plain, 1e-5);
    tf.dispose([plain, mixed.latents, back, chunked.latents]);
  },
);

testOnBackends(
  "dispersionStep() never raises the energy in the clean mode without noise (case J)",
  () => {
    using reference = owned(tf.tensor1d([6, 1, 2, 0]));
    const start = startVariations(reference.value, {
      count: 8,
      random,
      spread: 2,
    });
    const { latents, statistics } = run(start, reference.value, 15, {
      noise: 0,
      pull: 0,
      timestep: 0.01,
    });
    for (let t = 1; t < statistics.length; t++) {
      assert(statistics[t].energy <= statistics[t - 1].energy + 1e-3);
    }
    latents.dispose();
  },
);

testOnBackends(
  "dispersionStep() leaves coinciding variations without NaN (case J)",
  () => {
    using reference = owned(tf.tensor1d([2, 1]));
    for (const mode of ["clean", "compat"] as const) {
      const { latents, statistics } = run(
        tf.tensor2d([[2, 1], [2, 1], [4, 2]]),
        reference.value,
        2,
        { mode },
      );
      assert(latents.dataSync().every(Number.isFinite));
      assert(Number.isFinite(statistics[1].force.max));
      latents.dispose();
    }
  },
);

testOnBackends(
  "dispersionStep() refuses other sizes and numbers out of range",
  () => {
    using w = owned(tf.tensor2d([[1, 0], [0, 1]]));
    using reference = owned(tf.tensor1d([1, 0]));
    using nowhere = owned(tf.tensor1d([0, 0]));
    const step =
      (options: DispersionOptions, e = reference.value, dimensions = 2) => () =>
        dispersionStep(identityToy(dimensions), w.value, e, 0, random, options);
    assertThrows(step({}, reference.value, 3), TypeError, "'latents'");
    assertThrows(step({}, nowhere.value), RangeError, "'reference[0]'");
    assertThrows(
      step({ mode: "fast" as "clean" }),
      RangeError,
      `'mode' must be one of "clean", "compat"`,
    );
    for (
      const name of [
        "identity",
        "stiffness",
        "distance",
        "pull",
        "noise",
      ] as const
    ) {
      assertThrows(step({ [name]: -1 }), RangeError, `'${name}'`);
    }
    assertThrows(step({ viscosity: 0 }), RangeError, "'viscosity'");
    assertThrows(step({ chunk: 0.5 }), RangeError, "'chunk'");
  },
);
