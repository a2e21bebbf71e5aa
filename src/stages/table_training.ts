/**
 * What a recogniser of a table is trained on.
 *
 * @module
 */
import {
  type ImageSet,
  joinImages,
  nameIdentities,
  readImageFolder,
  type ReadImageFolderOptions,
} from "../data/mod.ts";

/** The images of one training. */
export interface TrainingImages {
  /** What `trainRecognizer` takes as real images: all that is trained on without selection. */
  real: ImageSet;
  /** Synthetic images of the same identities. @default none */
  synthetic?: ImageSet;
  /** What is trained on, a phrase to be printed beside the row. */
  how: string;
}

/** Options of {@linkcode trainingImages}. */
export interface TrainingImagesOptions {
  /** Whether real images are trained on, too. @default "both" */
  training?: "both" | "synthetic";
}

/**
 * Puts real and synthetic images together for a training.
 *
 * Synthetic images of the real identities, told by their names, go under the same labels. Those of new identities, as of
 * SFace or DCFace, become further classes. Synthetic images alone are trained on under their own labels.
 *
 * @param train Real training images.
 * @param synthetic Synthetic ones. @default none
 * @param options Whether both are trained on.
 * @returns What to train on.
 * @throws {RangeError} If some of the synthetic identities are real ones and others not.
 * @throws {TypeError} If the sizes differ.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * import { trainingImages } from "./table_training.ts";
 *
 * const faces = { identities: 2, imagesPerIdentity: 2, size: 16 };
 * const real = proceduralFaces(faces);
 * const synthetic = proceduralFaces({ ...faces, firstIdentity: 9 });
 * console.log(trainingImages(real, synthetic).how);
 * // 4 real images of 2 identities and 4 synthetic ones of 2 new identities, which are classes of their own
 * ```
 */
export function trainingImages(
  train: ImageSet,
  synthetic?: ImageSet,
  options: TrainingImagesOptions = {},
): TrainingImages {
  const { training = "both" } = options;
  if (synthetic === undefined) {
    return {
      real: train,
      how:
        `${train.count} real images of ${train.identities.length} identities`,
    };
  }
  const { count, identities } = synthetic;
  if (training === "synthetic") {
    return {
      real: synthetic,
      how: `${count} synthetic images of ${identities.length} identities alone`,
    };
  }
  const real = new Set(train.identities);
  const stranger = identities.find((name) => !real.has(name));
  const known = identities.filter((name) => real.has(name));
  if (stranger === undefined) {
    return {
      real: train,
      synthetic: nameIdentities(synthetic, train.identities),
      how:
        `${train.count} real images of ${train.identities.length} identities and ${count} synthetic ones of ${
          known.length === train.identities.length
            ? "the same"
            : `${known.length} of them`
        }`,
    };
  }
  if (known.length > 0) {
    throw new RangeError(
      `Cannot train on real and synthetic images as 'synthetic' must be of the real identities or of new ones: current value is one with both, as '${
        known[0]
      }' and '${stranger}'`,
    );
  }
  return {
    real: joinImages(train, synthetic),
    how:
      `${train.count} real images of ${train.identities.length} identities and ${count} synthetic ones of ${identities.length} new identities, which are classes of their own`,
  };
}

/**
 * Reads a folder of synthetic images, one folder per identity.
 *
 * @param folder Path.
 * @param options Size; the smaller one of a person's image may be stretched.
 * @returns The images; lists that lie beside the identities' folders are no problem.
 * @throws {RangeError} If there is no such folder, or it holds no identities.
 * @throws {SyntaxError} If an image is broken.
 *
 * @example
 * ```ts
 * import { readSynthetic } from "./table_training.ts";
 *
 * const none = readSynthetic("/no/such/folder", { size: 16 });
 * await none.catch((error) => console.log(error.name)); // RangeError
 * ```
 */
export async function readSynthetic(
  folder: string,
  options: ReadImageFolderOptions,
): Promise<ImageSet> {
  const set = await readImageFolder(folder, options);
  set.problems = set.problems.filter((text) =>
    !/\.(json|jsonl|csv|txt|md|parquet) is left out/.test(text)
  );
  return set;
}
