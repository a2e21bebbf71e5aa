/**
 * The raw rewards of a generator on fixed seeds: what reinforcement is judged by.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Embedder, Params } from "../core/mod.ts";
import {
  type MeanAndError,
  meanAndError,
  pairedDifference,
} from "../metrics/mod.ts";
import { type MemoryBank, setRewards } from "../rewards/mod.ts";
import { sampleKeys } from "./generate.ts";
import type { Generator } from "./generator.ts";
import { makeSampler, type SamplingOptions } from "./sampler.ts";

/** Names of the rewards. */
export type RewardName = "semantic" | "coverage" | "expressive";

/** Raw rewards, one value per identity. */
export type MeasuredRewards = Record<RewardName, Float32Array> & {
  /** Semantic consistency by the second embedder, where there is one. */
  auditor?: Float32Array;
};

/** Options of {@linkcode rewardMeter}. */
export interface RewardMeterOptions extends SamplingOptions {
  /** Reference features of the embedder. */
  bank: MemoryBank;
  /** The embedder the rewards belong to. */
  embedder: Embedder;
  /** A second embedder outside the reward. */
  auditor?: { embedder: Embedder; bank: MemoryBank };
  /**
   * Samples of each identity.
   *
   * @default {8}
   */
  samples?: number;
  /**
   * Seed of the evaluation, apart from all training seeds.
   *
   * @default {1_000_000}
   */
  seed?: number;
}

/** Measures any weights of one generator's transformer on the same noise. */
export interface RewardMeter {
  /** Raw rewards of all identities under the given weights. Borrowed. */
  measure: (dit: Params) => MeasuredRewards;
  /** Frees the traces. */
  dispose: () => void;
}

/**
 * Prepares the measurement: the same samples' noise for every call, so that differences between two states of a generator
 * are differences of the states, not of the draw.
 *
 * @param generator Its networks and identities; the weights of the transformer are given with each call.
 * @param options Embedder, bank, how many samples.
 * @returns The meter. To be disposed by the caller.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { autoencoder, dit, recognizer, smallAutoencoder, smallDit, smallRecognizer } from "@outis/outis/models";
 * import { buildMemoryBank, compareRewards, makeGenerator, recognizerEmbedder, rewardMeter } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
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
 * const meter = rewardMeter(generator, { bank, embedder, samples: 2, samplingSteps: 2 });
 * const before = meter.measure(generator.params.dit);
 * const after = meter.measure(denoiser.init(randomStream(3)));
 * console.log(compareRewards(before, after).map(({ name }) => name)); // semantic, coverage, expressive
 * meter.dispose();
 * generator.dispose();
 * ```
 */
export function rewardMeter(
  generator: Generator,
  options: RewardMeterOptions,
): RewardMeter {
  const { bank, embedder, auditor, samples = 8, seed = 1_000_000 } = options;
  const sampler = makeSampler(generator, options);
  const labels = generator.config.identities.map((_, i) => i);
  const keys = sampleKeys(labels, samples, seed);
  const ids = keys.map(({ label }) => label);
  const chunk = samples * Math.max(1, Math.floor(64 / samples));

  return {
    measure(dit) {
      return tf.tidy(() => {
        const images: tf.Tensor4D[] = [];
        for (let from = 0; from < keys.length; from += chunk) {
          const own = keys.slice(from, from + chunk);
          images.push(tf.tidy(() => generator.decode(sampler.run(dit, own))));
        }
        const all = tf.concat(images);
        const rewards = setRewards(embedder.embed(all), ids, bank);
        const result: MeasuredRewards = {
          semantic: rewards.semantic.dataSync() as Float32Array,
          coverage: rewards.coverage.dataSync() as Float32Array,
          expressive: rewards.expressive.dataSync() as Float32Array,
        };
        if (auditor !== undefined) {
          const features = auditor.embedder.embed(all);
          const { semantic } = setRewards(features, ids, auditor.bank);
          result.auditor = semantic.dataSync() as Float32Array;
        }
        return result;
      });
    },
    dispose: sampler.dispose,
  };
}

/** Mean of a reward before, after, and of the paired differences per identity. */
export interface RewardChange {
  /** Which reward. */
  name: string;
  /** Before. */
  before: MeanAndError;
  /** After. */
  after: MeanAndError;
  /** After minus before, identity by identity. */
  change: MeanAndError;
}

/**
 * Compares two measurements of one meter.
 *
 * @param before Raw rewards of one state of a generator.
 * @param after Those of another, of the same identities.
 * @returns Means with standard errors over the identities, one entry per reward that both have.
 *
 * @example
 * ```ts
 * import { compareRewards } from "@outis/outis/stages";
 *
 * const before = {
 *   semantic: Float32Array.of(0.5, 0.75),
 *   coverage: Float32Array.of(0.1, 0.2),
 *   expressive: Float32Array.of(-0.2, -0.1),
 * };
 * const after = { ...before, semantic: Float32Array.of(0.75, 1) };
 * const [semantic] = compareRewards(before, after);
 * console.log(semantic.change); // mean 0.25, error 0
 * ```
 */
export function compareRewards(
  before: MeasuredRewards,
  after: MeasuredRewards,
): RewardChange[] {
  const names = ["semantic", "coverage", "expressive", "auditor"] as const;
  return names.flatMap((name) => {
    const [a, b] = [before[name], after[name]];
    if (a === undefined || b === undefined) return [];
    return [{
      name,
      before: meanAndError(a),
      after: meanAndError(b),
      change: pairedDifference(a, b),
    }];
  });
}
