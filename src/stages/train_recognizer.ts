/**
 * Training of a recogniser on real images, or on real and synthetic ones with or without lookahead selection (4.3).
 *
 * @module
 */
import { jit, tf } from "../engine/mod.ts";
import { type Params, type RandomStream, randomStream } from "../core/mod.ts";
import {
  augment,
  gatherPixels,
  type ImageSet,
  shuffledBatches,
} from "../data/mod.ts";
import { cosFace } from "../losses/mod.ts";
import {
  type Recognizer,
  recognizer,
  type RecognizerConfig,
} from "../models/mod.ts";
import {
  clipByNorm,
  cosineRate,
  type Optimizer,
  sgd,
  valueAndGradients,
} from "../optim/mod.ts";
import { lookaheadUtility, selectLookahead } from "../selection/mod.ts";
import { checkSameIdentities } from "./check_same_identities.ts";
import { divide, join, part } from "./training_state.ts";
import { trainingLoop, type TrainingOptions } from "./training_loop.ts";

/** Options of {@linkcode trainRecognizer}. */
export interface TrainRecognizerOptions extends TrainingOptions {
  /** Number of steps. */
  steps: number;
  /**
   * Real images in a step.
   *
   * @default {64}
   */
  batchSize?: number;
  /** Synthetic images of the same identities, under the same labels. Without them only real images are used. */
  synthetic?: ImageSet;
  /**
   * Synthetic candidates in a step.
   *
   * @default {64}
   */
  candidates?: number;
  /**
   * `"all"` candidates are trained on, or those `"lookahead"` keeps (eq. 12).
   *
   * @default {"all"}
   */
  selection?: "all" | "lookahead";
  /**
   * Share of the candidates that lookahead keeps.
   *
   * @default {0.5}
   */
  keepFraction?: number;
  /**
   * Highest learning rate; warm-up and half a cosine. Also the rate of the virtual step.
   *
   * @default {0.05}
   */
  rate?: number;
  /**
   * The optimiser: the paper's for faces unless given.
   *
   * @default {sgd({ momentum: 0.9, weightDecay: 5e-4 })}
   */
  optimizer?: Optimizer;
  /**
   * CosFace's margin and scale. The published 0.35 and 64 belong to thousands of identities.
   *
   * @default {{ margin: 0.25, scale: 24 }}
   */
  cosFace?: { margin: number; scale: number };
  /**
   * Pixels by which the training crop may move.
   *
   * @default {4}
   */
  padding?: number;
  /**
   * Probability of Random Erasing, on real images.
   *
   * @default {0}
   */
  erase?: number;
  /**
   * Seed of weights, batches and augmentation.
   *
   * @default {0}
   */
  seed?: number;
}

/** A trained recogniser. */
export interface TrainedRecognizer {
  /** The network. */
  model: Recognizer;
  /** Its weights without the classifier. Owned by the caller. */
  params: Params;
  /** The class vectors, `head.weight`. Owned by the caller. */
  head: Params;
}

/**
 * Trains a recogniser to tell the identities of `real` apart (CosFace).
 *
 * With lookahead selection each step draws candidates from the synthetic images, takes a virtual step on real images and
 * candidates together, and keeps the candidates whose loss falls most.
 *
 * @param config Sizes of the network.
 * @param real Real training images.
 * @param options Synthetic images, selection, lengths, rates.
 * @returns The recogniser. Owned by the caller.
 * @throws {RangeError} If the synthetic images stand for other identities.
 * @throws {TypeError} If they have another size.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { smallRecognizer } from "@outis/outis/models";
 * import { trainRecognizer } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const faces = { identities: 2, imagesPerIdentity: 2, size: 32 };
 * const real = proceduralFaces(faces);
 * const synthetic = proceduralFaces({ ...faces, seed: 1 });
 * const config = smallRecognizer({ height: 32, width: 32 });
 * const { params } = await trainRecognizer(config, real, {
 *   steps: 1,
 *   batchSize: 4,
 *   synthetic,
 *   candidates: 4,
 *   selection: "lookahead",
 * });
 * console.log("projection.weight" in params); // true
 * ```
 */
