/**
 * What a prior can do, in numbers for its card.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import { gatherImages, type ImageSet, subsetImages } from "../data/mod.ts";
import { tf } from "../engine/mod.ts";
import {
  identification,
  type LabelledFeatures,
  unitFeatures,
  verificationMetrics,
} from "../metrics/mod.ts";
import { embedTestImages } from "./embed_test_images.ts";
import { generate } from "./generate.ts";
import type { Generator } from "./generator.ts";
import type { WorldName } from "./render_person.ts";
import { renderPeople } from "./render_people.ts";
import type { SamplingOptions } from "./sampler.ts";

/** Options of {@linkcode measurePrior}. */
export interface MeasurePriorOptions extends SamplingOptions {
  /** Whose features identities are told by: of other people than the prior's. */
  embedder: Embedder;
  /** The first classes, as many, are looked at. @default {100} */
  identities?: number;
  /** Pictures that the prior has been trained on, of each person: new ones are rendered behind these. @default {30} */
  trainedImages?: number;
  /** Seed of noise; that of the population is 0. @default {0} */
  seed?: number;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal | undefined;
}

/** What {@linkcode measurePrior} has found. */
export interface PriorMeasures {
  /** Mean absolute error of the autoencoder on pictures it was not trained on; pixels in [-1, 1]. */
  reconstruction: number;
  /** Rendered pictures, as the best that can be: how well a new picture goes with others of its person. */
  rendered: ClassMeasures;
  /** Generated pictures: how well each goes with rendered ones of the person its class stands for. */
  generated: ClassMeasures;
}

/** Whether pictures show whom they should. */
export interface ClassMeasures {
  /** Verification accuracy over ten folds, in [0, 1]: against a picture of the same person, and of the next. */
  verification: number;
  /** Share of the pictures, in [0, 1], that lie nearest to the mean of their own person's. */
  identification: number;
}

/** New pictures of each person, and as many generated ones. The first half is compared with the second. */
const PICTURES = 4;

/**
 * Looks whether images of a prior's classes show the persons whom the classes stand for.
 *
 * @param prior A generator whose classes are the first people of a procedural population. Borrowed.
 * @param world The population's world.
 * @param options Embedder, how many people, how images are drawn.
 * @returns The measures.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import type { Embedder } from "@outis/outis/core";
 * import { type Generator, measurePrior } from "@outis/outis/stages";
 *
 * // A minute or two.
 * const measure = (prior: Generator, embedder: Embedder) =>
 *   measurePrior(prior, "faces", { embedder, samplingSteps: 25, guidance: 1.5 });
 * console.log(typeof measure); // function
 * ```
 */
export async function measurePrior(
  prior: Generator,
  world: WorldName,
  options: MeasurePriorOptions,
): Promise<PriorMeasures> {
  const {
    embedder,
    trainedImages = 30,
    seed = 0,
    signal,
    ...sampling
  } = options;
  const { classes } = prior.dit.config;
  const identities = Math.min(options.identities ?? 100, classes);
  const stop = { ...(signal && { signal }) };
  const all = await renderPeople({
    world,
    identities,
    imagesPerIdentity: trainedImages + PICTURES,
    size: prior.config.autoencoder.height,
    seed: 0,
    ...stop,
  });
  const picked = (from: number, to: number) =>
    subsetImages(
      all,
      [...all.labels.keys()].filter((i) => {
        const k = i % (trainedImages + PICTURES) - trainedImages;
        return k >= from && k < to;
      }),
    );
  const [probes, gallery] = [
    picked(0, PICTURES / 2),
    picked(PICTURES / 2, PICTURES),
  ];
  const generated = await generate(prior, {
    ...sampling,
    imagesPerIdentity: PICTURES / 2,
    labels: Array.from({ length: identities }, (_, y) => y),
    seed,
    ...stop,
  });
  const reconstruction = tf.tidy(() => {
    const count = Math.min(128, probes.count);
    const indices = Int32Array.from({ length: count }, (_, i) => i);
    const images = gatherImages(probes, indices);
    const back = prior.decode(prior.encode(images));
    return tf.mean(tf.abs(tf.sub(back, images))).dataSync()[0];
  });
  const embedded = async (set: ImageSet): Promise<LabelledFeatures> => ({
    ...await embedTestImages(embedder, set, stop),
    labels: set.labels,
  });
  const known = await embedded(gallery);
  const measure = async (set: ImageSet): Promise<ClassMeasures> => {
    const features = await embedded(set);
    return {
      verification: verified(features, known, identities),
      identification: identification(features, known).accuracy,
    };
  };
  return {
    reconstruction,
    rendered: await measure(probes),
    generated: await measure(generated),
  };
}

/** Each picture against one of its own person, and one of the next. */
function verified(
  probes: LabelledFeatures,
  gallery: LabelledFeatures,
  identities: number,
): number {
  const { width } = gallery;
  const [left, right] = [unitFeatures(probes), unitFeatures(gallery)];
  const perPerson = PICTURES / 2;
  const pairs = Array.from(
    probes.labels,
    (label, i) =>
      [label, (label + 1) % identities].map((person, k) => {
        const row = person * perPerson + i % perPerson;
        let sum = 0;
        for (let c = 0; c < width; c++) {
          sum += (left[i * width + c] - right[row * width + c]) ** 2;
        }
        return { distance: sum, same: k === 0 };
      }),
  ).flat();
  const { accuracy } = verificationMetrics(
    pairs.map(({ distance }) => distance),
    pairs.map(({ same }) => same),
    { folds: Math.min(10, probes.labels.length) },
  );
  return accuracy.mean;
}
