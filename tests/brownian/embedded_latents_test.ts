import { assert, assertEquals } from "@std/assert";
import {
  embeddedLatents,
  langevinStep,
  type LatentModel,
  spsaPullBack,
} from "../../src/brownian/mod.ts";
import {
  type Embedder,
  plainPreprocessing,
  randomStream,
} from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { rowNoise } from "../../src/brownian/row_noise.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** Pictures of one pixel: colours are latents through A, features their squares. */
const A = [[1, 0.5, 0], [0, 2, 1], [1, 0, -1]];
const model: LatentModel = {
  dimensions: 3,
  mean: () => tf.zeros([3]),
  sample: (streams) => rowNoise(streams, 3),
  decode: (w) =>
    tf.tidy(() =>
      tf.reshape(tf.matMul(w, tf.tensor2d(A)), [-1, 1, 1, 3]) as tf.Tensor4D
    ),
};
const embedder: Embedder = {
  embed: (images) =>
    tf.tidy(() => tf.square(tf.reshape(images, [-1, 3])) as tf.Tensor2D),
  width: 3,
  preprocessing: plainPreprocessing(1, 1),
  fingerprint: "squares",
};
const W = [[1, 2, 3], [0, 1, -1]];
const G = [[1, 0, 1], [2, 1, 0]];

/** Jᵀg = A (2 y g) with y = w A, by hand. */
const expected = W.map((w, i) => {
  const y = A[0].map((_, k) => w.reduce((sum, v, j) => sum + v * A[j][k], 0));
  return A.map((row) =>
    row.reduce((sum, a, k) => sum + a * 2 * y[k] * G[i][k], 0)
  );
});

testOnBackends(
  "embeddedLatents() pulls back through generator and embedder",
  () => {
    using w = owned(tf.tensor2d(W));
    using g = owned(tf.tensor2d(G));
    for (const compile of [true, false]) {
      using latents = embeddedLatents(model, embedder, { compile });
      const slope = latents.pullBack(w.value, g.value);
      assertClose(slope, expected, 1e-5);
      const e = latents.embed(w.value);
      assertEquals(e.shape, [2, latents.width]);
      tf.dispose([slope, e]);
    }
  },
);

testOnBackends(
  "embeddedLatents() uses the model's own pull-back for its part",
  () => {
    let calls = 0;
    const own: LatentModel = {
      ...model,
      pullBack: (_w, gradients) => {
        calls++;
        return tf.tidy(() =>
          tf.matMul(
            tf.reshape(gradients, [-1, 3]) as tf.Tensor2D,
            tf.tensor2d(A),
            false,
            true,
          )
        );
      },
    };
    using latents = embeddedLatents(own, embedder);
    using w = owned(tf.tensor2d(W));
    using g = owned(tf.tensor2d(G));
    const slope = latents.pullBack(w.value, g.value);
    assertClose(slope, expected, 1e-5);
    assertEquals(calls, 1);
    slope.dispose();
  },
);

testOnBackends(
  "embeddedLatents() aligns pictures before they are embedded",
  () => {
    using latents = embeddedLatents(model, embedder, {
      align: (images) => tf.mul(images, 2),
    });
    using w = owned(tf.tensor2d(W));
    using g = owned(tf.tensor2d(G));
    const slope = latents.pullBack(w.value, g.value);
    assertClose(slope, expected.map((row) => row.map((v) => 4 * v)), 1e-5);
    slope.dispose();
  },
);

testOnBackends(
  "embeddedLatents() takes another pull-back, and the dynamics go on with it",
  () => {
    using latents = embeddedLatents(model, embedder, {
      pullBack: (embed) =>
        spsaPullBack(embed, { random: randomStream(1), samples: 300 }),
    });
    using w = owned(tf.tensor2d(W));
    using g = owned(tf.tensor2d(G));
    const slope = latents.pullBack(w.value, g.value);
    slope.dataSync().forEach((value, i) =>
      assert(Math.abs(value - expected.flat()[i]) < 6)
    );
    const step = langevinStep(latents, w.value, 0, randomStream(2), {
      distance: 1.5,
    });
    assert(step.statistics.force.max > 0);
    tf.dispose([slope, step.latents]);
  },
);
