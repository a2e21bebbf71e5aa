/**
 * One folder per identity.
 *
 * @module
 */
import type { Dataset } from "./image_record.ts";
import { listFolder } from "./list_folder.ts";
import { listImageFolder } from "./list_image_folder.ts";

/** Parts that some data sets put above the identities. */
const SPLITS = ["train", "val", "test", "query", "gallery"];

/**
 * Lists a folder that holds one folder per identity. Names only, no image is opened.
 *
 * Where all that it holds are folders named `train`, `val`, `test`, `query` or `gallery`, these are splits, and the
 * identities lie one level below.
 *
 * @param folder Path.
 * @returns Images, sorted by split, identity and file name; empty identities are problems.
 * @throws {RangeError} If there is no such folder, or no image where images belong.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readFolder } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/ada`);
 * await Deno.writeTextFile(`${folder}/ada/1.jpg`, "");
 * const { records } = await readFolder(folder);
 * assertEquals(records[0].identity, "ada");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readFolder(folder: string): Promise<Dataset> {
  const { folders } = await listFolder(folder);
  const splits = folders.length > 0 &&
      folders.every((name) => SPLITS.includes(name))
    ? folders
    : [undefined];
  const dataset: Dataset = {
    layout: "folder",
    protocol: "One folder per identity.",
    records: [],
    problems: [],
  };
  for (const split of splits) {
    const { records, problems } = await listImageFolder(
      split === undefined ? folder : `${folder}/${split}`,
      { skipBad: true },
    );
    for (const record of records) {
      dataset.records.push(split === undefined ? record : { ...record, split });
    }
    dataset.problems.push(...problems);
  }
  if (dataset.records.length === 0) {
    throw new RangeError(
      `Cannot read images as '${folder}' must hold PNG, JPEG or WebP images in folders, one per identity: current value is one without an image`,
    );
  }
  return dataset;
}
