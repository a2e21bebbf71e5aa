/**
 * The loss of a recogniser: classification of identities, with a triplet loss beside it where one is asked for.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkOneOf, checkRange, type Params } from "../core/mod.ts";
import {
  adaFace,
  arcFace,
  batchHardTriplet,
  cosFace,
  crossEntropy,
  firstNormStatistics,
  type NormStatistics,
  normStatistics,
} from "../losses/mod.ts";
import type { RecognitionLoss } from "./train_recognizer_options.ts";

/** A {@linkcode RecognitionLoss} ready to be computed, all in pure functions of tensors. */
export interface RecognizerLoss {
  /** Spread of the first class vectors. */
  spread: number;
  /** What it remembers from batch to batch, before the first: AdaFace's norms. Owned by the caller. */
  init: () => Params;
  /** The same after a batch of features `[B, width]`; all borrowed, owned by the caller. */
  renew: (memory: Params, features: tf.Tensor2D) => Params;
  /** Classification loss of each sample, `[B]`; `head` is `[width, classes]`. */
  classify: (
    head: tf.Tensor2D,
    features: tf.Tensor2D,
    labels: tf.Tensor1D,
    memory: Params,
  ) => tf.Tensor1D;
  /** Mean triplet loss of features before the neck, times its weight; none where it is not asked for. */
  triplet?: (pooled: tf.Tensor2D, labels: tf.Tensor1D) => tf.Tensor;
}

const ACT = "train a recogniser";
/** Class vectors of cross-entropy begin small, so that all identities are alike at first; cosines know no length. */
const SPREAD = { crossEntropy: 0.001, cosines: 0.05 };
/** Margins for the identities of a laptop's data set. */
const MARGINS = { cosFace: 0.25, arcFace: 0.5, adaFace: 0.4 };

/**
 * Makes a loss from its options.
 *
 * @param options Which losses, margins, weights.
 * @returns The loss.
 * @throws {RangeError} If there is no such loss, an option is out of range or belongs to another loss.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { recognizerLoss } from "./recognizer_loss.ts";
 *
 * await useBackend("auto");
 * const { classify, triplet } = recognizerLoss({ classification: "crossEntropy", triplet: {} });
 * const features = tf.tensor2d([[1, 0], [0, 1]]);
 * const labels = tf.tensor1d([0, 1], "int32");
 * classify(tf.zeros([2, 2]), features, labels, {}).print(); // log 2
 * triplet?.(features, labels).print(); // no positives, and √2 apart: 0
 * ```
 */
export function recognizerLoss(options: RecognitionLoss): RecognizerLoss {
  const { classification = "cosFace", scale = 24, smoothing = 0 } = options;
  const { normMomentum: momentum = 0.01, triplet } = options;
  checkOneOf(ACT, "loss.classification", classification, [
    "crossEntropy",
    ...Object.keys(MARGINS) as (keyof typeof MARGINS)[],
  ]);
  const isPlain = classification === "crossEntropy";
  const own: (keyof RecognitionLoss)[] = isPlain
    ? ["smoothing"]
    : ["margin", "scale"];
  if (classification === "adaFace") own.push("normMomentum");
  for (
    const name of ["margin", "scale", "smoothing", "normMomentum"] as const
  ) {
    if (options[name] === undefined || own.includes(name)) continue;
    throw new RangeError(
      `Cannot ${ACT} as 'loss.${name}' must be left out with ${classification}: current value is ${
        options[name]
      }`,
    );
  }
  const margin = options.margin ?? (isPlain ? 0 : MARGINS[classification]);
  const above = { min: 0, exclusive: "min" } as const;
  checkRange(ACT, "loss.margin", margin, {
    min: 0,
    max: classification === "arcFace" ? Math.PI : 1,
    exclusive: "max",
  });
  checkRange(ACT, "loss.scale", scale, above);
  checkRange(ACT, "loss.smoothing", smoothing, {
    min: 0,
    max: 1,
    exclusive: "max",
  });
  checkRange(ACT, "loss.normMomentum", momentum, { ...above, max: 1 });
  const weight = triplet?.weight ?? 1;
  checkRange(ACT, "loss.triplet.weight", weight, above);
  const gap = triplet?.margin ?? 0.3;
  if (gap !== "soft") checkRange(ACT, "loss.triplet.margin", gap, { min: 0 });

  const classifiers: {
    [name in typeof classification]: RecognizerLoss["classify"];
  } = {
    crossEntropy: (head, features, labels) =>
      crossEntropy(tf.matMul(features, head), labels, {
        labelSmoothing: smoothing,
      }),
    cosFace: (head, features, labels) =>
      cosFace(features, head, labels, { margin, scale }),
    arcFace: (head, features, labels) =>
      arcFace(features, head, labels, { margin, scale }),
    adaFace: (head, features, labels, norms) =>
      adaFace(features, head, labels, {
        margin,
        scale,
        norms: norms as NormStatistics,
      }),
  };
  const remembers = classification === "adaFace";
  return {
    spread: isPlain ? SPREAD.crossEntropy : SPREAD.cosines,
    init: () => remembers ? firstNormStatistics() : {},
    renew: (memory, features) =>
      remembers
        ? normStatistics(features, {
          previous: memory as NormStatistics,
          momentum,
        })
        : {},
    classify: classifiers[classification],
    ...(triplet !== undefined && {
      triplet: (pooled, labels) =>
        tf.mul(
          tf.mean(batchHardTriplet(pooled, labels, { margin: gap })),
          weight,
        ),
    }),
  };
}
