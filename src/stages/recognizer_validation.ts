/**
 * How a recogniser is watched while it is trained, without a look at any test set.
 *
 * @module
 */
import { l2Normalize, tf } from "../engine/mod.ts";
import {
  checkOneOf,
  checkRange,
  cloneParams,
  type Params,
  type RandomStream,
} from "../core/mod.ts";
import { gatherImages, type ImageSet, takeIdentities } from "../data/mod.ts";
import { rankingMetrics } from "../metrics/mod.ts";
import type { StateGroups } from "./state_groups.ts";
import type { RecognizerValidation } from "./train_recognizer_options.ts";

/** A training set with some identities held out. */
export interface HeldOut {
  /** Real images to train on, labels counted anew. */
  train: ImageSet;
  /** Synthetic images of the identities to train on. */
  synthetic?: ImageSet;
  /** Real images of the others. */
  heldOut: ImageSet;
}

const ACT = "train a recogniser";

/**
 * Takes some identities out of a training set.
 *
 * @param real Real images.
 * @param options How many: a share below 1, or a count from 2 on; what chooses them; synthetic images of the same
 * identities, whose held-out ones are left out.
 * @returns The parts.
 * @throws {RangeError} If fewer than two identities would be in a part, or those held out have one image each.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { proceduralFaces } from "@outis/outis/world";
 * import { holdOut } from "./recognizer_validation.ts";
 *
 * const real = proceduralFaces({ identities: 6, imagesPerIdentity: 2, size: 16 });
 * const { train, heldOut } = holdOut(real, { identities: 1 / 3, random: randomStream(1) });
 * console.log(train.identities.length, heldOut.identities.length); // 4 2
 * ```
 */
export function holdOut(
  real: ImageSet,
  { identities, random, synthetic }: {
    identities: number;
    random: RandomStream;
    synthetic?: ImageSet;
  },
): HeldOut {
  const total = real.identities.length;
  // Two to be told apart on either side.
  checkRange(ACT, "real.identities.length", total, { min: 4 });
  const isShare = identities > 0 && identities < 1;
  const count = isShare
    ? Math.max(2, Math.round(identities * total))
    : identities;
  checkRange(ACT, "validation.identities", count, {
    min: 2,
    max: total - 2,
    integer: true,
  });
  const order = Array.from(random.permutation(total));
  const inOrder = (some: number[]) => some.sort((a, b) => a - b);
  const kept = inOrder(order.slice(count));
  const heldOut = takeIdentities(real, inOrder(order.slice(0, count)));
  if (new Set(heldOut.labels).size === heldOut.count) {
    throw new RangeError(
      `Cannot ${ACT} as 'validation.identities' must hold out identities with more than one image: current value is ${identities}, without any`,
    );
  }
  return {
    train: takeIdentities(real, kept),
    ...(synthetic && { synthetic: takeIdentities(synthetic, kept) }),
    heldOut,
  };
}

/** Images embedded at a time. */
const CHUNK = 64;

/**
 * How well images find others of their identity: the mean average precision of each image as a query among all others,
 * by cosine.
 *
 * @param embed Features `[B, D]` of images, owned by the caller.
 * @param set At least one identity with two images.
 * @returns mAP, in [0, 1].
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { proceduralFaces } from "@outis/outis/world";
 * import { retrievalScore } from "./recognizer_validation.ts";
 *
 * await useBackend("auto");
 * const set = proceduralFaces({ identities: 3, imagesPerIdentity: 2, size: 16 });
 * const pixels = (images: tf.Tensor4D) => tf.reshape(images, [images.shape[0], -1]) as tf.Tensor2D;
 * console.log(retrievalScore(pixels, set) > 0); // true
 * ```
 */
