/**
 * How good, how varied and how consistent synthetic images are, in the eyes of an embedder.
 *
 * @module
 */
import { type Embedder, randomStream } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import {
  type AngleDistributions,
  angleDistributions,
  type Features,
  type FrechetDistance,
  frechetDistance,
  type IdentityConsistency,
  identityConsistency,
  type KernelDistance,
  kernelDistance,
  type Prdc,
  prdc,
  type ProtocolRecord,
  protocolRecord,
  unitFeatures,
} from "../metrics/mod.ts";
import { checkOverlap, type TestOverlap } from "./check_overlap.ts";
import { embedTestImages } from "./embed_test_images.ts";
import { NO_TRAINING_IMAGES } from "./verification_task.ts";

/** What {@linkcode evaluateGeneration} takes. */
export interface EvaluateGenerationInput {
  /** Real images to compare with: best some that the generator has not seen. */
  real: ImageSet;
  /** Synthetic images. */
  synthetic: ImageSet;
  /** Whose features are compared: best an embedder that the generator was not tuned by. */
  embedder: Embedder;
  /** Whether features are scaled to unit length, as where identities are told by angles. @default true */
  normalize?: boolean;
  /** Neighbours that make the balls of precision, recall, density and coverage. @default 5 */
  nearest?: number;
  /** Cosine from which on an image counts as its identity. @default none: that figure is absent */
  threshold?: number;
  /** Seed of subsets and halves. @default 0 */
  seed?: number;
  /**
   * Images the generator was trained on, by the name of the set: the real images are looked for among them.
   *
   * @default none: `absent.overlap` says so
   */
  trainedOn?: { [name: string]: ImageSet };
  /** Stops it between two parts. */
  signal?: AbortSignal;
  /** Called after each part with the number of parts done, and all. */
  onProgress?: (done: number, total: number) => void;
}

/** Result of {@linkcode evaluateGeneration}. */
export interface EvaluatedGeneration {
  /** Fréchet distance; biased upwards by few images: see `halves`. */
  frechet: FrechetDistance;
  /** Kernel distance, without bias. */
  kernel: KernelDistance;
  /** Precision, recall, density, coverage. */
  prdc?: Prdc;
  /** Angles within and between identities. */
  angles: { real: AngleDistributions; synthetic: AngleDistributions };
  /** Whether images of an identity agree. */
  consistency: { real?: IdentityConsistency; synthetic?: IdentityConsistency };
  /**
   * The distances between two random halves of the real images: what this few images score when nothing is synthetic. With
   * half the images the bias is about twice as large.
   */
  halves?: { frechet: number; kernel: number };
  /** Real images that the generator was trained on; absent, with its reason, where these were not given. */
  overlap?: TestOverlap[];
  /** What was done. */
  protocol: ProtocolRecord;
  /** Why a figure is absent. */
  absent: { [figure: string]: string };
}

/**
 * Compares synthetic with real images on an embedder's features: Fréchet and kernel distance, precision, recall, density and
 * coverage, angles within and between identities, identity consistency.
 *
 * @param input Images, embedder and options.
 * @returns All figures; one that cannot be computed is absent, with its reason.
 * @throws {TypeError} If images are not of the size the embedder takes.
 * @throws {RangeError} If a set has fewer than two images, or a feature is not finite.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { recognizer, smallRecognizer } from "@outis/outis/models";
 * import { evaluateGeneration, recognizerEmbedder } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * await useBackend("auto");
 * const model = recognizer(smallRecognizer({ height: 32, width: 32 }));
 * const params = model.init(randomStream(1)); // untrained
 * using embedder = await recognizerEmbedder(model, params);
 * const faces = (seed: number) =>
 *   proceduralFaces({ identities: 3, imagesPerIdentity: 3, size: 32, seed });
 * const { frechet, kernel } = await evaluateGeneration({
 *   real: faces(1),
 *   synthetic: faces(2),
 *   embedder,
 * });
 * console.log(frechet.distance, kernel.distance, frechet.caution);
 * ```
 */
