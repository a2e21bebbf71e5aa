/**
 * The direct reward gradient (beyond the paper; after AlignProp and DRaFT): rewards are differentiable in the image, so
 * their gradient goes back through embedder, decoder and the last denoising steps.
 *
 * @module
 */
import { jit, stopGradient, tf } from "../engine/mod.ts";
import { checkRange, type Params } from "../core/mod.ts";
import { stepTensor } from "../diffusion/mod.ts";
import { valueAndGradients } from "../optim/mod.ts";
import { adaptiveWeights, PAPER_WEIGHTS, setRewards } from "../rewards/mod.ts";
import { batchNumbers } from "./batch_numbers.ts";
import { divergenceOf } from "./divergence.ts";
import { checkAllFinite } from "./health.ts";
import type { Metrics, Objective, TunedChain } from "./objective.ts";
import type { ReinforceOptions } from "./reinforce_options.ts";

/** Options of the direct gradient. */
export interface DirectOptions {
  /**
   * Number of last denoising steps the gradient goes through.
   *
   * @default {2}
   */
  lastSteps?: number;
}

/** Smallest spread a reward is divided by. */
const SMALLEST_SPREAD = 1e-3;

const NAMES = ["semantic", "coverage", "expressive"] as const;

/** One tensor for each reward. */
type PerReward = Record<typeof NAMES[number], tf.Tensor>;

/**
 * Ascends the weighted set-level rewards. Eq. 10 cannot be used here: standardised over a batch, rewards have the mean 0
 * whatever the images are. Instead each is divided by its spread over the identities of the batch, held constant, so
 * that the weights of eq. 11 weigh like against like. Adaptive weights compare the rewards' gradients in the features.
 *
 * The chain runs without a tape; then the gradient goes back one transition at a time, each computed anew from its state:
 * memory does not grow with `lastSteps`.
 *
 * @param chain The generator whose transformer is tuned. Borrowed as long as the objective is used.
 * @param options Those of `reinforce`.
 * @returns The objective, to be disposed by the caller.
 * @throws {RangeError} If `lastSteps` is no number of transitions the chain has, or there are fewer than two samples.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { autoencoder, dit, recognizer, smallAutoencoder, smallDit, smallRecognizer } from "@outis/outis/models";
 * import { buildMemoryBank, makeGenerator, makeSampler, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 * import { directGradient } from "./direct_gradient.ts";
 *
 * await useBackend("auto");
 * const network = recognizer(smallRecognizer({ height: 16, width: 16, widths: [8, 8, 8, 16] }));
 * using embedder = await recognizerEmbedder(network, network.init(randomStream(0))); // untrained
 * using bank = buildMemoryBank(
 *   embedder,
 *   proceduralFaces({ identities: 2, imagesPerIdentity: 3, size: 16 }),
 * );
 * const vae = autoencoder(smallAutoencoder({ height: 16, width: 16, widths: [8, 8, 8], latentChannels: 4 }));
 * const denoiser = dit(
 *   smallDit({ height: 2, width: 2, channels: 4, patch: 1, hidden: 32, depth: 1, heads: 2, classes: 2 }),
 * );
 * const generator = makeGenerator({
 *   schema: 1,
 *   autoencoder: vae.config,
 *   dit: denoiser.config,
 *   diffusion: { kind: "cosine", steps: 1000, prediction: "velocity" },
 *   identities: ["ada", "bo"],
 * }, { autoencoder: vae.init(randomStream(1)), dit: denoiser.init(randomStream(2)) });
 *
 * // What reinforce() does with this objective, all weights trained.
 * const options = { bank, embedder, samples: 4, identities: 2, samplingSteps: 3, steps: 1 };
 * const sampler = makeSampler(generator, options);
 * const objective = directGradient({ generator, sampler, merge: (_, all) => all }, options);
 * console.log(objective.updates); // 1
 * objective.dispose();
 * sampler.dispose();
 * generator.dispose();
 * ```
 */
