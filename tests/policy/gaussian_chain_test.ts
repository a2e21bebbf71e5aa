/**
 * All parts together on a chain whose optimum is known: two transitions with
 * noise (and the last without), a "network" that answers θ_t whatever it
 * sees, one dimension, and the reward R = -(x_0 - g)².
 *
 * x_0 is linear in θ: E[x_0] = S = Σ w_t θ_t, w_t being B_t times the A of all
 * later transitions. KL_t = B_t² θ_t² / (2 σ_t²) to the start at θ = 0. So
 * J(θ) = -(S - g)² - λ Σ KL_t + const has the maximum
 *
 * θ_t = 2 (g - S) / λ · w_t σ_t² / B_t²,  S = 2 K g / (λ + 2 K),
 * K = Σ w_t² σ_t² / B_t².
 */
import { randomStream } from "../../src/core/mod.ts";
import {
  denoisingTransition,
  diffusionSchedule,
  sampleDdpm,
  type SamplingStep,
  samplingSteps,
  stepScalars,
  stepTensor,
  transitionLogDensity,
} from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  advantages,
  dpokLoss,
  gaussianKl,
  type PolicyObjective,
  ppoLoss,
  reinforceLoss,
} from "../../src/policy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const SAMPLES = 1000;
const GOAL = 1.5;
const KL_WEIGHT = 0.5;
const schedule = diffusionSchedule({ kind: "cosine", steps: 20 });
const times = [14, 9, 4];
const steps = samplingSteps(schedule, {
  times,
  prediction: "velocity",
  sampler: "ancestral",
});
const noisy = steps.slice(0, 2);

const weights = noisy.map(({ predictionWeight }, i) =>
  steps.slice(i + 1).reduce((w, next) => w * next.stateWeight, 1) *
  predictionWeight
);

function optimum(): number[] {
  const gains = noisy.map(({ deviation, predictionWeight }, i) =>
    weights[i] * deviation ** 2 / predictionWeight ** 2
  );
  const K = gains.reduce((sum, gain, i) => sum + gain * weights[i], 0);
  const S = 2 * K * GOAL / (KL_WEIGHT + 2 * K);
  return gains.map((gain) => 2 * (GOAL - S) / KL_WEIGHT * gain);
}

/** Newton's direction: the slope divided by the curvature 2 w wᵀ + λ diag(B² / σ²), so that a few rounds are enough. */
function newton([p, q]: ArrayLike<number> & Iterable<number>): number[] {
  const [u, v] = weights;
  const [k, l] = noisy.map(({ deviation, predictionWeight }) =>
    KL_WEIGHT * predictionWeight ** 2 / deviation ** 2
  );
  const [a, b, d] = [2 * u * u + k, 2 * u * v, 2 * v * v + l];
  const determinant = a * d - b * b;
  return [(d * p - b * q) / determinant, (a * q - b * p) / determinant];
}

/** The transition of step t from given states under θ. */
function transitionOf(
  step: SamplingStep,
  state: tf.Tensor4D,
  theta: tf.Tensor,
) {
  const output = tf.mul(tf.onesLike(state), theta) as tf.Tensor4D;
  return denoisingTransition(state, output, stepScalars(stepTensor(step)));
}

const objectives: [string, PolicyObjective, number][] = [
  ["REINFORCE", reinforceLoss({ klWeight: KL_WEIGHT }), 1],
  ["DPOK", dpokLoss({ klWeight: KL_WEIGHT, clip: 0.2 }), 2],
  ["PPO", ppoLoss({ klWeight: KL_WEIGHT, clip: 0.2 }), 2],
];

for (const [name, objective, inner] of objectives) {
  testOnBackends(
    `${name} leads a Gaussian chain of two transitions to its optimum, ${inner} inner steps`,
    () => {
      const random = randomStream(9, "gaussian chain");
      const shape: [number, number, number, number] = [SAMPLES, 1, 1, 1];
      const oneIdentity = new Int32Array(SAMPLES);
      let theta = [0, 0];
      const visited: number[][] = [];
      const rounds = 45;
      for (let round = 0; round < rounds; round++) {
        const draw = (name: string | number) =>
          tf.tensor4d(random.fork(round, name).normals(SAMPLES), shape);
        tf.tidy(() => {
          // By the time, the "network" knows which θ to answer.
          const { states, logDensities } = sampleDdpm(
            (x, t) => {
              const index = times.indexOf(t.dataSync()[0]);
              return tf.fill(x.shape, [...theta, 0][index]) as tf.Tensor4D;
            },
            {
              schedule,
              times,
              prediction: "velocity",
              start: draw("start"),
              noise: draw,
            },
          );
          const clean = tf.reshape(states[3], [SAMPLES]);
          const rewards = tf.neg(tf.square(tf.sub(clean, GOAL)));
          const advantage = advantages(rewards as tf.Tensor1D, oneIdentity, {
            baseline: "batch",
            scale: "none",
          });
          for (let i = 0; i < inner; i++) {
            const loss = (theta: tf.Tensor) =>
              tf.addN(
                tf.unstack(theta).map((own, t) => {
                  const now = transitionOf(noisy[t], states[t], own);
                  const cold = transitionOf(noisy[t], states[t], tf.scalar(0));
                  return objective({
                    logDensity: transitionLogDensity(
                      states[t + 1],
                      now.mean,
                      now,
                    ),
                    oldLogDensity: logDensities[t],
                    advantage,
                    kl: gaussianKl(now.mean, cold.mean, now.deviation),
                  });
                }),
              );
            const slope = tf.grad(loss)(tf.tensor1d(theta)).dataSync();
            const step = newton(slope as Float32Array);
            theta = theta.map((value, t) => value - 0.5 / inner * step[t]);
          }
        });
        visited.push(theta);
      }
      // The mean of the later ones, from which the draw's noise is averaged out.
      const later = visited.slice(rounds / 3);
      const mean = [0, 1].map((t) =>
        later.reduce((sum, theta) => sum + theta[t], 0) / later.length
      );
      assertClose(mean, optimum(), 0.02);
    },
  );
}
