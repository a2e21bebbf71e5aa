/**
 * Training of a recogniser on real images, on synthetic ones, or on both with or without lookahead selection (4.3, 5.1).
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import {
  checkOneOf,
  checkRange,
  cloneParams,
  disposeParams,
  type Params,
  randomStream,
} from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import {
  type Recognizer,
  recognizer,
  type RecognizerConfig,
  type TrainableNetwork,
  trainableNetwork,
} from "../models/mod.ts";
import { normalTensor } from "../nn/mod.ts";
import { byRank, sgd } from "../optim/mod.ts";
import { selectLookahead } from "../selection/mod.ts";
import { checkSameIdentities } from "./check_same_identities.ts";
import { checkTrainingImages } from "./check_training_images.ts";
import { rateOf } from "./recognizer_rate.ts";
import {
  type RecognizerBatch,
  recognizerBatches,
} from "./recognizer_batches.ts";
import { recognizerLoss } from "./recognizer_loss.ts";
import {
  HEAD,
  type RecognizerState,
  recognizerState,
  recognizerStep,
} from "./recognizer_step.ts";
import {
  chosenWeights,
  type HeldOut,
  holdOut,
  recognizerWatch,
} from "./recognizer_validation.ts";
import { groupsOf, joinGroups } from "./state_groups.ts";
import type { TrainRecognizerOptions } from "./train_recognizer_options.ts";
import { trainingLoop } from "./training_loop.ts";

/** A trained network. */
export interface TrainedNetwork {
  /** The network. */
  network: TrainableNetwork;
  /** Its weights and running statistics without the classifier. Owned by the caller. */
  params: Params;
  /** The class vectors, `head.weight` `[width, identities]`. Owned by the caller. */
  head: Params;
}

/** A trained small recogniser. */
export interface TrainedRecognizer extends Omit<TrainedNetwork, "network"> {
  /** The network. */
  model: Recognizer;
}

const ACT = "train a recogniser";

/**
 * Trains a recogniser to tell the identities of a training set apart.
 *
 * One loop for the arms that are compared: real images only, with Random Erasing (`erase`), synthetic images only (`real`
 * left out: the synthetic ones take its place in all), real and synthetic ones, and those with lookahead selection. With
 * lookahead each step draws candidates from the synthetic images, takes a virtual step on real images and candidates
 * together, and keeps the candidates whose classification loss falls most. A step is the same whatever happened before
 * it, so a training that is stopped goes on from its checkpoint to the same bits.
 *
 * The classification loss is taken of the features behind a neck, the triplet loss of those before it, as BNNeck has
 * it. Validation holds identities of the training set out of it and scores them by mean average precision; the metric is
 * `score`. Running statistics of batch normalisation change in the real step only.
 *
 * @param network Sizes of a small recogniser, or any network to train.
 * @param real Real training images; none to train on `options.synthetic` alone.
 * @param options Loss, optimiser, synthetic images, selection, lengths, rates.
 * @returns The recogniser. Owned by the caller.
 * @throws {RangeError} If a label stands for nobody, the synthetic images stand for other identities, or an option is out
 * of range.
 * @throws {TypeError} If images have another size than the network takes, or options exclude each other.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { networkPreset, trainableNetwork } from "@outis/outis/models";
 * import { adam } from "@outis/outis/optim";
 * import { trainRecognizer } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const faces = { identities: 2, imagesPerIdentity: 2, size: 32 };
 * const network = trainableNetwork(networkPreset("small", { height: 32, width: 32 }));
 * const { params } = await trainRecognizer(network, proceduralFaces(faces), {
 *   steps: 1,
 *   sampler: { identities: 2, images: 2 },
 *   loss: { classification: "crossEntropy", smoothing: 0.1, triplet: { margin: 0.3 } },
 *   optimizer: adam({ weightDecay: 5e-4, decay: "coupled" }),
 *   rate: 3.5e-4,
 *   synthetic: proceduralFaces({ ...faces, seed: 1 }),
 *   candidates: 4,
 *   selection: "lookahead",
 * });
 * console.log("projection.weight" in params); // true
 * ```
 */
export async function trainRecognizer<
  Network extends RecognizerConfig | TrainableNetwork,
>(
  network: Network,
  real: ImageSet | undefined,
  options: TrainRecognizerOptions,
): Promise<
  Network extends TrainableNetwork ? TrainedNetwork : TrainedRecognizer
> {
  type Trained = Awaited<ReturnType<typeof trainRecognizer<Network>>>;
  if ("apply" in network) return await train(network, real, options) as Trained;
  const decayed = sgd({ momentum: 0.9, weightDecay: 5e-4 });
  const { params, head } = await train(
    trainableNetwork({ kind: "small", config: network }),
    real,
    { optimizer: decayed, ...options },
  );
  return { model: recognizer(network), params, head } as Trained;
}

