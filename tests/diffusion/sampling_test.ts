/**
 * The whole chain on data whose ideal denoiser is known: a normal distribution with mean M and deviation S, of which
 * x_t is normal, too, with mean √ᾱ M and variance V = ᾱ S² + 1 - ᾱ, and E[ε | x_t] = √(1 - ᾱ) (x_t - √ᾱ M) / V.
 */
import { owned, tf } from "../../src/engine/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import {
  diffusionSchedule,
  type Prediction,
  samplingSteps,
  stepScalars,
  stepTensor,
  transitionMean,
} from "../../src/diffusion/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const M = 1.5;
const S = 0.4;
const SAMPLES = 20_000;
const schedule = diffusionSchedule({ kind: "cosine", steps: 200 });

/** The ideal prediction as slope · x_t + offset. */
function ideal(time: number, prediction: Prediction) {
  const alphaBar = schedule.alphaBars[time];
  const [signal, spread] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
  const variance = alphaBar * S ** 2 + spread ** 2;
  const noise = {
    slope: spread / variance,
    offset: -spread * signal * M / variance,
  };
  if (prediction === "noise") return noise;
  // x̂_0 = (x_t - √(1-ᾱ) ε̂) / √ᾱ, v = √ᾱ ε̂ - √(1-ᾱ) x̂_0
  const clean = {
    slope: (1 - spread * noise.slope) / signal,
    offset: -spread * noise.offset / signal,
  };
  return {
    slope: signal * noise.slope - spread * clean.slope,
    offset: signal * noise.offset - spread * clean.offset,
  };
}

const cases: {
  count: number;
  eta: number;
  prediction: Prediction;
  /** How far the chain itself, with so few steps, is from the data. */
  bias: number;
}[] = [
  { count: 200, eta: 1, prediction: "noise", bias: 0.01 },
  { count: 50, eta: 0, prediction: "velocity", bias: 0.02 },
  { count: 20, eta: 0.5, prediction: "velocity", bias: 0.06 },
];

for (const { count, eta, prediction, bias } of cases) {
  const title = `${count} steps, eta ${eta}, by ${prediction}`;
  testOnBackends(`a known distribution is sampled: ${title}`, () => {
    const steps = samplingSteps(schedule, { count, eta, prediction });
    const random = randomStream(11, "sampling_test");
    let state = tf.tensor1d(random.fork("start").normals(SAMPLES)) as tf.Tensor;
    // A linear chain: its mean and variance follow exactly.
    let mean = 0;
    let variance = 1;
    steps.forEach((step, i) => {
      const { slope, offset } = ideal(step.time, prediction);
      const { stateWeight, predictionWeight, deviation } = step;
      const factor = stateWeight + predictionWeight * slope;
      mean = factor * mean + predictionWeight * offset;
      variance = factor ** 2 * variance + deviation ** 2;
      const next = tf.tidy(() => {
        const scalars = stepScalars(stepTensor(step));
        const output = tf.add(tf.mul(state, slope), offset);
        const noise = random.fork("noise", i).normals(SAMPLES);
        return tf.add(
          transitionMean(state, output, scalars),
          tf.mul(tf.tensor1d(noise), scalars.deviation),
        );
      });
      state.dispose();
      state = next;
    });
    // The chain is the right one,
    assertClose(mean, M, bias);
    assertClose(Math.sqrt(variance), S, bias);
    // and the samples are its samples, within five standard errors.
    using drawn = owned(tf.tidy(() => {
      const { mean, variance } = tf.moments(state);
      return [mean, tf.sqrt(variance)];
    }));
    const deviation = Math.sqrt(variance);
    assertClose(drawn.value[0], mean, 5 * deviation / Math.sqrt(SAMPLES));
    assertClose(
      drawn.value[1],
      deviation,
      5 * deviation / Math.sqrt(2 * SAMPLES),
    );
    state.dispose();
  });
}
