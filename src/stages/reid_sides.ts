/**
 * Queries and gallery of a re-identification test, from image sets, lists of files or a whole data set.
 *
 * @module
 */
import type { Dataset, ImageRecord, ImageSet } from "../data/mod.ts";

/** Images of a set of one's own, with the camera of each where it is known. */
export type SeenImages = ImageSet & {
  /** Camera of each image, a whole number. */
  cameras?: ArrayLike<number>;
};

/** Images in memory, or where to read them. */
export type ReidImages = SeenImages | readonly ImageRecord[];

/** Who is searched for, and where. */
export interface ReidTest {
  /** Images to search for. */
  query: ReidImages;
  /** Images to search in; identity -1 in a set, or the role `junk` in a list, is ignored. */
  gallery: ReidImages;
}

/** One side of a test. */
export interface ReidSide {
  /** Its images. */
  images: ReidImages;
  /** Number of images. */
  count: number;
  /** Identity of each, the same number on both sides; -1 is nobody. */
  labels: Int32Array;
  /** Camera of each; absent where none are known. */
  cameras?: Int32Array;
  /** Path of each. */
  paths: readonly string[];
}

/**
 * Brings both sides into one form: identities are compared by name.
 *
 * @param test Queries and gallery, or a data set with records of the splits `query` and `gallery`.
 * @returns Both sides.
 * @throws {TypeError} If labels or cameras are not as many as images, or only one side has cameras.
 * @throws {RangeError} If a side is empty, a label does not count within the identities of its set, only some records have
 *   cameras, or without cameras an image is on both sides.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { reidSides } from "./reid_sides.ts";
 *
 * const query = [{ path: "1.png", identity: "ada", camera: 1 }];
 * const gallery = [{ path: "2.png", identity: "bob", camera: 1 }, { path: "3.png", identity: "ada", camera: 2 }];
 * const sides = reidSides({ query, gallery });
 * assertEquals([[...sides.query.labels], [...sides.gallery.labels]], [[0], [1, 0]]);
 * ```
 */
export function reidSides(
  test: ReidTest | Dataset,
): { query: ReidSide; gallery: ReidSide } {
  const { query, gallery } = "records" in test ? splitsOf(test) : test;
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return numbers.get(name)!;
  };
  const sides = {
    query: sideOf("query", query, numberOf),
    gallery: sideOf("gallery", gallery, numberOf),
  };
  if ((sides.query.cameras ?? sides.gallery.cameras) === undefined) {
    const known = new Set(sides.gallery.paths);
    const twice = sides.query.paths.find((path) => known.has(path));
    if (twice !== undefined) {
      throw refusal(
        "gallery",
        "without the query's images where there are no cameras to tell them by",
        twice,
      );
    }
  }
  return sides;
}

function splitsOf(test: Dataset): ReidTest {
  const [query, gallery] = ["query", "gallery"].map((part) =>
    test.records.filter(({ split }) => split === part)
  );
  return { query, gallery };
}

function sideOf(
  name: string,
  images: ReidImages,
  numberOf: (name: string) => number,
): ReidSide {
  const side = "images" in images
    ? fromSet(name, images, numberOf)
    : fromRecords(name, images, numberOf);
  if (side.count === 0) throw refusal(name, "at least one image", "none");
  return side;
}

function fromSet(
  name: string,
  images: SeenImages,
  numberOf: (name: string) => number,
): ReidSide {
  const { count, labels, cameras, identities, paths } = images;
  for (
    const [part, values] of [["labels", labels], ["cameras", cameras]] as const
  ) {
    if (values !== undefined && values.length !== count) {
      throw new TypeError(
        `Cannot evaluate re-identification as '${name}.${part}' must be of length ${count}: current value is of length ${values.length}`,
      );
    }
  }
  const last = identities.length - 1;
  return {
    images,
    count,
    labels: Int32Array.from(labels, (label, i) => {
      if (label === -1) return -1;
      if (identities[label] === undefined) {
        throw refusal(
          `${name}.labels[${i}]`,
          `a whole number from 0 to ${last}, or -1 for junk`,
          label,
        );
      }
      return numberOf(identities[label]);
    }),
    ...(cameras && { cameras: Int32Array.from(cameras) }),
    paths,
  };
}

function fromRecords(
  name: string,
  images: readonly ImageRecord[],
  numberOf: (name: string) => number,
): ReidSide {
  const seen = images.filter(({ camera }) => camera !== undefined);
  if (seen.length > 0 && seen.length < images.length) {
    const { path } = images.find(({ camera }) => camera === undefined)!;
    throw refusal(
      `${name}.camera`,
      "given for all images or for none",
      `none for ${path}`,
    );
  }
  return {
    images,
    count: images.length,
    labels: Int32Array.from(images, ({ identity, role }) => {
      if (role === "junk") return -1;
      // Nobody who is searched for, whatever the name.
      return numberOf(role === "distractor" ? "\0distractor" : identity);
    }),
    ...(seen.length > 0 &&
      { cameras: Int32Array.from(images, ({ camera }) => camera!) }),
    paths: images.map(({ path }) => path),
  };
}

function refusal(name: string, rule: string, value: unknown): RangeError {
  return new RangeError(
    `Cannot evaluate re-identification as '${name}' must be ${rule}: current value is ${value}`,
  );
}
