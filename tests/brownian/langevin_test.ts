import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  identityToy,
  type LangevinOptions,
  langevinStep,
  linearToy,
} from "../../src/brownian/mod.ts";
import { angularRepulsion } from "../../src/brownian/angular_repulsion.ts";
import type { EmbeddedLatents } from "../../src/brownian/embedded_latents.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** Nothing but repulsion, as in the exact cases. */
const BARE = { noise: 0, pull: 0, kappa: 1 };
const random = randomStream(5);

/** Runs steps; the latents given are freed. */
function run(
  model: EmbeddedLatents,
  start: tf.Tensor2D,
  steps: number,
  options: LangevinOptions,
  after: (latents: tf.Tensor2D) => tf.Tensor2D = (latents) => tf.clone(latents),
) {
  let latents = start;
  const statistics = [];
  for (let t = 0; t < steps; t++) {
    const step = langevinStep(model, latents, t, random, options);
    latents.dispose();
    latents = after(step.latents);
    step.latents.dispose();
    statistics.push(step.statistics);
  }
  return { latents, statistics };
}

function anglesOf(latents: tf.Tensor2D) {
  const { gradient, angles, overlaps } = angularRepulsion(latents, {
    distance: 1.4,
    kappa: 1,
  });
  gradient.dispose();
  return { ...angles, overlaps };
}

const unitNormals = (name: string, count: number, width: number) =>
  tf.tidy(() => {
    const x = normalTensor(randomStream(2), name, [count, width], 1);
    return tf.div(x, tf.norm(x, 2, 1, true)) as tf.Tensor2D;
  });

const apart = (angle: number) =>
  tf.tensor2d([[1, 0], [Math.cos(angle), Math.sin(angle)]]);

testOnBackends(
  "langevinStep() parts two identities by 2 atan 0.2 (case B)",
  () => {
    const fixed = run(identityToy(2), apart(1), 1, {
      ...BARE,
      distance: 1.4,
      timestep: 0.5,
    });
    assertClose(anglesOf(fixed.latents).min, 1.3947911, 1e-5);
    assertClose(fixed.statistics[0].energy, 0.08, 1e-5);
    assertClose(fixed.statistics[0].force.max, 0.4, 1e-5);
    const adaptive = run(identityToy(2), apart(1), 1, {
      ...BARE,
      distance: 1.4,
      timestep: -0.3,
    });
    assertClose(adaptive.statistics[0].dt, 0.7191383, 1e-5);
    assertClose(anglesOf(adaptive.latents).min, 1.5601866, 1e-5);
    tf.dispose([fixed.latents, adaptive.latents]);
  },
);

testOnBackends(
  "langevinStep() spreads four identities over the tetrahedron (case C)",
  () => {
    const { latents } = run(identityToy(3), unitNormals("four", 4, 3), 120, {
      ...BARE,
      distance: 2.5,
      timestep: 0.2,
    });
    const { min, max } = anglesOf(latents);
    assertClose([min, max], [Math.acos(-1 / 3), Math.acos(-1 / 3)], 1e-3);
    latents.dispose();
  },
);

testOnBackends(
  "langevinStep() spreads six identities evenly over the circle (case C)",
  () => {
    const { latents } = run(
      identityToy(2),
      unitNormals("six", 6, 2),
      150,
      { ...BARE, distance: 1.4, timestep: 0.3 },
      (w) => tf.tidy(() => tf.div(w, tf.norm(w, 2, 1, true)) as tf.Tensor2D),
    );
    assertClose(anglesOf(latents).min, Math.PI / 3, 1e-3);
    latents.dispose();
  },
);

testOnBackends(
  "langevinStep() parts 500 identities until none overlap (case D)",
  () => {
    const { latents } = run(
      identityToy(512),
      unitNormals("many", 500, 512),
      25,
      {
        ...BARE,
        distance: 1.4,
        timestep: 0.5,
      },
    );
    const { min } = anglesOf(latents);
    assertClose(min, 1.4, 1e-4);
    latents.dispose();
  },
);

testOnBackends("langevinStep() shakes with variance T dt η² (case F)", () => {
  const start = tf.ones([200, 200]) as tf.Tensor2D;
  const { latents } = run(identityToy(200), start, 4, {
    stiffness: 0,
    pull: 0,
    noise: 0.3,
    timestep: 0.5,
  });
  const variance = tf.tidy(() => tf.moments(latents).variance.dataSync()[0]);
  // 4 · 0.5 · 0.09; the mean of 40,000 squares is off by 0.7 %.
  assertClose(variance / 0.18, 1, 0.03);
  latents.dispose();
});

testOnBackends(
  "langevinStep() keeps away from real people, who stay where they are (case H)",
  () => {
    using real = owned(tf.tensor2d([[1, 0]]));
    const near = run(
      identityToy(2),
      tf.tensor2d([[Math.cos(0.2), Math.sin(0.2)]]),
      60,
      {
        ...BARE,
        timestep: 0.3,
        avoid: { embeddings: real.value, distance: 0.6 },
      },
    );
    const angle = (w: tf.Tensor2D) => {
      const [x, y] = w.dataSync();
      return Math.atan2(y, x);
    };
    assertClose(near.statistics[0].nearestReal, 0.2, 1e-4);
    assertClose(angle(near.latents), 0.6, 1e-3);
    assertEquals(real.value.arraySync(), [[1, 0]]);
    const far = run(
      identityToy(2),
      tf.tensor2d([[Math.cos(0.7), Math.sin(0.7)]]),
      1,
      {
        ...BARE,
        timestep: 0.3,
        avoid: { embeddings: real.value, distance: 0.6 },
      },
    );
    assertEquals(far.statistics[0].force.max, 0);
    assertClose(angle(far.latents), 0.7, 1e-6);
    tf.dispose([near.latents, far.latents]);
  },
);

