/** What all objectives share; each has hand-computed values in a test of its own. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { transitionLogDensity } from "../../src/diffusion/mod.ts";
import { jit, tf } from "../../src/engine/mod.ts";
import {
  dpokLoss,
  type PolicyLossInput,
  type PolicyObjective,
  ppoLoss,
  reinforceLoss,
} from "../../src/policy/mod.ts";
import golden from "../golden/policy.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const make: {
  [name: string]: (
    options: { clip?: number; klWeight?: number },
  ) => PolicyObjective;
} = {
  reinforce: ({ klWeight }) => reinforceLoss({ klWeight }),
  dpok: dpokLoss,
  ppo: ppoLoss,
};

for (const { name, clip, klWeight, loss, slope } of golden.objectives) {
  testOnBackends(
    `${name}Loss() and its gradient are PyTorch's, clip ${clip}, KL weight ${klWeight}`,
    () => {
      tf.tidy(() => {
        const objective = make[name]({ clip: clip ?? Infinity, klWeight });
        const { old, logRatio, advantage, kl } = golden;
        const of = (logDensity: tf.Tensor) =>
          objective({
            logDensity: logDensity as tf.Tensor1D,
            oldLogDensity: tf.tensor1d(old),
            advantage: tf.tensor1d(advantage),
            kl: tf.tensor1d(kl),
          });
        const at = tf.tensor1d(old.map((log, i) => log + logRatio[i]));
        // A ratio of 1 is only almost 1 in single precision; 1e-4 is far enough.
        assertClose(of(at), loss, 1e-6);
        assertClose(tf.grad(of)(at), slope, 1e-5);
      });
    },
  );
}

const unpenalised: [string, PolicyObjective][] = [
  ["reinforceLoss()", reinforceLoss()],
  ["dpokLoss()", dpokLoss({ klWeight: 0 })],
  ["dpokLoss() without a clamp", dpokLoss({ clip: Infinity, klWeight: 0 })],
  ["ppoLoss()", ppoLoss()],
  ["ppoLoss() without a clip", ppoLoss({ clip: Infinity })],
];

// p_θ = N(W x, σ²): ∇_W log p = (x_next - W x) xᵀ / (σ² D) by hand, mean over dimensions.
for (const [name, objective] of unpenalised) {
  testOnBackends(`at ratio 1 the gradient of ${name} is REINFORCE's`, () => {
    tf.tidy(() => {
      const random = randomStream(4, "objectives");
      const draw = (name: string, rows: number, columns: number) =>
        tf.tensor2d(random.fork(name).normals(rows * columns), [rows, columns]);
      const [state, next] = [draw("state", 6, 3), draw("next", 6, 2)];
      const weights = draw("weights", 3, 2);
      const advantage = tf.tensor1d(random.fork("advantage").normals(6));
      const deviation = 0.7;
      const densityOf = (weights: tf.Tensor) =>
        transitionLogDensity(next, tf.matMul(state, weights as tf.Tensor2D), {
          deviation: tf.scalar(deviation),
          logDeviation: tf.scalar(Math.log(deviation)),
        });
      const z = tf.div(
        tf.sub(next, tf.matMul(state, weights)),
        deviation ** 2 * 2,
      );
      const weighted = tf.mul(z, tf.expandDims(advantage, 1));
      const byHand = tf.div(tf.matMul(state, weighted, true), -6);
      const old = densityOf(weights);
      // The old density is held constant, whether the caller did so or not.
      for (const isSame of [false, true]) {
        const slope = tf.grad((weights: tf.Tensor) => {
          const logDensity = densityOf(weights);
          const oldLogDensity = isSame ? logDensity : old;
          return objective({ logDensity, oldLogDensity, advantage });
        })(weights);
        assertClose(slope, byHand, 1e-5);
      }
    });
  });
}

const one = () => tf.tensor1d([-1, -2]);
const input = (kl?: tf.Tensor1D): PolicyLossInput => ({
  logDensity: one(),
  oldLogDensity: one(),
  advantage: tf.tensor1d([1, 3]),
  ...(kl === undefined ? {} : { kl }),
});

testOnBackends(
  "the divergence pulls with its weight, and has a gradient",
  () => {
    tf.tidy(() => {
      for (const [name, of] of Object.entries(make)) {
        const slope = tf.grad((kl: tf.Tensor) =>
          of({ klWeight: 0.5 })(input(kl as tf.Tensor1D))
        );
        assertClose(slope(tf.tensor1d([1, 2])), [0.25, 0.25]);
        const [without, given] = [0, 2].map((klWeight) =>
          of({ klWeight })(input(tf.tensor1d([1, 2]))).dataSync()[0]
        );
        assertClose(given - without, 2 * 1.5, 1e-6);
        assertThrows(
          () => of({ klWeight: 0.5 })(input()),
          TypeError,
          "'kl' must be given with a 'klWeight' of 0.5",
          name,
        );
      }
      // DPOK's own weight is 0.01.
      assertThrows(() => dpokLoss()(input()), TypeError, "'kl' must be given");
    });
  },
);

testOnBackends("objectives go through jit", () => {
  tf.tidy(() => {
    for (const of of Object.values(make)) {
      const objective = of({ clip: 0.1, klWeight: 0.5 });
      const jitted = jit((input: PolicyLossInput) => objective(input));
      const given = input(tf.tensor1d([1, 2]));
      assertClose(jitted(given), objective(given), 1e-6);
      jitted.dispose();
    }
  });
});

testOnBackends("a NaN is not clipped away", () => {
  tf.tidy(() => {
    for (const of of Object.values(make)) {
      const broken = { ...input(), logDensity: tf.tensor1d([NaN, -2]) };
      const [loss] = of({ clip: 0.1, klWeight: 0 })(broken).dataSync();
      assert(Number.isNaN(loss));
    }
  });
});

testOnBackends(
  "objectives refuse values of other shapes, and wrong options",
  () => {
    tf.tidy(() => {
      const column = tf.tensor2d([[1], [2]]) as unknown as tf.Tensor1D;
      for (const [name, of] of Object.entries(make)) {
        const objective = of({ klWeight: 0.1 });
        const given = input(one());
        for (const key of Object.keys(given)) {
          assertThrows(
            () => objective({ ...given, [key]: column }),
            TypeError,
            key === "logDensity" ? "must be of shape [2]" : `'${key}'`,
          );
        }
        for (const klWeight of [-1, NaN]) {
          assertThrows(() => of({ klWeight }), RangeError, "'klWeight'");
        }
        if (name === "reinforce") continue;
        for (const clip of [0, -1, NaN]) {
          assertThrows(() => of({ clip }), RangeError, "'clip'");
        }
      }
      assertEquals(Object.keys(make).length, 3);
    });
  },
);
