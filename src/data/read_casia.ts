/**
 * CASIA-WebFace (D. Yi et al., "Learning face representation from scratch", 2014) and data sets shipped in its forms.
 *
 * @module
 */
import type { Dataset } from "./image_record.ts";
import { listFolder } from "./list_folder.ts";
import { readFolder } from "./read_folder.ts";
import {
  type ReadContainerOptions,
  readRecordFile,
} from "./read_record_file.ts";

/**
 * Lists CASIA-WebFace: a `.rec` file with its index, or folders such as `0000045/001.jpg`.
 *
 * @param folder Path of the folder, or of the `.rec` file.
 * @param options Progress and signal.
 * @returns Images.
 * @throws {RangeError} If there is neither, or more than one `.rec` file.
 * @throws {SyntaxError} If the `.rec` file holds no labelled image.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readCasia } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/0000045`);
 * await Deno.writeTextFile(`${folder}/0000045/001.jpg`, "");
 * const { records } = await readCasia(folder);
 * assertEquals(records[0].identity, "0000045");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readCasia(
  folder: string,
  options: ReadContainerOptions = {},
): Promise<Dataset> {
  if (/\.rec$/i.test(folder)) return await readRecordFile(folder, options);
  const { files } = await listFolder(folder);
  const containers = files.filter((name) => /\.rec$/i.test(name));
  const container = containers.find((name) => name === "train.rec") ??
    containers[0];
  if (containers.length > 1 && container !== "train.rec") {
    throw new RangeError(
      `Cannot read casia as '${folder}' must hold train.rec or one .rec file: current value is one with ${
        containers.join(", ")
      }`,
    );
  }
  if (container !== undefined) {
    return await readRecordFile(`${folder}/${container}`, options);
  }
  return { ...await readFolder(folder), layout: "casia" };
}