testOnBackends(
  "langevinStep() stands still where nothing pushes and the step adapts",
  () => {
    const { latents, statistics } = run(identityToy(2), apart(1.5), 1, {
      ...BARE,
      noise: 0.1,
      distance: 1.4,
    });
    assertEquals(statistics[0].dt, 0);
    assertClose(latents, [[1, 0], [Math.cos(1.5), Math.sin(1.5)]], 1e-7);
    const alone = run(identityToy(2), tf.tensor2d([[2, 0]]), 1, {
      pull: 1,
      noise: 0,
    });
    assertClose(alone.statistics[0].dt, 0.3, 1e-7);
    assertClose(alone.latents, [[1.4, 0]], 1e-6); // 2 - 0.3 · 2
    tf.dispose([latents, alone.latents]);
  },
);

testOnBackends(
  "langevinStep() commutes with permutation and rotation (case J)",
  () => {
    const start = owned(unitNormals("rotate", 5, 3));
    using w = start;
    const options = { ...BARE, distance: 2, timestep: 0.2, pull: 0.3 };
    const plain = run(identityToy(3), tf.clone(w.value), 3, options);
    const order = [3, 0, 4, 2, 1];
    const mixed = run(identityToy(3), tf.gather(w.value, order), 3, options);
    const back = tf.tidy(() => tf.gather(plain.latents, order));
    assertClose(mixed.latents, back, 1e-5);
    // About the third axis by 0.7 rad.
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    using turn = owned(tf.tensor2d([[c, s, 0], [-s, c, 0], [0, 0, 1]]));
    const turned = run(
      identityToy(3),
      tf.matMul(w.value, turn.value),
      3,
      options,
    );
    const expected = tf.matMul(plain.latents, turn.value);
    assertClose(turned.latents, expected, 1e-5);
    tf.dispose([plain.latents, mixed.latents, back, turned.latents, expected]);
  },
);

testOnBackends(
  "langevinStep() never raises the energy by small steps without noise (case J)",
  () => {
    const { latents, statistics } = run(
      identityToy(6),
      unitNormals("energy", 12, 6),
      20,
      {
        ...BARE,
        distance: 1.6,
        timestep: 0.05,
      },
    );
    for (let t = 1; t < statistics.length; t++) {
      assert(statistics[t].energy <= statistics[t - 1].energy + 1e-6);
    }
    assert(statistics[19].energy < 0.8 * statistics[0].energy);
    latents.dispose();
  },
);

testOnBackends(
  "langevinStep() does not depend on chunks, nor a particle's noise on the others (case J)",
  () => {
    using w = owned(unitNormals("chunks", 7, 4));
    const one = langevinStep(identityToy(4), w.value, 3, random, { chunk: 64 });
    const many = langevinStep(identityToy(4), w.value, 3, random, { chunk: 2 });
    assertClose(many.latents, one.latents, 1e-6);
    const noiseAlone = { stiffness: 0, pull: 0, timestep: 1 };
    const all = langevinStep(identityToy(4), w.value, 3, random, noiseAlone);
    using three = owned(tf.slice(w.value, [0, 0], [3, 4]));
    const few = langevinStep(
      identityToy(4),
      three.value,
      3,
      random,
      noiseAlone,
    );
    const first = tf.slice(all.latents, [0, 0], [3, 4]);
    assertEquals(few.latents.arraySync(), first.arraySync());
    tf.dispose([one, many, all, few].map(({ latents }) => latents));
    first.dispose();
  },
);

testOnBackends(
  "langevinStep() leaves coinciding particles without NaN (case J)",
  () => {
    const { latents } = run(
      identityToy(2),
      tf.tensor2d([[1, 1], [1, 1], [0, 1]]),
      3,
      { distance: 1.4 },
    );
    assert(latents.dataSync().every(Number.isFinite));
    latents.dispose();
  },
);

testOnBackends(
  "langevinStep() pulls back through a linear generator exactly (case K)",
  () => {
    using matrix = owned(tf.tensor2d([[1, 2], [0, 1], [-1, 0.5]]));
    using w = owned(tf.tensor2d([[1, 0.3], [0.4, 1]]));
    const { latents } = langevinStep(
      linearToy(matrix.value),
      w.value,
      0,
      random,
      {
        ...BARE,
        distance: 1.4,
        timestep: 1,
      },
    );
    const expected = tf.tidy(() => {
      const e = tf.matMul(w.value, matrix.value, false, true) as tf.Tensor2D;
      const { gradient } = angularRepulsion(e, { distance: 1.4, kappa: 1 });
      return tf.sub(w.value, tf.matMul(gradient, matrix.value));
    });
    assertClose(latents, expected, 1e-6);
    tf.dispose([latents, expected]);
  },
);

testOnBackends(
  "langevinStep() refuses other sizes and numbers out of range",
  () => {
    using w = owned(apart(1));
    const step = (options: LangevinOptions, dimensions = 2) => () =>
      langevinStep(identityToy(dimensions), w.value, 0, random, options);
    assertThrows(step({}, 3), TypeError, "'latents' must be of shape");
    assertThrows(step({ viscosity: 0 }), RangeError, "'viscosity'");
    assertThrows(step({ noise: -1 }), RangeError, "'noise'");
    assertThrows(step({ pull: -1 }), RangeError, "'pull'");
    assertThrows(step({ chunk: 0 }), RangeError, "'chunk'");
    assertThrows(step({ timestep: NaN }), RangeError, "'timestep'");
    assertThrows(step({ distance: 4 }), RangeError, "'distance'");
  },
);
