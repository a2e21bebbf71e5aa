import {
  type Embedder,
  type Params,
  randomStream,
} from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import type { MemoryBank } from "../../src/rewards/mod.ts";
import {
  buildMemoryBank,
  type Generator,
  makeSampler,
  type SampleKey,
  type Sampler,
  type SamplingOptions,
} from "../../src/stages/mod.ts";
import type { TunedChain } from "../../src/stages/objective.ts";
import { divide } from "../../src/stages/training_state.ts";
import {
  tinyEmbedder,
  tinyFaces,
  tinyGenerator,
} from "../support/tiny_prior.ts";

const names = ["ada", "bob", "cyd"];

/** All that an objective of reinforcement is computed from. */
export interface ObjectiveSetup extends Disposable {
  /** Untrained, of three identities. */
  generator: Generator;
  /** Its chain. */
  sampler: Sampler;
  /** Untrained, too. */
  embedder: Embedder;
  /** Features of procedural people. */
  bank: MemoryBank;
  /** Weights that are trained, as the cold start left them. */
  cold: Params;
  /** The same, moved away from there. */
  moved: Params;
  /** All others. */
  frozen: Params;
  /** Two identities, four samples each, an identity's in a row. */
  keys: SampleKey[];
  /** Their classes. */
  labels: number[];
}

/** The policy whose trained weights stand in the place of the frozen ones' gaps. */
export function chainOf({ generator, sampler }: ObjectiveSetup): TunedChain {
  return {
    generator,
    sampler,
    merge: (frozen, trained) => ({ ...frozen, ...trained }),
  };
}

/**
 * Most bytes in tensors while an objective works, seen whenever it puts weights together, which is once a transition.
 *
 * @param work Draws and takes gradients with the given policy.
 */
export function mostBytes(
  setup: ObjectiveSetup,
  work: (chain: TunedChain) => void,
): number {
  const chain = chainOf(setup);
  const before = tf.memory().numBytes;
  let most = 0;
  tf.tidy(() =>
    work({
      ...chain,
      merge: (frozen, trained) => {
        most = Math.max(most, tf.memory().numBytes - before);
        return chain.merge(frozen, trained);
      },
    })
  );
  return most;
}

/** Samples of each identity in the keys. */
export const SAMPLES = 4;

/**
 * @param pattern Names of the weights that are trained.
 * @param options Of the chain.
 */
export async function objectiveSetup(
  pattern: RegExp,
  options: SamplingOptions = { samplingSteps: 4 },
): Promise<ObjectiveSetup> {
  const generator = tinyGenerator(names);
  const sampler = makeSampler(generator, options);
  const embedder = await tinyEmbedder();
  const bank = buildMemoryBank(embedder, tinyFaces(3, 4, { names }));
  const { chosen, rest } = divide(
    generator.params.dit,
    (name) => pattern.test(name),
  );
  const random = randomStream(11, "objective");
  const moved = tf.tidy(() =>
    Object.fromEntries(
      Object.entries(chosen).map(([name, w]) => {
        const noise = random.fork("move", name).normals(w.size);
        return [name, tf.add(w, tf.mul(0.05, tf.tensor(noise, w.shape)))];
      }),
    )
  );
  const labels = [2, 0].flatMap((label) => Array(SAMPLES).fill(label));
  return {
    generator,
    sampler,
    embedder,
    bank,
    cold: chosen,
    moved,
    frozen: rest,
    keys: labels.map((label, i) => ({ label, random: random.fork(i) })),
    labels,
    [Symbol.dispose]() {
      sampler.dispose();
      generator.dispose();
      embedder[Symbol.dispose]();
      bank[Symbol.dispose]();
      tf.dispose(moved);
    },
  };
}

/**
 * Mean of x_{t-1} from the network itself, A x + B prediction, without guidance.
 *
 * @param index Number of the transition.
 */
export function meanOf(
  { generator, sampler, labels, frozen }: ObjectiveSetup,
  weights: Params,
  state: tf.Tensor4D,
  index: number,
): tf.Tensor4D {
  const { time, stateWeight, predictionWeight } = sampler.steps[index];
  const prediction = generator.dit.apply(
    { ...frozen, ...weights },
    state,
    tf.fill([labels.length], time),
    tf.tensor1d(labels, "int32"),
  );
  return tf.add(
    tf.mul(stateWeight, state),
    tf.mul(predictionWeight, prediction),
  );
}

/** All states of the chain, x_T first and x_0 last, without the jitted sampler. */
export function statesOf(
  setup: ObjectiveSetup,
  weights: Params,
): tf.Tensor4D[] {
  const { sampler, keys } = setup;
  const starts = keys.map(({ random }) =>
    tf.tensor3d(random.fork("noise", "start").normals(16), [2, 2, 4])
  );
  const states = [tf.stack(starts) as tf.Tensor4D];
  sampler.steps.forEach(({ deviation }, i) => {
    const mean = meanOf(setup, weights, states[i], i);
    const noise = tf.mul(deviation, sampler.noise(keys, i));
    states.push(tf.add(mean, noise));
  });
  return states;
}

/** Names of weights in the order of a comparison, and what compares best by one number each: all values in a row. */
export function flat(params: Params): tf.Tensor1D {
  const names = Object.keys(params).sort();
  return tf.concat(names.map((name) => tf.reshape(params[name], [-1])));
}
