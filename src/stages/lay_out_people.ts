/**
 * Sets of images of the same people, laid out as the pixels of one picture.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { gatherPixels, groupByLabel, type ImageSet } from "../data/mod.ts";
import type { EncodableImage } from "../io/mod.ts";

/** Options of {@linkcode layOutPeople}. */
export interface LayOutPeopleOptions {
  /** Identities shown, the first ones; each is a column. @default 8 */
  identities?: number;
  /** Images of each identity from each set; those of one number stand together. @default 1 */
  images?: number;
  /** Times that pictures are enlarged, a whole number. @default 1 */
  scale?: number;
  /** White pixels between pictures. @default 2 */
  gap?: number;
}

/** Pixels of a picture, and what its rows are. */
export interface LaidOutPeople extends EncodableImage {
  /** What each row shows, from top to bottom. */
  rows: string[];
  /** Names of the columns' identities. */
  identities: string[];
}

/**
 * Lays out the first images of the first identities, a row for each set: real, before and after, for instance. The rows of
 * one number stand together, so that what came of the same noise stands below each other.
 *
 * @param sets Images by what their row is called, all of one size and of the same identities in the same order.
 * @param options How many, how large.
 * @returns The pixels, rows and columns.
 * @throws {RangeError} If there is no set, or a number is less than 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layOutPeople } from "./lay_out_people.ts";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const faces = { identities: 2, imagesPerIdentity: 2, size: 16 };
 * const { rows } = layOutPeople({
 *   real: proceduralFaces(faces),
 *   other: proceduralFaces({ ...faces, seed: 1 }),
 * }, { images: 2 });
 * assertEquals(rows, ["real, 1", "other, 1", "real, 2", "other, 2"]);
 * ```
 */
export function layOutPeople(
  sets: { [name: string]: ImageSet },
  options: LayOutPeopleOptions = {},
): LaidOutPeople {
  const { identities = 8, images = 1, scale = 1, gap = 2 } = options;
  const act = "draw people";
  const entries = Object.entries(sets);
  for (
    const [name, value] of Object.entries({
      sets: entries.length,
      identities,
      images,
      scale,
    })
  ) checkRange(act, name, value, { min: 1, integer: true });
  checkRange(act, "gap", gap, { min: 0, integer: true });
  const [, first] = entries[0];
  const { height, width } = first;
  const shown = first.identities.slice(0, identities);
  const rows = Array.from(
    { length: images },
    (_, k) =>
      entries.map(([name, set]) => ({
        name: images > 1 ? `${name}, ${k + 1}` : name,
        set,
        k,
      })),
  ).flat();
  const [tall, wide] = [scale * height + gap, scale * width + gap];
  const [down, right] = [rows.length * tall - gap, shown.length * wide - gap];
  const pixels = new Float32Array(3 * down * right).fill(1);
  rows.forEach(({ set, k }, row) => {
    const groups = groupByLabel(set.labels);
    shown.forEach((_, column) => {
      const index = groups.get(column)?.[k];
      // An identity with fewer images leaves its place white.
      if (index === undefined) return;
      const own = gatherPixels(set, [index]);
      for (let y = 0; y < scale * height; y++) {
        for (let x = 0; x < scale * width; x++) {
          const from = 3 *
            (Math.floor(y / scale) * width + Math.floor(x / scale));
          const to = 3 * ((row * tall + y) * right + column * wide + x);
          pixels.set(own.subarray(from, from + 3), to);
        }
      }
    });
  });
  return {
    pixels,
    height: down,
    width: right,
    rows: rows.map(({ name }) => name),
    identities: [...shown],
  };
}