export function retrievalScore(
  embed: (images: tf.Tensor4D) => tf.Tensor2D,
  set: ImageSet,
): number {
  const { count } = set;
  const cosines = tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let from = 0; from < count; from += CHUNK) {
      const length = Math.min(CHUNK, count - from);
      const indices = Int32Array.from({ length }, (_, i) => from + i);
      parts.push(tf.tidy(() => l2Normalize(embed(gatherImages(set, indices)))));
    }
    const features = tf.concat(parts); // [count, D]
    return tf.matMul(features, features, false, true).dataSync();
  });
  const rows = Array.from(
    { length: count },
    (_, i) => cosines.subarray(i * count, (i + 1) * count).map((x) => -x),
  );
  // A camera of its own for each: what is left out of a search is then the query itself.
  const cameras = Int32Array.from({ length: count }, (_, i) => i);
  const { mAP } = rankingMetrics(
    rows,
    set.labels,
    set.labels,
    cameras,
    cameras,
  );
  return mAP ?? 0;
}

/** Looks at a training and remembers its best weights. All it remembers is in the state. */
export interface RecognizerWatch {
  /** What it adds to the state before the first step. Owned by the caller. */
  init: (params: Params) => StateGroups;
  /**
   * Looks, where it is time.
   *
   * @param done Number of steps done.
   * @param params Weights and statistics that would be returned now. Borrowed.
   * @param groups The state before the step. Borrowed.
   * @returns What it adds to the state, and the score where it looked. Owned by the caller.
   */
  look: (
    done: number,
    params: Params,
    groups: StateGroups,
  ) => { groups: StateGroups; metrics: { [name: string]: tf.Scalar } };
}

/** Groups of the state in which the best weights are kept, with their score. */
const [BEST, BEST_SCORE] = ["best", "best score"];

/**
 * Makes the watch of a training ready.
 *
 * @param options Number of steps, held-out images, how often they are looked at, which weights are kept, and features by
 * weights and images. Without held-out images there is nothing to look at.
 * @returns The watch.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { recognizerWatch } from "./recognizer_validation.ts";
 *
 * const watch = recognizerWatch({ steps: 10, embed: () => tf.zeros([1, 1]) });
 * console.log(watch.init({})); // {}
 * ```
 */
export function recognizerWatch(
  { steps, heldOut, embed, validation }: {
    steps: number;
    heldOut?: ImageSet;
    embed: (params: Params, images: tf.Tensor4D) => tf.Tensor2D;
    validation?: RecognizerValidation;
  },
): RecognizerWatch {
  if (heldOut === undefined || validation === undefined) {
    return { init: () => ({}), look: () => ({ groups: {}, metrics: {} }) };
  }
  const { every = Math.max(1, Math.round(steps / 10)), keep = "last" } =
    validation;
  checkRange(ACT, "validation.every", every, { min: 1, integer: true });
  checkOneOf(ACT, "validation.keep", keep, ["last", "best"]);
  const remember = (params: Params, score: number): StateGroups =>
    keep === "last" ? {} : {
      [BEST]: cloneParams(params),
      [BEST_SCORE]: { value: tf.scalar(score) },
    };
  return {
    init: (params) => remember(params, -1),
    look(done, params, groups): ReturnType<RecognizerWatch["look"]> {
      const best = groups[BEST_SCORE]?.value.dataSync()[0] ?? Infinity;
      if (done % every !== 0 && done !== steps) {
        return { groups: remember(groups[BEST], best), metrics: {} };
      }
      const score = retrievalScore((images) => embed(params, images), heldOut);
      return {
        groups: score > best
          ? remember(params, score)
          : remember(groups[BEST], best),
        metrics: { score: tf.scalar(score) },
      };
    },
  };
}

/**
 * The weights that a training returns: the best it has remembered, or those given.
 *
 * @param groups The state after the last step. Borrowed.
 * @param params The weights of that step. Borrowed.
 * @returns One of the two. Borrowed.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { chosenWeights } from "./recognizer_validation.ts";
 *
 * const last = { w: tf.scalar(1) };
 * console.log(chosenWeights({}, last) === last); // true
 * ```
 */
export function chosenWeights(groups: StateGroups, params: Params): Params {
  return groups[BEST] ?? params;
}
