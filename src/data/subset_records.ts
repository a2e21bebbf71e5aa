/**
 * Few people, few images of each: the setting in which data is scarce.
 *
 * @module
 */
import { checkRange, type RandomStream, randomStream } from "../core/mod.ts";
import type { ImageRecord } from "./image_record.ts";

/** Options of {@linkcode subsetRecords}. */
export interface SubsetRecordsOptions {
  /** Number of identities. @default all */
  identities?: number;
  /** Most images of each. @default all */
  imagesPerIdentity?: number;
  /** Fewest images an identity must have to be drawn. @default 1 */
  leastImages?: number;
  /** Decides which. @default 0 */
  seed?: number;
}

/**
 * Takes at most k images of n identities.
 *
 * What is taken depends on the seed and the names of identities and files only: not on the order of the records, nor on
 * where the data set lies. A subset of fewer identities or images is part of that of more. Junk and distractors are
 * left out.
 *
 * @param records Images in any order.
 * @param options How many, and the seed.
 * @returns The images, sorted by identity and path, and the rule in one sentence.
 * @throws {RangeError} If a number is not whole and above 0, or there are fewer identities than asked for.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { subsetRecords } from "@outis/outis/data";
 *
 * const records = ["a", "a", "b", "b", "c"].map((identity, i) => ({
 *   path: `${identity}/${i}.png`,
 *   identity,
 * }));
 * const options = { identities: 2, imagesPerIdentity: 1, leastImages: 2 };
 * const subset = subsetRecords(records, options);
 * assertEquals(subset.records.map(({ identity }) => identity), ["a", "b"]);
 * ```
 */
export function subsetRecords(
  records: readonly ImageRecord[],
  options: SubsetRecordsOptions = {},
): { records: ImageRecord[]; rule: string } {
  const { identities, imagesPerIdentity, leastImages = 1, seed = 0 } = options;
  const whole = { min: 1, integer: true };
  checkRange("take a subset", "leastImages", leastImages, whole);
  const random = randomStream(seed, "subset");
  const groups = new Map<string, ImageRecord[]>();
  for (const record of records) {
    if (record.role !== undefined) continue;
    const group = groups.get(record.identity);
    if (group) group.push(record);
    else groups.set(record.identity, [record]);
  }
  const eligible = [...groups.keys()].filter((name) =>
    groups.get(name)!.length >= leastImages
  );
  const count = identities ?? eligible.length;
  checkRange("take a subset", "identities", count, {
    ...whole,
    max: eligible.length,
  });
  const most = imagesPerIdentity ?? Infinity;
  if (imagesPerIdentity !== undefined) {
    checkRange("take a subset", "imagesPerIdentity", imagesPerIdentity, whole);
  }
  const chosen = drawn(eligible, count, (name) => name, random).sort(compare);
  const taken = chosen.flatMap((name) => {
    const own = groups.get(name)!.toSorted((a, b) => compare(a.path, b.path));
    return drawn(own, most, ({ path }) => fileName(path), random.fork(name))
      .sort((a, b) => compare(a.path, b.path));
  });
  const images = imagesPerIdentity === undefined
    ? "All images"
    : `At most ${imagesPerIdentity} image${imagesPerIdentity === 1 ? "" : "s"}`;
  return {
    records: taken,
    rule:
      `${images} of ${count} of ${groups.size} identities (those with at least ${leastImages}), chosen at random by name and seed ${seed}.`,
  };
}

/** The `count` items whose names draw the smallest numbers. */
function drawn<T>(
  items: readonly T[],
  count: number,
  nameOf: (item: T) => string,
  random: RandomStream,
): T[] {
  if (items.length <= count) return [...items];
  // Two numbers: with one of 24 bits, ties would be likely among thousands.
  return items
    .map((item) => ({ item, draw: random.fork(nameOf(item)).uniforms(2) }))
    .sort((a, b) =>
      a.draw[0] - b.draw[0] || a.draw[1] - b.draw[1] ||
      compare(nameOf(a.item), nameOf(b.item))
    )
    .slice(0, count).map(({ item }) => item);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
