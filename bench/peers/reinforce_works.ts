/**
 * The inner step of reinforcement: loss and gradient of one transition of a batch.
 *
 * @module
 */
import { type Params, randomStream } from "../../src/core/mod.ts";
import {
  diffusionSchedule,
  samplingSteps,
  stepTensor,
} from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { dit, smallAutoencoder, smallDit } from "../../src/models/mod.ts";
import {
  positionEmbedding,
  timeEmbedding,
} from "../../src/models/sinusoids.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import { makeSampler } from "../../src/stages/mod.ts";
import { policyTransition } from "../../src/stages/policy_transition.ts";
import { tunedWeights } from "../../src/stages/tuned_weights.ts";
import type { Work } from "./work.ts";

const IDENTITIES = 30;
const BATCH = 128;
const model = dit(smallDit({ classes: IDENTITIES }));
const schedule = diffusionSchedule({ kind: "cosine" });
const [, step] = samplingSteps(schedule, { count: 10, prediction: "velocity" });

/**
 * 8 x 16 latents of the shipped prior's size: log-density under the present weights, divergence from those of the cold
 * start, REINFORCE, and the gradient of what is trained.
 *
 * @param trainable What is trained.
 */
export function reinforceStep(
  trainable: "labelEmbedding+adaLN" | "all",
): Work {
  return {
    name: `RL inner step, ${BATCH} latents, trained: ${trainable}`,
    peer: trainable === "all" ? "reinforceStepAll" : "reinforceStepModulation",
    variants: ["compile"],
    repeats: 2,
    tensors: reinforceTensors,
    start({
      state,
      next,
      labels,
      advantage,
      times: _times,
      positions: _positions,
      numbers: _numbers,
      ...weights
    }) {
      const { frozen, start: trained, merge } = tunedWeights(
        weights,
        trainable,
        randomStream(1),
      );
      const generator = {
        config: {
          schema: 1 as const,
          autoencoder: smallAutoencoder(),
          dit: model.config,
          diffusion: {
            kind: "cosine" as const,
            steps: schedule.steps,
            prediction: "velocity" as const,
          },
          identities: [],
        },
        dit: model,
        schedule,
      };
      const sampler = makeSampler(generator, { samplingSteps: 10 });
      const transition = policyTransition({ sampler, merge }, {
        klWeight: 0.01,
      });
      const cold = Object.fromEntries(
        Object.entries(trained).map(([name, w]) => [name, tf.mul(w, 0.99)]),
      );
      const sums = Object.fromEntries(
        Object.entries(trained).map(([name, w]) => [name, tf.zerosLike(w)]),
      );
      const input = {
        state: state as tf.Tensor4D,
        next: next as tf.Tensor4D,
        labels: labels as tf.Tensor1D,
        advantage: advantage as tf.Tensor1D,
        step: stepTensor(step),
        share: tf.scalar(1),
        klShare: tf.scalar(1),
      };
      return {
        run() {
          const { sums: gradients, logDensity, metrics } = transition(
            trained,
            frozen,
            cold,
            input,
            sums,
          );
          const { kl, ...rest } = metrics;
          tf.dispose(rest);
          return [
            logDensity,
            kl,
            ...Object.keys(gradients).sort().map((name) => gradients[name]),
          ];
        },
        dispose() {
          const { state: _, next: __, labels: ___, advantage: ____, ...own } =
            input;
          tf.dispose([trained, cold, sums, own]);
          transition.dispose();
          sampler.dispose();
        },
      };
    },
  };
}

/** Weights away from zero, a state and where it went, and the constants both sides share. */
function reinforceTensors(): Params {
  const random = randomStream(1);
  const { height, width, channels, patch, hidden } = model.config;
  const shape = [BATCH, height, width, channels];
  return tf.tidy(() => {
    const initial = model.init(random);
    const weights = Object.entries(initial).map(([name, { shape }]) => [
      name,
      normalTensor(random, name, shape, 0.05),
    ]);
    return {
      ...Object.fromEntries(weights),
      state: normalTensor(random, "state", shape, 1),
      next: normalTensor(random, "next", shape, 1),
      advantage: normalTensor(random, "advantage", [BATCH], 1),
      labels: tf.tensor1d(
        Array.from({ length: BATCH }, (_, i) => Math.floor(i / 16)),
        "int32",
      ),
      times: timeEmbedding(tf.fill([BATCH], step.time) as tf.Tensor1D),
      positions: tf.clone(
        positionEmbedding(height / patch, width / patch, hidden)(),
      ),
      numbers: tf.tensor1d([
        step.stateWeight,
        step.predictionWeight,
        step.deviation,
      ]),
    };
  });
}