export async function trainRecognizer(
  config: RecognizerConfig,
  real: ImageSet,
  options: TrainRecognizerOptions,
): Promise<TrainedRecognizer> {
  const {
    steps,
    batchSize = 64,
    synthetic,
    candidates = 64,
    selection = "all",
    keepFraction = 0.5,
    rate = 0.05,
    optimizer = sgd({ momentum: 0.9, weightDecay: 5e-4 }),
    cosFace: margins = { margin: 0.25, scale: 24 },
    padding = 4,
    erase = 0,
    seed = 0,
    ...loop
  } = options;
  if (synthetic !== undefined) checkAlike(real, synthetic);
  const random = randomStream(seed, "train-recognizer");
  const model = recognizer(config);
  const drawReal = batchSource(real, {
    batchSize,
    random: random.fork("real"),
    padding,
    erase,
  });
  const drawSynthetic = synthetic === undefined
    ? undefined
    : batchSource(synthetic, {
      batchSize: candidates,
      random: random.fork("synthetic"),
      padding,
      erase: 0,
    });

  const loss = (weights: Params, images: tf.Tensor, labels: tf.Tensor1D) => {
    const features = model.apply(weights, images as tf.Tensor4D);
    const classes = weights["head.weight"] as tf.Tensor2D;
    return cosFace(features, classes, labels, margins);
  };
  const update = jit((
    state: { weights: Params; optimizer: Params },
    batch: Batch,
    size: tf.Scalar,
  ) => {
    const { value, gradients } = valueAndGradients(
      (weights) => tf.mean(loss(weights, batch.images, batch.labels)),
      state.weights,
    );
    const clipped = clipByNorm(gradients, 5);
    const next = optimizer.update(
      state.weights,
      clipped.gradients,
      state.optimizer,
      size,
    );
    return {
      weights: next.params,
      optimizer: next.state,
      metrics: { loss: value, norm: clipped.norm },
    };
  });
  const utility = jit((
    weights: Params,
    batch: Batch,
    candidates: Batch,
    size: tf.Scalar,
  ) =>
    lookaheadUtility(loss, weights, { batch, candidates }, {
      learningRate: size,
    })
  );

  using traces = new DisposableStack();
  traces.defer(update.dispose);
  traces.defer(utility.dispose);
  const first = {
    ...model.init(random.fork("weights")),
    ...model.initHead(random.fork("weights"), real.identities.length),
  };
  const state = await trainingLoop({
    name: "the recogniser",
    steps,
    ...loop,
    state: join(first, optimizer.init(first)),
    step: (state, index) =>
      tf.tidy(() => {
        const parts = part(state);
        const size = tf.scalar(cosineRate(index, {
          peak: rate,
          steps,
          warmup: Math.min(50, Math.ceil(steps / 10)),
        }));
        let batch = drawReal(index);
        if (drawSynthetic !== undefined) {
          const drawn = drawSynthetic(index);
          const mixed = concatenate(batch, drawn);
          if (selection === "all") {
            batch = mixed;
          } else {
            const scores = utility(parts.weights, mixed, drawn, size);
            // In the order they were drawn: keeping all is then exactly training on all.
            const kept = selectLookahead(scores.dataSync(), { keepFraction })
              .sort();
            batch = concatenate(batch, pick(drawn, kept));
          }
        }
        const { weights, optimizer, metrics } = update(parts, batch, size);
        return { state: join(weights, optimizer), metrics };
      }),
  });
  const { weights, optimizer: spent } = part(state);
  tf.dispose(spent);
  const { chosen, rest } = divide(weights, (name) => name === "head.weight");
  return { model, params: rest, head: chosen };
}

/** A `type`, so that it can go through `jit`. */
type Batch = { images: tf.Tensor4D; labels: tf.Tensor1D };

function batchSource(
  set: ImageSet,
  options: {
    batchSize: number;
    random: RandomStream;
    padding: number;
    erase: number;
  },
): (step: number) => Batch {
  const { batchSize, random, padding, erase } = options;
  const { height, width } = set;
  const batches = shuffledBatches(set.count, { batchSize, random });
  return (step) => {
    const indices = batches(step);
    const pixels = augment(gatherPixels(set, indices), {
      height,
      width,
      random: random.fork("augment", step),
      padding,
      erase,
    });
    const labels = Int32Array.from(indices, (i) => set.labels[i]);
    return {
      images: tf.tensor4d(pixels, [batchSize, height, width, 3]),
      labels: tf.tensor1d(labels, "int32"),
    };
  };
}

function concatenate(a: Batch, b: Batch): Batch {
  return {
    images: tf.concat([a.images, b.images]),
    labels: tf.concat([a.labels, b.labels]),
  };
}

function pick(batch: Batch, indices: Uint32Array): Batch {
  const ids = tf.tensor1d(Int32Array.from(indices), "int32");
  return {
    images: tf.gather(batch.images, ids),
    labels: tf.gather(batch.labels, ids),
  };
}

function checkAlike(real: ImageSet, synthetic: ImageSet): void {
  checkSameIdentities(
    "train a recogniser",
    "synthetic",
    synthetic.identities,
    real.identities,
  );
  const size = ({ height, width }: ImageSet) => `${height} x ${width}`;
  if (size(synthetic) !== size(real)) {
    throw new TypeError(
      `Cannot train a recogniser as 'synthetic' must be images of ${
        size(real)
      }: current value is ${size(synthetic)}`,
    );
  }
}
