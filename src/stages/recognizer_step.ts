/**
 * One step of a recogniser's training: what changes, and how.
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import { cloneParams, type Params } from "../core/mod.ts";
import { splitStatistics, type TrainableNetwork } from "../models/mod.ts";
import {
  averageStep,
  clipByNorm,
  type Optimizer,
  valueAndGradients,
} from "../optim/mod.ts";
import { lookaheadUtility } from "../selection/mod.ts";
import type { RecognizerBatch } from "./recognizer_batches.ts";
import type { RecognizerLoss } from "./recognizer_loss.ts";
import type { StateGroups } from "./state_groups.ts";

/** The class vectors among the weights. */
export const HEAD = "head.weight";

/** What changes with a step, by group. */
export type RecognizerState = {
  /** What gradients are taken of, the class vectors among them. */
  weights: Params;
  /** Running statistics of batch normalisation. */
  statistics: Params;
  /** State of the optimiser. */
  optimizer: Params;
  /** What the loss remembers. */
  memory: Params;
  /** Moving average of weights and running statistics; empty where there is none. */
  average: Params;
};

/** What a step is made of. */
export interface RecognizerStepOptions {
  /** The network. */
  network: TrainableNetwork;
  /** The loss. */
  loss: RecognizerLoss;
  /** The update rule. */
  optimizer: Optimizer;
  /** Largest norm of a gradient. */
  clip: number;
  /** Whether there is a moving average. */
  averages: boolean;
}

/** The jitted parts of a training. Arguments are borrowed, results owned by the caller. */
export interface RecognizerStep extends Disposable {
  /** The state before the first step. */
  init: (weights: Params) => RecognizerState;
  /** One step on a batch: forward, backward, optimiser, statistics, average. */
  update: (
    state: RecognizerState,
    batch: RecognizerBatch,
    rate: tf.Scalar,
    decay: tf.Scalar,
  ) => { state: RecognizerState; metrics: { [name: string]: tf.Scalar } };
  /** What a virtual step on a batch does to the candidates' classification loss (eq. 12). */
  utility: (
    state: RecognizerState,
    batch: RecognizerBatch,
    candidates: RecognizerBatch,
    rate: tf.Scalar,
  ) => tf.Tensor1D;
  /** Features as they are compared after training, by the running statistics. */
  embed: (params: Params, images: tf.Tensor4D) => tf.Tensor2D;
}

/**
 * Makes the parts of a training ready.
 *
 * The virtual step normalises by the statistics of its own batches and keeps no running ones; it moves the weights by the
 * classification loss alone, with the loss's memory as it is.
 *
 * @param options Network, loss, optimiser.
 * @returns The parts, compiled at their first use; disposing frees that.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { networkPreset, trainableNetwork } from "@outis/outis/models";
 * import { sgd } from "@outis/outis/optim";
 * import { recognizerLoss } from "./recognizer_loss.ts";
 * import { recognizerStep } from "./recognizer_step.ts";
 *
 * await useBackend("auto");
 * const network = trainableNetwork(networkPreset("small", { height: 16, width: 16 }));
 * const loss = recognizerLoss({});
 * using step = recognizerStep({ network, loss, optimizer: sgd(), clip: 5, averages: false });
 * const weights = { ...network.init(randomStream(1)), "head.weight": tf.ones([128, 2]) };
 * console.log(Object.keys(step.init(weights).statistics).length); // 0: it has group normalisation
 * ```
 */
export function recognizerStep(options: RecognizerStepOptions): RecognizerStep {
  const { network, loss, optimizer, clip, averages } = options;

  const update = jit((
    state: RecognizerState,
    { images, labels }: RecognizerBatch,
    rate: tf.Scalar,
    decay: tf.Scalar,
  ) => {
    const { weights, statistics, memory } = state;
    const { value, parts, gradients } = valueAndGradients((weights) => {
      const found = network.apply({ ...weights, ...statistics }, images, true);
      const renewed = loss.renew(memory, found.features);
      const head = weights[HEAD] as tf.Tensor2D;
      const identity = tf.mean(
        loss.classify(head, found.features, labels, renewed),
      );
      const triplet = loss.triplet?.(found.pooled, labels);
      return {
        loss: triplet === undefined ? identity : tf.add(identity, triplet),
        ...(triplet && { triplet }),
        ...named(STATISTICS, found.statistics),
        ...named(MEMORY, renewed),
      };
    }, weights);
    const clipped = clipByNorm(gradients, clip);
    const next = optimizer.update(
      weights,
      clipped.gradients,
      state.optimizer,
      rate,
    );
    const renewed = unnamed(STATISTICS, parts);
    const after = { ...next.params, ...renewed };
    return {
      state: {
        weights: next.params,
        statistics: renewed,
        optimizer: next.state,
        memory: unnamed(MEMORY, parts),
        average: averages ? averageStep(state.average, after, decay) : {},
      },
      metrics: {
        loss: value,
        norm: clipped.norm,
        ...(parts.triplet && { triplet: parts.triplet as tf.Scalar }),
      },
    };
  });

  const utility = jit((
    { weights, statistics, memory }: Omit<
      RecognizerState,
      "optimizer" | "average"
    >,
    batch: RecognizerBatch,
    candidates: RecognizerBatch,
    rate: tf.Scalar,
  ) =>
    lookaheadUtility(
      (weights, images, labels) => {
        const params = { ...weights, ...statistics };
        const { features } = network.apply(params, images as tf.Tensor4D, true);
        const head = weights[HEAD] as tf.Tensor2D;
        return loss.classify(head, features, labels, memory);
      },
      weights,
      { batch, candidates },
      { learningRate: rate },
    )
  );

  const embed = jit((params: Params, images: tf.Tensor4D) =>
    network.apply(params, images, false).features
  );

  return {
    init(all) {
      const { weights, statistics } = splitStatistics(all);
      return {
        weights,
        statistics,
        optimizer: optimizer.init(weights),
        memory: loss.init(),
        average: averages ? cloneParams(all) : {},
      };
    },
    update,
    utility: ({ weights, statistics, memory }, batch, candidates, rate) =>
      utility({ weights, statistics, memory }, batch, candidates, rate),
    embed,
    [Symbol.dispose]() {
      for (const traced of [update, utility, embed]) traced.dispose();
    },
  };
}

/**
 * A state from its groups; those that are empty are not in a checkpoint.
 *
 * @param groups Groups by name. Borrowed, as is the result.
 *
 * @example
 * ```ts
 * import { recognizerState } from "./recognizer_step.ts";
 *
 * console.log(Object.keys(recognizerState({ weights: {} }).statistics).length); // 0
 * ```
 */
export function recognizerState(groups: StateGroups): RecognizerState {
  const {
    weights = {},
    statistics = {},
    optimizer = {},
    memory = {},
    average = {},
  } = groups;
  return { weights, statistics, optimizer, memory, average };
}

const STATISTICS = "statistics/";
const MEMORY = "memory/";

/** Records that go through the loss's parts, apart from each other. */
function named(prefix: string, record: Params): Params {
  return Object.fromEntries(
    Object.entries(record).map(([name, x]) => [prefix + name, x]),
  );
}

function unnamed(prefix: string, record: Params): Params {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, x]) => [name.slice(prefix.length), x]),
  );
}
