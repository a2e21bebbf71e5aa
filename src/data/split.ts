/**
 * Splits by stated rules, each returned with the sentence a report prints.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";
import { groupByLabel } from "./group_by_label.ts";
import { type ImageSet, subsetImages, takeIdentities } from "./image_set.ts";

/** Options of {@linkcode splitIdentities}. */
export interface SplitIdentitiesOptions {
  /** Number of identities to test on; or a fraction below. */
  testCount?: number;
  /** Fraction of the identities to test on, rounded to a whole number, at least one. @default 0.25 */
  testFraction?: number;
  /**
   * Chooses them by a random number per name, so that further identities do not move the others about much.
   *
   * @default none: the last ones by name
   */
  random?: RandomStream;
}

/** Two sets without a common identity. */
export interface IdentitySplit {
  /** Images to learn from. */
  train: ImageSet;
  /** Images of identities never trained on. */
  test: ImageSet;
  /** How it was split, in one sentence. */
  rule: string;
}

/**
 * Splits a set into identities to train on and identities to test on.
 *
 * @param set Images.
 * @param options How many to test on, and which.
 * @returns Both sets, labels from 0 in each, and the rule.
 * @throws {RangeError} If either side would have no identity.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { splitIdentities } from "@outis/outis/data";
 *
 * const set = {
 *   images: new Float32Array(2 * 3),
 *   height: 1,
 *   width: 1,
 *   count: 2,
 *   labels: new Int32Array([0, 1]),
 *   identities: ["ada", "bob"],
 *   paths: ["ada/1.png", "bob/1.png"],
 *   problems: [],
 * };
 * const { test } = splitIdentities(set, { testCount: 1 });
 * assert(test.identities[0] === "bob");
 * ```
 */
export function splitIdentities(
  set: ImageSet,
  options: SplitIdentitiesOptions = {},
): IdentitySplit {
  const { testCount, testFraction = 0.25, random } = options;
  checkRange("split identities", "testFraction", testFraction, {
    min: 0,
    max: 1,
    exclusive: true,
  });
  const total = set.identities.length;
  const count = testCount ?? Math.max(1, Math.round(testFraction * total));
  checkRange("split identities", "testCount", count, {
    min: 1,
    max: total - 1,
    integer: true,
  });
  const name = (i: number) => set.identities[i];
  const byName = [...set.identities.keys()].sort((a, b) =>
    name(a) < name(b) ? -1 : 1
  );
  let order = byName;
  if (random !== undefined) {
    // Two numbers: with one of 24 bits, ties would be likely among thousands.
    const draws = set.identities.map((text) => random.fork(text).uniforms(2));
    order = byName.toSorted((a, b) =>
      draws[a][0] - draws[b][0] || draws[a][1] - draws[b][1]
    );
  }
  const test = new Set(order.slice(total - count));
  const how = random === undefined
    ? "the last by name"
    : "chosen at random by name and seed";
  return {
    train: takeIdentities(set, byName.filter((i) => !test.has(i))),
    test: takeIdentities(set, byName.filter((i) => test.has(i))),
    rule:
      `${count} of ${total} identities, ${how}, are for testing and never trained on.`,
  };
}

/** Options of {@linkcode splitImages}. */
export interface SplitImagesOptions {
  /** Images of each identity to train on. */
  trainCount: number;
  /** Chooses them at random. @default none: the first ones by path */
  random?: RandomStream;
}

/** Two sets of the same identities. */
export interface ImageSplit {
  /** Images to learn from. */
  train: ImageSet;
  /** The others; identities with too few images have none here. */
  heldOut: ImageSet;
  /** How it was split, in one sentence. */
  rule: string;
}

/**
 * Splits the images of every identity: some to train on, the rest held out. Labels mean the same in both.
 *
 * @param set Images.
 * @param options How many to train on, and which.
 * @returns Both sets and the rule.
 * @throws {RangeError} If `trainCount` is no whole number above 0.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { splitImages } from "@outis/outis/data";
 *
 * const set = {
 *   images: new Float32Array(2 * 3),
 *   height: 1,
 *   width: 1,
 *   count: 2,
 *   labels: new Int32Array([0, 0]),
 *   identities: ["ada"],
 *   paths: ["ada/1.png", "ada/2.png"],
 *   problems: [],
 * };
 * const { heldOut } = splitImages(set, { trainCount: 1 });
 * assert(heldOut.paths[0] === "ada/2.png");
 * ```
 */
export function splitImages(
  set: ImageSet,
  options: SplitImagesOptions,
): ImageSplit {
  const { trainCount, random } = options;
  checkRange("split images", "trainCount", trainCount, {
    min: 1,
    integer: true,
  });
  const train = new Set<number>();
  for (const [label, indices] of groupByLabel(set.labels)) {
    const own = indices.sort((a, b) => set.paths[a] < set.paths[b] ? -1 : 1);
    const order = random === undefined ? own : Array.from(
      random.fork(set.identities[label]).permutation(own.length),
      (k) => own[k],
    );
    for (const i of order.slice(0, trainCount)) train.add(i);
  }
  const all = [...set.labels.keys()];
  const how = random === undefined ? "the first by name" : "chosen by seed";
  return {
    train: subsetImages(set, all.filter((i) => train.has(i))),
    heldOut: subsetImages(set, all.filter((i) => !train.has(i))),
    rule:
      `${trainCount} images of each identity, ${how}, are for training; the rest is held out.`,
  };
}