async function train(
  network: TrainableNetwork,
  real: ImageSet | undefined,
  options: TrainRecognizerOptions,
): Promise<TrainedNetwork> {
  const {
    steps,
    selection = "all",
    keepFraction = 0.5,
    virtualStep = "mixed",
    optimizer = byRank({
      matrices: sgd({ momentum: 0.9, weightDecay: 5e-4 }),
      vectors: sgd({ momentum: 0.9 }),
    }),
    clip = 5,
    average = 0,
    validation,
    seed = 0,
  } = options;
  checkRange(ACT, "steps", steps, { min: 0, integer: true });
  checkOneOf(ACT, "selection", selection, ["none", "all", "lookahead"]);
  checkRange(ACT, "keepFraction", keepFraction, { min: 0, max: 1 });
  checkOneOf(ACT, "virtualStep", virtualStep, ["mixed", "real"]);
  checkRange(ACT, "average", average, { min: 0, max: 1, exclusive: "max" });
  const random = randomStream(seed, "train-recognizer");
  const sets = trainingSets(network, real, options);
  const { train, synthetic, heldOut }: Partial<HeldOut> & { train: ImageSet } =
    validation === undefined ? sets : holdOut(sets.train, {
      ...sets,
      identities: validation.identities,
      random: random.fork("validation"),
    });
  const loss = recognizerLoss(options.loss ?? {});
  const rate = rateOf(options);
  const batches = recognizerBatches(
    { real: train, synthetic, random },
    options,
  );
  using parts = recognizerStep({
    network,
    loss,
    optimizer,
    clip,
    averages: average > 0,
  });
  const { embed } = parts;
  const watch = recognizerWatch({ steps, heldOut, embed, validation });

  const own = random.fork("weights");
  const shape = [network.width, train.identities.length];
  const first = parts.init(startWith({
    ...network.init(own),
    [HEAD]: normalTensor(own, HEAD, shape, loss.spread),
  }, options.start));
  const batchOf = (step: number, state: RecognizerState, size: tf.Scalar) => {
    const batch = batches.real(step);
    const candidates = batches.synthetic(step);
    if (candidates === undefined) return batch;
    const mixed = () => concatenate(batch, candidates);
    if (selection === "all") return mixed();
    const moved = virtualStep === "real" ? batch : mixed();
    const scores = parts.utility(state, moved, candidates, size);
    // In the order they were drawn: keeping all is then exactly training on all.
    const kept = selectLookahead(scores.dataSync(), { keepFraction }).sort();
    return concatenate(batch, pick(candidates, kept));
  };
  const { checkpoint, checkpointEvery, signal, onStep } = options;
  const last = await trainingLoop({
    name: "the recogniser",
    steps,
    checkpoint,
    checkpointEvery,
    signal,
    onStep,
    state: joinGroups({ ...first, ...watch.init(answerOf(first)) }),
    step: (record, step) =>
      tf.tidy(() => {
        const groups = groupsOf(record);
        const before = recognizerState(groups);
        const size = tf.scalar(rate(step));
        const batch = batchOf(step, before, size);
        const decay = tf.scalar(Math.min(average, (1 + step) / (10 + step)));
        const { state, metrics } = parts.update(before, batch, size, decay);
        const seen = watch.look(step + 1, answerOf(state), groups);
        return {
          state: joinGroups({ ...state, ...seen.groups }),
          metrics: { ...metrics, ...seen.metrics },
        };
      }),
  });
  const groups = groupsOf(last);
  const chosen = chosenWeights(groups, answerOf(recognizerState(groups)));
  const { [HEAD]: head, ...params } = cloneParams(chosen);
  disposeParams(last);
  return { network, params, head: { [HEAD]: head } };
}

/** What a training in this state would return: the average, where there is one. */
function answerOf({ weights, statistics, average }: RecognizerState): Params {
  const averages = Object.keys(average).length > 0;
  return averages ? average : { ...weights, ...statistics };
}

/** What is trained on, after all checks of it. */
function trainingSets(
  { preprocessing }: TrainableNetwork,
  real: ImageSet | undefined,
  { synthetic, selection = "all" }: TrainRecognizerOptions,
): { train: ImageSet; synthetic?: ImageSet } {
  if (synthetic !== undefined) {
    checkTrainingImages(ACT, "synthetic", synthetic, preprocessing);
  }
  if (real === undefined) {
    if (synthetic === undefined || selection !== "all") {
      const value = synthetic === undefined
        ? "neither these nor synthetic ones"
        : `selection ${selection} of synthetic ones alone`;
      throw new RangeError(
        `Cannot ${ACT} as 'real' must be images: current value is ${value}`,
      );
    }
    return { train: synthetic };
  }
  checkTrainingImages(ACT, "real", real, preprocessing);
  if (synthetic === undefined || selection === "none") return { train: real };
  checkSameIdentities(
    ACT,
    "synthetic",
    synthetic.identities,
    real.identities,
  );
  return { train: real, synthetic };
}

/** Fresh weights, with given ones in the place of those of their names. The fresh ones are taken over. */
function startWith(fresh: Params, given: Params = {}): Params {
  for (const [name, weight] of Object.entries(given)) {
    const expected = fresh[name]?.shape.join(", ");
    const found = weight.shape.join(", ");
    if (expected !== found) {
      disposeParams(fresh);
      throw new TypeError(
        `Cannot ${ACT} as 'start' must hold weights of the network${
          expected === undefined ? "" : ` as ${name} of [${expected}]`
        }: current value has ${name} of [${found}]`,
      );
    }
    fresh[name].dispose();
    fresh[name] = tf.clone(weight);
  }
  return fresh;
}

function concatenate(
  a: RecognizerBatch,
  b: RecognizerBatch,
): RecognizerBatch {
  return {
    images: tf.concat([a.images, b.images]),
    labels: tf.concat([a.labels, b.labels]),
  };
}

function pick(batch: RecognizerBatch, indices: Uint32Array): RecognizerBatch {
  const ids = tf.tensor1d(Int32Array.from(indices), "int32");
  return {
    images: tf.gather(batch.images, ids),
    labels: tf.gather(batch.labels, ids),
  };
}
