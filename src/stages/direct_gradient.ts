/**
 * The direct reward gradient (beyond the paper; after AlignProp and DRaFT): rewards are differentiable in the image, so
 * their gradient goes back through embedder, decoder and the last denoising steps.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import { checkRange, type Params } from "../core/mod.ts";
import { stepScalars, stepTensor } from "../diffusion/mod.ts";
import { valueAndGradients } from "../optim/mod.ts";
import { gaussianKl } from "../policy/mod.ts";
import { scoreBatch, setRewards } from "../rewards/mod.ts";
import type { Generator } from "./generator.ts";
import type { Objective, ReinforceOptions } from "./reinforce.ts";
import type { Sampler } from "./sampler.ts";

/** Options of the direct gradient. */
export interface DirectOptions {
  /**
   * Number of last denoising steps the gradient goes through.
   *
   * @default {2}
   */
  lastSteps?: number;
}

/** The paper's weights of eq. 11. */
const PAPER_WEIGHTS = { semantic: 1, coverage: 0.75, expressive: 0.25 };

/** Smallest spread a reward is divided by. */
const SMALLEST_SPREAD = 1e-3;

/**
 * Ascends the weighted set-level rewards. Eq. 10 cannot be used here: standardised over a batch, rewards have the mean 0
 * whatever the images are. Instead each is divided by its spread over the identities of the batch, held constant, so
 * that the weights of eq. 11 weigh like against like.
 *
 * @param generator The generator whose transformer is tuned. Borrowed as long as the objective is used.
 * @param sampler Its chain.
 * @param options Those of {@linkcode reinforce}.
 * @returns The objective, to be disposed by the caller.
 * @throws {RangeError} If `lastSteps` is no number of transitions the chain has, or there are fewer than two samples.
 *
 * @example
 * ```ts
 * import { type Generator, makeSampler, type ReinforceOptions } from "@outis/outis/stages";
 * import { directGradient } from "./direct_gradient.ts";
 *
 * // What reinforce() does with the objective "direct".
 * function objective(generator: Generator, options: ReinforceOptions) {
 *   const sampler = makeSampler(generator, options);
 *   return directGradient(generator, sampler, options);
 * }
 * console.log(objective.length); // 2
 * ```
 */
export function directGradient(
  generator: Generator,
  sampler: Sampler,
  options: ReinforceOptions,
): Objective {
  const { bank, embedder, auditor, klWeight = 0.01, samples = 16 } = options;
  const { lastSteps = 2 } = options.direct ?? {};
  const weights = options.weights ?? PAPER_WEIGHTS;
  const total = sampler.steps.length;
  if (!(Number.isInteger(lastSteps) && lastSteps >= 1 && lastSteps <= total)) {
    throw new RangeError(
      `Cannot take the direct gradient as 'lastSteps' must be a whole number in [1, ${total}]: current value is ${lastSteps}`,
    );
  }
  // One sample has no covariance (eq. 6).
  checkRange("take the direct gradient", "samples", samples, {
    min: 2,
    integer: true,
  });
  const tail = sampler.steps.slice(total - lastSteps);

  // Standard deviation of each set-level reward over a batch's identities, drawn with the present weights.
  const measure = jit((images: tf.Tensor4D, labels: tf.Tensor1D) => {
    const { share, ...sets } = setRewards(
      embedder.embed(images),
      labels,
      bank,
      { samplesPerIdentity: samples },
    );
    return Object.fromEntries(
      Object.entries(sets).map(([name, values]) => {
        const mean = tf.sum(tf.mul(values, share));
        const squares = tf.square(tf.sub(values, mean));
        const variance = tf.sum(tf.mul(squares, share));
        return [name, tf.maximum(tf.sqrt(variance), SMALLEST_SPREAD)];
      }),
    );
  });

  const update = jit((
    trained: Params,
    frozen: Params,
    cold: Params,
    decoder: Params,
    input: {
      state: tf.Tensor4D;
      steps: tf.Tensor1D[];
      noises: tf.Tensor4D[];
      labels: tf.Tensor1D;
      spreads: { [name: string]: tf.Tensor };
    },
  ) => {
    const { labels, steps, noises, spreads } = input;
    const { parts, gradients } = valueAndGradients((current) => {
      let x = input.state;
      const divergences: tf.Tensor[] = [];
      steps.forEach((step, i) => {
        const mean = sampler.mean({ ...frozen, ...current }, x, step, labels);
        const reference = sampler.mean({ ...frozen, ...cold }, x, step, labels);
        const { deviation } = stepScalars(step);
        // The last transition has no noise and so no divergence; measured with deviation 1 it is a plain distance.
        const scale = tail[i].deviation > 0 ? deviation : 1;
        divergences.push(tf.mean(gaussianKl(mean, reference, scale)));
        x = tf.add(mean, tf.mul(deviation, noises[i])) as tf.Tensor4D;
      });
      const images = generator.autoencoder.decode(decoder, x);
      const bounded = tf.clipByValue(images, -1, 1) as tf.Tensor4D;
      const features = embedder.embed(bounded);
      const sets = setRewards(features, labels, bank, {
        samplesPerIdentity: samples,
        smallGroups: "zeroSpread",
      });
      const average = (values: tf.Tensor) => tf.sum(tf.mul(values, sets.share));
      const semantic = average(sets.semantic);
      const coverage = average(sets.coverage);
      const expressive = average(sets.expressive);
      const kl = tf.div(tf.addN(divergences), divergences.length);
      const reward = tf.addN([
        tf.mul(weights.semantic, tf.div(semantic, spreads.semantic)),
        tf.mul(weights.coverage, tf.div(coverage, spreads.coverage)),
        tf.mul(weights.expressive, tf.div(expressive, spreads.expressive)),
      ]);
      const loss = tf.sub(tf.mul(kl, klWeight), reward);
      return { loss, semantic, coverage, expressive, kl, images: bounded };
    }, trained);
    const { images, ...metrics } = parts;
    const audit = auditor === undefined ? undefined : scoreBatch(
      auditor.embedder.embed(images as tf.Tensor4D),
      labels,
      auditor.bank,
      { samplesPerIdentity: samples, smallGroups: "zeroSpread" },
    ).raw.semantic;
    return {
      gradients,
      metrics: {
        ...metrics,
        ...(audit === undefined ? {} : { auditor: tf.mean(audit) }),
      },
    };
  });

  return {
    gradients({ weights: trained, frozen, cold, keys }) {
      return tf.tidy(() => {
        let state: tf.Tensor4D | undefined;
        const clean = sampler.run({ ...frozen, ...trained }, keys, (x, i) => {
          if (i === total - lastSteps) state = tf.clone(x);
        });
        const labels = tf.tensor1d(keys.map(({ label }) => label), "int32");
        const { gradients, metrics } = update(
          trained,
          frozen,
          cold,
          generator.params.autoencoder,
          {
            state: state!,
            steps: tail.map(stepTensor),
            noises: tail.map((_, i) =>
              sampler.noise(keys, total - lastSteps + i)
            ),
            labels,
            spreads: measure(generator.decode(clean), labels),
          },
        );
        return {
          gradients,
          metrics: metrics as { [name: string]: tf.Scalar },
        };
      });
    },
    dispose() {
      measure.dispose();
      update.dispose();
    },
  };
}