export async function evaluateGeneration(
  input: EvaluateGenerationInput,
): Promise<EvaluatedGeneration> {
  const { real, synthetic, embedder, trainedOn, signal } = input;
  const { normalize = true, nearest = 5, seed = 0, threshold } = input;
  const parts = 7;
  let done = 0;
  // Between two parts others have their turn, and a stop is heard.
  async function part<T>(work: () => T | Promise<T>): Promise<T> {
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    const result = await work();
    input.onProgress?.(++done, parts);
    return result;
  }
  const overlap = await part(() =>
    trainedOn && checkOverlap(real, trainedOn, signal && { signal })
  );
  const featuresOf = async (images: ImageSet): Promise<Features> => {
    const features = await embedTestImages(
      embedder,
      images,
      signal && { signal },
    );
    if (!normalize) return features;
    return { data: unitFeatures(features), width: features.width };
  };
  const x = await part(() => featuresOf(real));
  const y = await part(() => featuresOf(synthetic));
  const absent: EvaluatedGeneration["absent"] = {
    ...(!overlap && { overlap: NO_TRAINING_IMAGES }),
  };
  const frechet = await part(() => frechetDistance(x, y));
  const kernel = await part(() => kernelDistance(x, y, { seed }));
  const halves = halvesOf(x, seed);
  if (halves === undefined) {
    absent.halves = `${real.count} real images are too few to be halved.`;
  }
  const balls = await part(() => {
    const fewest = Math.min(real.count, synthetic.count);
    if (fewest > nearest) return prdc(x, y, { nearest });
    absent.prdc = `${fewest} images have no ${nearest} neighbours each.`;
    return undefined;
  });
  const consistencyOf = (
    name: string,
    features: Features,
    { labels }: ImageSet,
  ): IdentityConsistency | undefined => {
    if (new Set(labels).size < labels.length) {
      return identityConsistency(
        features,
        labels,
        threshold === undefined ? {} : { threshold },
      );
    }
    absent[`consistency.${name}`] = "No identity has two images.";
    return undefined;
  };
  const [angles, consistency] = await part(() =>
    [
      {
        real: angleDistributions(x, real.labels),
        synthetic: angleDistributions(y, synthetic.labels),
      },
      {
        real: consistencyOf("real", x, real),
        synthetic: consistencyOf("synthetic", y, synthetic),
      },
    ] as const
  );
  return {
    frechet,
    kernel,
    ...(balls && { prdc: balls }),
    angles,
    consistency,
    ...(halves && { halves }),
    ...(overlap && { overlap }),
    protocol: protocolRecord({
      name: "generation",
      parameters: {
        features: normalize ? "scaled to unit length" : "as they are",
        embedder: embedder.fingerprint,
        nearest,
        threshold: threshold ?? null,
        seed,
      },
      counts: {
        real: real.count,
        synthetic: synthetic.count,
        realIdentities: new Set(real.labels).size,
        syntheticIdentities: new Set(synthetic.labels).size,
        width: embedder.width,
      },
    }),
    absent,
  };
}

/** Both distances between two random halves. */
function halvesOf(
  { data, width }: Features,
  seed: number,
): EvaluatedGeneration["halves"] {
  const count = data.length / width;
  const half = Math.floor(count / 2);
  if (half < 2) return undefined;
  const order = randomStream(seed, "halves").permutation(count);
  const [a, b] = [0, half].map((from) => {
    const values = new Float64Array(half * width);
    for (let k = 0; k < half; k++) {
      const row = order[from + k];
      values.set(data.subarray(row * width, (row + 1) * width), k * width);
    }
    return { data: values, width };
  });
  return {
    frechet: frechetDistance(a, b).distance,
    kernel: kernelDistance(a, b, { seed }).distance,
  };
}
