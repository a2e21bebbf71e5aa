/**
 * How the paper trains its recognisers (section 5.1).
 *
 * @module
 */
import { adam, byRank, sgd } from "../optim/mod.ts";
import type { TrainRecognizerOptions } from "./train_recognizer_options.ts";

/** Options of `trainRecognizer` without the number of steps. */
export type RecognizerRecipe = Omit<TrainRecognizerOptions, "steps">;

/** Decay of weights, for persons and faces. */
const WEIGHT_DECAY = 5e-4;

/**
 * Re-identification: Adam with coupled weight decay 5e-4, 16 x 4 images, cross-entropy and batch-hard triplet, flip and
 * padded crop. Random Erasing is `erase: 0.5` on top.
 *
 * What the paper leaves open is ours, as is usual: rate 3.5e-4 with warm-up and steps down by ten, smoothing 0.1, margin
 * 0.3, a crop that moves by up to 10 pixels (of 256 x 128), no clipping of gradients.
 *
 * @returns The options.
 *
 * @example
 * ```ts
 * import { personRecipe } from "@outis/outis/stages";
 *
 * console.log(personRecipe().sampler); // { identities: 16, images: 4 }
 * ```
 */
export function personRecipe(): RecognizerRecipe {
  return {
    sampler: { identities: 16, images: 4 },
    loss: {
      classification: "crossEntropy",
      smoothing: 0.1,
      triplet: { margin: 0.3 },
    },
    optimizer: adam({ weightDecay: WEIGHT_DECAY, decay: "coupled" }),
    rate: 3.5e-4,
    schedule: { shape: "step" },
    padding: 10,
    clip: Infinity,
  };
}

/**
 * Faces: CosFace with margin 0.35 and scale 64, batches of 128, SGD with momentum 0.9 and weight decay 5e-4, which leaves
 * norms alone.
 *
 * What the paper leaves open is ours: rate 0.1 with warm-up and half a cosine, flips without a crop, as aligned faces are
 * trained on. The margin and scale belong to thousands of identities.
 *
 * @returns The options.
 *
 * @example
 * ```ts
 * import { faceRecipe } from "@outis/outis/stages";
 *
 * console.log(faceRecipe().batchSize); // 128
 * ```
 */
export function faceRecipe(): RecognizerRecipe {
  return {
    batchSize: 128,
    loss: { classification: "cosFace", margin: 0.35, scale: 64 },
    optimizer: byRank({
      matrices: sgd({ momentum: 0.9, weightDecay: WEIGHT_DECAY }),
      vectors: sgd({ momentum: 0.9 }),
    }),
    rate: 0.1,
    padding: 0,
  };
}
