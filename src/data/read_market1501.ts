/**
 * Market-1501 (L. Zheng et al., "Scalable person re-identification: a benchmark", ICCV 2015).
 *
 * @module
 */
import type { Dataset } from "./image_record.ts";
import { readPersonFolders } from "./read_person_folders.ts";

/** Identity, camera, sequence, frame, box, as in 0002_c1s1_000451_03.jpg; an early release doubled the extension. */
const NAME =
  /^(?<identity>-1|\d+)_c(?<camera>\d+)s\d+_\d+_\d+(\.jpg)?\.[a-z]+$/i;

/**
 * Lists Market-1501: names only, no image is opened.
 *
 * @param folder Path of the folder that holds `bounding_box_train`, `query` and `bounding_box_test`.
 * @returns Images with cameras 1 to 6; splits `train`, `query`, `gallery`. Junk (`-1`) and distractors (`0000`) are in
 *   the gallery, told by their `role`.
 * @throws {RangeError} If one of the folders is missing, or no file is named as in the data set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readMarket1501 } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * for (const part of ["bounding_box_train", "query", "bounding_box_test"]) {
 *   await Deno.mkdir(`${folder}/${part}`);
 * }
 * await Deno.writeTextFile(
 *   `${folder}/bounding_box_test/-1_c3s1_000451_03.jpg`,
 *   "",
 * );
 * const { records } = await readMarket1501(folder);
 * assertEquals([records[0].role, records[0].camera], ["junk", 3]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readMarket1501(folder: string): Promise<Dataset> {
  return await readPersonFolders(folder, {
    layout: "market1501",
    protocol:
      "Market-1501: junk images (-1) are ignored, distractors (0000) are in the gallery.",
    pattern: NAME,
    example: "0002_c1s1_000451_03.jpg",
    cameras: 6,
  });
}
