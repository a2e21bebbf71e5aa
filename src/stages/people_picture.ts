/**
 * Sets of images of the same people as one picture (Figures 2 and 3).
 *
 * @module
 */
import type { ImageSet } from "../data/mod.ts";
import { encodePng } from "../io/mod.ts";
import { layOutPeople, type LayOutPeopleOptions } from "./lay_out_people.ts";

/** Options of {@linkcode peoplePicture}. */
export type PeoplePictureOptions = LayOutPeopleOptions;

/** A picture, and what its rows are. */
export interface PeoplePicture {
  /** The picture. */
  png: Uint8Array<ArrayBuffer>;
  /** What each row shows, from top to bottom. */
  rows: string[];
  /** Names of the columns' identities. */
  identities: string[];
}

/**
 * Draws the first images of the first identities, a row for each set: real, before and after, for instance. The rows of
 * one number stand together, so that what came of the same noise stands below each other.
 *
 * @param sets Images by what their row is called, all of one size and of the same identities in the same order.
 * @param options How many, how large.
 * @returns The picture, its rows and columns.
 * @throws {RangeError} If there is no set, or a number is less than 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { peoplePicture } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const faces = { identities: 2, imagesPerIdentity: 2, size: 16 };
 * const { rows } = await peoplePicture({
 *   real: proceduralFaces(faces),
 *   other: proceduralFaces({ ...faces, seed: 1 }),
 * }, { images: 2 });
 * assertEquals(rows, ["real, 1", "other, 1", "real, 2", "other, 2"]);
 * ```
 */
export async function peoplePicture(
  sets: { [name: string]: ImageSet },
  options: PeoplePictureOptions = {},
): Promise<PeoplePicture> {
  const { rows, identities, ...picture } = layOutPeople(sets, options);
  return { png: await encodePng(picture), rows, identities };
}
