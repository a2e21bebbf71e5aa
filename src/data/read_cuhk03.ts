/**
 * CUHK03 (W. Li et al., "DeepReID", CVPR 2014) as folders of the new protocol.
 *
 * @module
 */
import type { Dataset } from "./image_record.ts";
import { listFolder } from "./list_folder.ts";
import { readPersonFolders } from "./read_person_folders.ts";

/** Who drew the boxes: a detector, or people. */
export type Cuhk03Boxes = "detected" | "labeled";

/** Options of {@linkcode readCuhk03}. */
export interface ReadCuhk03Options {
  /** Which images. @default "detected", or the only ones there */
  boxes?: Cuhk03Boxes;
}

const NAME = /^(?<identity>\d+)_c(?<camera>\d+)(s\d+)?_[\w-]+\.[a-z]+$/i;

/**
 * Lists CUHK03-NP: CUHK03 in the new protocol of 767 training and 700 test identities (Z. Zhong et al., "Re-ranking
 * person re-identification with k-reciprocal encoding", CVPR 2017). Names only, no image is opened.
 *
 * Numbers for detected and labeled boxes do not compare, so `protocol` always names which they are.
 *
 * @param folder Path of the folder that holds `detected` or `labeled`, or of one of these.
 * @param options Which boxes.
 * @returns Images with cameras 1 and 2; splits `train`, `query`, `gallery`.
 * @throws {RangeError} If a folder is missing, or no file is named as in the data set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readCuhk03 } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * for (const part of ["bounding_box_train", "query", "bounding_box_test"]) {
 *   await Deno.mkdir(`${folder}/labeled/${part}`, { recursive: true });
 * }
 * const name = "labeled/bounding_box_train/0003_c2_15.png";
 * await Deno.writeTextFile(`${folder}/${name}`, "");
 * const { protocol } = await readCuhk03(folder, { boxes: "labeled" });
 * assertEquals(protocol, "CUHK03, new protocol (767/700), labeled boxes.");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readCuhk03(
  folder: string,
  options: ReadCuhk03Options = {},
): Promise<Dataset> {
  const { folders } = await listFolder(folder);
  const own = (/(?:^|\/)(detected|labeled)\/*$/.exec(folder)?.[1]) as
    | Cuhk03Boxes
    | undefined;
  const inside = (["detected", "labeled"] as const)
    .filter((name) => folders.includes(name));
  const there = inside.length === 0 && own ? [own] : inside;
  const { boxes = there[0] } = options;
  if (boxes === undefined || !there.includes(boxes)) {
    throw new RangeError(
      `Cannot read cuhk03 as '${folder}' must hold a folder ${
        boxes ?? "detected or labeled"
      }: current value is one with ${folders.join(", ") || "no folders"}`,
    );
  }
  return await readPersonFolders(
    inside.length === 0 ? folder : `${folder}/${boxes}`,
    {
      layout: "cuhk03",
      protocol: cuhk03Protocol("new", boxes),
      pattern: NAME,
      example: "0003_c1_21.png",
      cameras: 2,
    },
  );
}

/**
 * The sentence that names protocol and boxes.
 *
 * @param protocol Which division into training and test identities.
 * @param boxes Which images.
 * @param split Number of the classic protocol's split, from 0.
 * @returns The sentence.
 *
 * @example
 * ```ts
 * import { cuhk03Protocol } from "./read_cuhk03.ts";
 *
 * cuhk03Protocol("classic", "detected", 3);
 * // CUHK03, classic protocol (1,367/100), split 3 of 0 to 19, detected boxes.
 * ```
 */
export function cuhk03Protocol(
  protocol: "new" | "classic",
  boxes: Cuhk03Boxes,
  split = 0,
): string {
  const which = protocol === "new"
    ? "new protocol (767/700)"
    : `classic protocol (1,367/100), split ${split} of 0 to 19`;
  return `CUHK03, ${which}, ${boxes} boxes.`;
}