export function directGradient(
  chain: TunedChain,
  options: ReinforceOptions,
): Objective {
  const { generator, sampler, merge } = chain;
  const { klWeight = 0.01, samples = 16 } = options;
  const { lastSteps = 2 } = options.direct ?? {};
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
  const first = total - lastSteps;
  const divergence = divergenceOf(options.kl);

  // The rewards' slope in the clean latents, as of something to be minimised.
  const head = jit(
    (decoder: Params, clean: tf.Tensor4D, labels: tf.Tensor1D) => {
      const imagesOf = (clean: tf.Tensor) =>
        tf.clipByValue(
          generator.autoencoder.decode(decoder, clean as tf.Tensor4D),
          -1,
          1,
        ) as tf.Tensor4D;
      // Found before the tape: no gradient goes through weights.
      const weighs = options.weights === "adaptive"
        ? adaptiveWeights(
          slopesOf(options.embedder.embed(imagesOf(clean)), labels, options),
          { smallest: 1e-12 },
        )
        : undefined;
      const { parts, gradients } = valueAndGradients(({ clean }) => {
        const images = imagesOf(clean);
        const features = options.embedder.embed(images);
        const { reward, numbers } = ascended(features, labels, options, weighs);
        return { loss: tf.neg(reward), images, features, ...numbers };
      }, { clean });
      const { images, features, ...numbers } = parts;
      return {
        slope: gradients.clean,
        images,
        features,
        metrics: {
          ...batchNumbers(
            images as tf.Tensor4D,
            features as tf.Tensor2D,
            labels,
            options,
          ),
          ...numbers,
        },
      };
    },
  );

  // One transition back: from the slope in its result to those in the weights and, if asked for, in its state.
  const back = (isFirst: boolean) =>
    jit((
      trained: Params,
      frozen: Params,
      cold: Params,
      input: {
        state: tf.Tensor4D;
        step: tf.Tensor1D;
        labels: tf.Tensor1D;
        slope: tf.Tensor;
        sums: Params;
      },
    ) => {
      const { step, labels, slope, sums } = input;
      const { parts, gradients } = valueAndGradients(
        ({ [STATE]: moving, ...weights }) => {
          const state = (moving ?? input.state) as tf.Tensor4D;
          const now = sampler.transition(
            merge(frozen, weights),
            state,
            step,
            labels,
          );
          const then = sampler.transition(
            merge(frozen, cold),
            state,
            step,
            labels,
          );
          const kl = tf.mean(divergence(now, then));
          const carried = tf.sum(tf.mul(now.mean, slope));
          return {
            loss: tf.add(carried, tf.mul(kl, klWeight / lastSteps)),
            kl,
          };
        },
        isFirst ? trained : { ...trained, [STATE]: input.state },
      );
      const { [STATE]: next, ...own } = gradients;
      return {
        slope: next,
        sums: Object.fromEntries(
          Object.entries(own).map(([name, g]) => [name, tf.add(sums[name], g)]),
        ),
        kl: parts.kl,
      };
    });
  const backFirst = back(true);
  const backLater = back(false);

  return {
    updates: 1,
    draw({ weights: drawn, frozen, cold, keys }) {
      const states: tf.Tensor4D[] = [];
      const clean = sampler.run(merge(frozen, drawn), keys, (x, i) => {
        if (i >= first) states[i] = tf.clone(x);
      });
      checkAllFinite({ "the clean latents": clean });
      const labels = tf.tensor1d(keys.map(({ label }) => label), "int32");
      const { metrics, slope, images, features } = head(
        generator.params.autoencoder,
        clean,
        labels,
      );
      return {
        metrics: metrics as Metrics,
        tensors: {
          "the clean latents": clean,
          "the images": images,
          "the features": features,
          ...metrics as Metrics,
          "the rewards' slope in the latents": slope,
        },
        gradients(trained) {
          let sums: Params = Object.fromEntries(
            Object.entries(trained).map(([name, w]) => [name, tf.zerosLike(w)]),
          );
          let carried: tf.Tensor = slope;
          const divergences: tf.Tensor[] = [];
          for (let i = total - 1; i >= first; i--) {
            const step = (i === first ? backFirst : backLater)(
              trained,
              frozen,
              cold,
              {
                state: states[i],
                step: stepTensor(sampler.steps[i]),
                labels,
                slope: carried,
                sums,
              },
            );
            tf.dispose(sums);
            if (i < total - 1) carried.dispose();
            sums = step.sums;
            carried = step.slope;
            divergences.push(step.kl);
          }
          const kl = tf.div(tf.addN(divergences), lastSteps) as tf.Scalar;
          return { gradients: sums, metrics: { kl } };
        },
      };
    },
    dispose() {
      head.dispose();
      backFirst.dispose();
      backLater.dispose();
    },
  };
}

/** The state among the weights a gradient is taken at; no weight has such a name. */
const STATE = " state";

/** What is ascended, and what is logged of how it came about. */
function ascended(
  features: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: ReinforceOptions,
  found?: PerReward,
): { reward: tf.Tensor; numbers: Metrics } {
  const { reward: own, weights } = options;
  if (own !== undefined) {
    const reward = tf.mean(own(features, labels));
    return { reward, numbers: { own: reward as tf.Scalar } };
  }
  const fixed = typeof weights === "object" ? weights : PAPER_WEIGHTS;
  const weighs = found ?? perReward((name) => tf.scalar(fixed[name]));
  const parts = scaledRewards(features, labels, options);
  const reward = tf.addN(
    NAMES.map((name) => tf.mul(weighs[name], parts[name])),
  );
  const numbers = NAMES.flatMap((name) => [
    [`${name}Standardized`, parts[name]],
    [`${name}Weight`, weighs[name]],
  ]);
  return { reward, numbers: Object.fromEntries(numbers) };
}

/** The set-level rewards of the batch, each over its spread, which is held constant. */
function scaledRewards(
  features: tf.Tensor2D,
  labels: tf.Tensor1D,
  { bank, samples = 16 }: ReinforceOptions,
): PerReward {
  const { share, ...sets } = setRewards(features, labels, bank, {
    samplesPerIdentity: samples,
    smallGroups: "zeroSpread",
  });
  return perReward((name) => {
    const mean = tf.sum(tf.mul(sets[name], share));
    // Constant from the start: the root of no spread at all has no gradient.
    const values = stopGradient(sets[name]);
    const squares = tf.square(tf.sub(values, stopGradient(mean)));
    const deviation = tf.sqrt(tf.sum(tf.mul(squares, share)));
    return tf.div(mean, tf.maximum(deviation, SMALLEST_SPREAD));
  });
}

/** Gradients of each of them in the features. */
function slopesOf(
  features: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: ReinforceOptions,
): PerReward {
  return perReward((name) =>
    valueAndGradients(
      ({ features }) =>
        scaledRewards(features as tf.Tensor2D, labels, options)[name],
      { features },
    ).gradients.features
  );
}

function perReward(
  of: (name: typeof NAMES[number]) => tf.Tensor,
): PerReward {
  return {
    semantic: of("semantic"),
    coverage: of("coverage"),
    expressive: of("expressive"),
  };
}
