/**
 * Test images that stand among others, too: to be told beside every score.
 *
 * @module
 */
import {
  findOverlap,
  type FindOverlapOptions,
  fingerprintImages,
  gatherPixels,
  type ImageRecord,
  type ImageSet,
} from "../data/mod.ts";
import { encodePng } from "../io/mod.ts";

/** How many test images stand in another set. */
export interface TestOverlap {
  /** Name of the other set. */
  name: string;
  /** Test images with an exact or near duplicate in it. */
  affected: number;
  /** Paths of these, the first ten. */
  paths: string[];
  /** What counts as a duplicate, one sentence. */
  rule: string;
}

/**
 * Looks for test images among the images a recogniser was trained on. An evaluation whose test images were seen in training
 * says nothing.
 *
 * @param test Images of the test, or where to read them.
 * @param others Sets by name: real training images, synthetic ones.
 * @param options Threshold of near duplicates.
 * @returns One entry for each set.
 * @throws {RangeError} If an option is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { checkOverlap } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const test = proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 32 });
 * const train = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 32 });
 * const [{ affected, paths }] = await checkOverlap(test, { train });
 * console.log(affected, paths); // 1 ["face-0000/000"]
 * ```
 */
export async function checkOverlap(
  test: ImageSet | readonly ImageRecord[],
  others: { [name: string]: ImageSet },
  options: FindOverlapOptions = {},
): Promise<TestOverlap[]> {
  const records = "images" in test ? imageRecords(test) : test;
  const prints = await fingerprintImages(records, options);
  const found: TestOverlap[] = [];
  for (const [name, set] of Object.entries(others)) {
    const overlap = await findOverlap(imageRecords(set), prints, options);
    const seconds = [...overlap.exact, ...overlap.near]
      .map(({ second }) => second);
    const distinct = [...new Set(seconds)].sort((a, b) => a - b);
    found.push({
      name,
      affected: overlap.affected,
      paths: distinct.slice(0, 10).map((i) => records[i].path),
      rule: overlap.rule,
    });
  }
  return found;
}

/**
 * A set's images as files without loss: equal pixels have equal bytes.
 *
 * @param set The images. Borrowed; encoded when their bytes are asked for.
 * @returns A record each.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * import { imageRecords } from "./check_overlap.ts";
 *
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 16 });
 * console.log(imageRecords(faces).map(({ path }) => path)); // face-0000/000, face-0000/001
 * ```
 */
export function imageRecords(set: ImageSet): ImageRecord[] {
  const { height, width } = set;
  return Array.from({ length: set.count }, (_, i) => ({
    path: set.paths[i],
    identity: set.identities[set.labels[i]],
    bytes: () => encodePng({ pixels: gatherPixels(set, [i]), height, width }),
  }));
}
