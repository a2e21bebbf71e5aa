/**
 * Sets of images of the same people, one below the other.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { groupByLabel, type ImageSet } from "../data/mod.ts";
import { type GridRow, type Html, imageGrid } from "../figures/mod.ts";
import { pictureOf } from "./picture_of.ts";

/** Options of {@linkcode peopleGrid}. */
export interface PeopleGridOptions {
  /**
   * Identities shown, the first ones; each is a column.
   *
   * @default {8}
   */
  identities?: number;
  /**
   * Images of each identity from each set: rows with the same label and a number.
   *
   * @default {1}
   */
  images?: number;
  /**
   * Labels of the sets whose faces must not be recognised.
   *
   * @default {[]}
   */
  redact?: readonly string[];
  /** What is shown and how it was chosen. Stands below the grid. */
  note?: string;
  /**
   * Width of a picture, in CSS pixels.
   *
   * @default {96}
   */
  width?: number;
}

/**
 * Lays out the first images of the first identities, a row for each set: real, before and after, for instance.
 *
 * @param sets Images by the label of their row, of the same identities in the same order; an identity without an image
 *   ends its set's row.
 * @param options How many, and what must not be recognised.
 * @returns The grid: a part of a report, or through `displayable` the output of a notebook's cell.
 * @throws {RangeError} If a number is less than 1, or there is no set or no image.
 *
 * @example
 * ```ts
 * import { peopleGrid } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const faces = { identities: 2, imagesPerIdentity: 2, size: 16 };
 * await peopleGrid({
 *   "one population": proceduralFaces(faces),
 *   "another": proceduralFaces({ ...faces, seed: 1 }),
 * }, { images: 2 });
 * ```
 */
export async function peopleGrid(
  sets: { [label: string]: ImageSet },
  options: PeopleGridOptions = {},
): Promise<Html> {
  const { identities = 8, images = 1, redact = [], note, width = 96 } = options;
  const whole = { min: 1, integer: true };
  checkRange("lay out people", "identities", identities, whole);
  checkRange("lay out people", "images", images, whole);
  const entries = Object.entries(sets);
  checkRange("lay out people", "sets", entries.length, { min: 1 });
  const shown = entries[0][1].identities.slice(0, identities);
  // By number, then by set: what belongs together stands together.
  const rows: GridRow[] = [];
  for (let k = 0; k < images; k++) {
    for (const [label, set] of entries) {
      const groups = groupByLabel(set.labels);
      const indices = shown.map((_, i) => groups.get(i)?.[k]);
      const missing = indices.indexOf(undefined);
      const there =
        (missing < 0 ? indices : indices.slice(0, missing)) as number[];
      const blur = redact.includes(label);
      rows.push({
        label: images > 1 ? `${label}, ${k + 1}` : label,
        images: await Promise.all(there.map((i) => pictureOf(set, i, blur))),
      });
    }
  }
  return imageGrid(rows, { columns: shown, note, width, scaling: "smooth" });
}
