/**
 * Images and pairs to verify, from a set of one's own or from an official list.
 *
 * @module
 */
import { randomStream } from "../core/mod.ts";
import type {
  Dataset,
  ImageRecord,
  ImageSet,
  ReadImagesOptions,
} from "../data/mod.ts";
import { type VerificationPairs, verificationPairs } from "../metrics/mod.ts";

/** Why there is no overlap in a result. */
export const NO_TRAINING_IMAGES =
  "The images trained on were not given, so the test images were not looked for among them.";

/** How images that are not in memory yet are read. */
export interface ReadTestOptions extends
  Pick<
    ReadImagesOptions,
    "fit" | "kernel" | "cache" | "onProgress" | "signal"
  > {}

/** What is to be verified. */
export interface VerificationTask {
  /** Pairs, as indices into the images; and their folds. */
  pairs: VerificationPairs;
  /** Ten, or the fold of each pair where the list gives them. */
  folds: number | Int32Array;
  /** How the pairs were chosen, one sentence. */
  rule: string;
  /** Number of images. */
  images: number;
  /**
   * Identity of each image. Absent where nobody knows who is in the images, as in `.bin` files.
   */
  identities?: Int32Array;
  /** The images, or where to read them: what overlap is looked for in. */
  tested: ImageSet | ImageRecord[];
}

/**
 * Pairs of a set of one's own: balanced, chosen by seed.
 *
 * @param test Images.
 * @param seed Seed of the pairs.
 * @returns What is to be verified.
 * @throws {RangeError} If there are too few pairs for ten folds.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * import { imageSetTask } from "./verification_task.ts";
 *
 * const test = proceduralFaces({ identities: 12, imagesPerIdentity: 3, size: 16 });
 * console.log(imageSetTask(test, 0).rule);
 * ```
 */
export function imageSetTask(test: ImageSet, seed: number): VerificationTask {
  const pairs = verificationPairs(test.labels, {
    random: randomStream(seed, "verification-pairs"),
  });
  return {
    pairs,
    folds: 10,
    rule: pairs.rule,
    images: test.count,
    identities: test.labels,
    tested: test,
  };
}

/**
 * Pairs of an official list. Only images that stand in a pair are looked at.
 *
 * @param test Records and pairs.
 * @param name Name of the list, for errors.
 * @returns What is to be verified.
 * @throws {RangeError} If it has no pairs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { datasetTask } from "./verification_task.ts";
 *
 * const task = datasetTask({
 *   layout: "pairs",
 *   protocol: "A list.",
 *   records: ["a", "b", "c"].map((identity) => ({ path: `${identity}.png`, identity })),
 *   pairs: [{ first: 2, second: 0, same: false }],
 *   problems: [],
 * }, "mine");
 * assertEquals([[...task.pairs.first], task.images], [[1], 2]);
 * ```
 */
export function datasetTask(test: Dataset, name: string): VerificationTask {
  const listed = test.pairs ?? [];
  if (listed.length === 0) {
    throw new RangeError(
      `Cannot verify as '${name}' must have pairs, as readPairs, readVerificationBins and readRfw list them: current value is a list without, of layout ${test.layout}`,
    );
  }
  const used = [
    ...new Set(listed.flatMap(({ first, second }) => [first, second])),
  ].sort((a, b) => a - b);
  const indexOf = new Map(used.map((record, i) => [record, i]));
  const records = used.map((record) => test.records[record]);
  const names = [...new Set(records.map(({ identity }) => identity))];
  const labelOf = new Map(names.map((name, label) => [name, label]));
  // A container names nobody: two images in different pairs may show the same person.
  const known = !records.some(({ path }) => path.includes(".bin#"));
  return {
    pairs: {
      first: Int32Array.from(listed, ({ first }) => indexOf.get(first)!),
      second: Int32Array.from(listed, ({ second }) => indexOf.get(second)!),
      same: Uint8Array.from(listed, ({ same }) => same ? 1 : 0),
    },
    folds: listed.every(({ fold }) => fold !== undefined)
      ? Int32Array.from(listed, ({ fold }) => fold!)
      : 10,
    rule: test.protocol,
    images: used.length,
    ...(known && {
      identities: Int32Array.from(
        records,
        ({ identity }) => labelOf.get(identity)!,
      ),
    }),
    tested: records,
  };
}

/**
 * The groups of a list, each a list of its own.
 *
 * @param test Records and pairs.
 * @returns Lists by the group of their pairs, in the order in which they begin; of pairs without a group, by the layout.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { datasetGroups } from "./verification_task.ts";
 *
 * const pair = { first: 0, second: 1, same: false };
 * const groups = datasetGroups({
 *   layout: "bin",
 *   protocol: "Two sets.",
 *   records: ["a", "b"].map((identity) => ({ path: `${identity}.png`, identity })),
 *   pairs: [{ ...pair, group: "lfw" }, { ...pair, group: "calfw" }],
 *   problems: [],
 * });
 * assertEquals([...groups.keys()], ["lfw", "calfw"]);
 * ```
 */
export function datasetGroups(test: Dataset): Map<string, Dataset> {
  const groups = Map.groupBy(
    test.pairs ?? [],
    ({ group }) => group ?? test.layout,
  );
  return new Map(
    Array.from(groups, ([name, pairs]) => [name, { ...test, pairs }]),
  );
}
