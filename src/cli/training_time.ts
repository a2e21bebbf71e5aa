/**
 * About how long a recogniser trains here.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import type { Recognizer, TrainableNetwork } from "../models/mod.ts";
import {
  recognizerEmbedder,
  type TrainRecognizerOptions,
} from "../stages/mod.ts";

/** Images of the measured batch. */
const BATCH = 8;
/** A step of training goes forward once and back, which costs about two and a half times as much as forward alone. */
const TRAINS = 3.5;
/** Choosing among candidates looks at each twice before the step. */
const LOOKAHEAD = 1.8;

/** What is trained, and how. */
export interface Training {
  /** The network. */
  model: Recognizer | TrainableNetwork;
  /** Weights of it, any. Borrowed. */
  params: Params;
  /** How it is trained. */
  options: Pick<
    TrainRecognizerOptions,
    "steps" | "batchSize" | "sampler" | "mixing" | "selection"
  >;
  /** Whether there are synthetic images beside the real ones. */
  mixes: boolean;
}

/**
 * Measures a forward pass, and from it how long a training takes.
 *
 * @param training What is trained.
 * @param now Clock, ms.
 * @returns Seconds, within a factor of about 1.5.
 *
 * @example
 * ```ts
 * import { randomStream } from "../core/mod.ts";
 * import { useBackend } from "../engine/mod.ts";
 * import { recognizer, smallRecognizer } from "../models/mod.ts";
 * import { trainingTime } from "./training_time.ts";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1));
 * const options = { steps: 100, batchSize: 32 };
 * console.log(await trainingTime({ model, params, options, mixes: false }) > 0); // true
 * ```
 */
export async function trainingTime(
  { model, params, options, mixes }: Training,
  now: () => number = () => performance.now(),
): Promise<number> {
  using embedder = await recognizerEmbedder(model, params);
  const { height, width } = embedder.preprocessing;
  const images = tf.zeros([BATCH, height, width, 3]) as tf.Tensor4D;
  const pass = async () => {
    const features = embedder.embed(images);
    await features.data();
    features.dispose();
  };
  try {
    await pass(); // the first one pays for what is compiled once
    const start = now();
    await pass();
    const forward = (now() - start) / 1000 / BATCH;
    return options.steps * imagesPerStep(options, mixes) * TRAINS * forward;
  } finally {
    images.dispose();
  }
}

function imagesPerStep(
  { batchSize = 32, sampler, mixing = 1, selection, steps }:
    Training["options"],
  mixes: boolean,
): number {
  const real = typeof sampler === "object"
    ? sampler.identities * sampler.images
    : batchSize;
  if (!mixes || selection === "none") return real;
  const share = typeof mixing === "number"
    ? mixing
    : typeof mixing === "function"
    ? mixing(steps / 2, steps)
    : (mixing.from + mixing.to) / 2;
  return real * (1 + share) * (selection === "lookahead" ? LOOKAHEAD : 1);
}
