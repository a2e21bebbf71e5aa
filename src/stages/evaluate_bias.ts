/**
 * How evenly a recogniser serves groups of people.
 *
 * @module
 */
import { checkLength, type Embedder } from "../core/mod.ts";
import { type Dataset, type ImageSet, takeIdentities } from "../data/mod.ts";
import {
  type BiasComparison,
  type BiasMetrics,
  biasMetrics,
  type BiasOptions,
  compareBias,
  pairDistances,
  protocolRecord,
  type VerifiedGroup,
} from "../metrics/mod.ts";
import { checkOverlap, type TestOverlap } from "./check_overlap.ts";
import { embedTestImages } from "./embed_test_images.ts";
import {
  datasetGroups,
  datasetTask,
  imageSetTask,
  NO_TRAINING_IMAGES,
  type ReadTestOptions,
  type VerificationTask,
} from "./verification_task.ts";

/** Images of one's own with the group of each identity. */
export interface GroupedImages {
  /** Images. */
  images: ImageSet;
  /** Name of the group of each identity, as many as `images.identities`. */
  groups: readonly string[];
}

/** Bias, and test images that were trained on. */
export interface EvaluatedBias extends BiasMetrics {
  /** How the pairs of each group were chosen, one sentence each. */
  rules: { [group: string]: string };
  /** Change from the recogniser in `against` to this one; there if that was given. */
  comparison?: BiasComparison;
  /** Test images that stand among those trained on, by group; absent, with its reason, where these were not given. */
  overlap?: { [group: string]: TestOverlap[] };
}

/** Options of {@linkcode evaluateBias}. */
export interface EvaluateBiasOptions extends BiasOptions, ReadTestOptions {
  /** Another recogniser, judged on the same pairs: the result says what changes from it to the first. @default none */
  against?: Embedder;
  /**
   * Images the embedder was trained on, by the name of the set: the test images are looked for among them first.
   *
   * @default none: `absent.overlap` says so
   */
  trainedOn?: { [name: string]: ImageSet };
}

/**
 * Verifies each group on its own and compares them: accuracy with interval, mean, standard deviation, skewed error ratio; and
 * two recognisers on the same pairs.
 *
 * @param embedder The recogniser to be judged; the feature of an image is f(x) + f(mirror image).
 * @param test RFW by `readRfw` (or any list whose pairs have groups), or images with the group of each identity: of these,
 *   balanced pairs within each group are chosen by seed.
 * @param options Seed of pairs and redraws, the other recogniser, images trained on.
 * @returns Figures with intervals.
 * @throws {TypeError} If there is not one group per identity.
 * @throws {RangeError} If there are fewer than two groups, or one has too few pairs: the sentence names it.
 * @throws {SyntaxError} If an image is broken.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { evaluateBias, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * using embedder = await recognizerEmbedder(model, params);
 * const groups = { A: 1, D: 1 }; // two of the four groups of procedural people
 * const images = proceduralFaces({ identities: 8, imagesPerIdentity: 3, size: 32, groups });
 * const test = { images, groups: images.groups };
 * const { mean, std } = await evaluateBias(embedder, test, { replicates: 20 });
 * console.log(mean.value, std.value);
 * ```
 */
export async function evaluateBias(
  embedder: Embedder,
  test: Dataset | GroupedImages,
  options: EvaluateBiasOptions = {},
): Promise<EvaluatedBias> {
  const { against, trainedOn, seed = 0 } = options;
  const { fit, kernel, cache, signal } = options;
  const tasks = tasksOf(test, seed);
  const embedders = against === undefined ? [embedder] : [embedder, against];
  const verified = embedders.map((): { [name: string]: VerifiedGroup } => ({}));
  const overlap: { [group: string]: TestOverlap[] } = {};
  const total = tasks.values().reduce((sum, { images }) => sum + images, 0);
  let before = 0;
  for (const [name, task] of tasks) {
    const reading = {
      fit,
      kernel,
      cache,
      signal,
      flip: true,
      onProgress: (done: number) => options.onProgress?.(before + done, total),
    };
    if (trainedOn !== undefined) {
      overlap[name] = await checkOverlap(
        task.tested,
        trainedOn,
        signal && { signal },
      );
    }
    for (const [k, each] of embedders.entries()) {
      const features = await embedTestImages(each, task.tested, reading);
      verified[k][name] = verifiedGroup(task, features);
    }
    before += task.images;
  }
  const metrics = biasMetrics(verified[0], options);
  const rules = Object.fromEntries(
    Array.from(tasks, ([name, { rule }]) => [name, rule]),
  );
  const { name, parameters, counts } = metrics.protocol;
  return {
    ...metrics,
    rules,
    protocol: protocolRecord({
      name,
      parameters: {
        ...parameters,
        feature: "f(x) + f(mirror image)",
        pairs: rules,
      },
      counts: { ...counts, images: total },
    }),
    ...(against && {
      comparison: compareBias(verified[1], verified[0], options),
    }),
    ...(trainedOn && { overlap }),
    absent: {
      ...metrics.absent,
      ...(!trainedOn && { overlap: NO_TRAINING_IMAGES }),
    },
  };
}

function tasksOf(
  test: Dataset | GroupedImages,
  seed: number,
): Map<string, VerificationTask> {
  if ("records" in test) {
    return new Map(
      Array.from(
        datasetGroups(test),
        ([name, list]) => [name, datasetTask(list, name)],
      ),
    );
  }
  const { images, groups } = test;
  checkLength("measure bias", "groups", groups, images.identities.length);
  const members = Map.groupBy(groups.keys(), (i) => groups[i]);
  return new Map(
    Array.from(members, ([name, identities]) => [
      name,
      namedTask(name, takeIdentities(images, identities), seed),
    ]),
  );
}

function namedTask(
  name: string,
  images: ImageSet,
  seed: number,
): VerificationTask {
  try {
    return imageSetTask(images, seed);
  } catch (error) {
    if (error instanceof RangeError) error.message += ` (in the group ${name})`;
    throw error;
  }
}

function verifiedGroup(
  { pairs, folds, identities }: VerificationTask,
  features: { data: Float32Array; width: number },
): VerifiedGroup {
  return {
    squaredDistances: pairDistances(features, pairs),
    same: pairs.same,
    folds,
    ...(identities && {
      identities: {
        first: pairs.first.map((i) => identities[i]),
        second: pairs.second.map((i) => identities[i]),
      },
    }),
  };
}
