/**
 * Where images lie in an exported data set.
 *
 * @module
 */
import type { ManifestRow } from "./synthetic_image.ts";

/** Types of image files. */
export type ImageFileType = "png" | "jpeg" | "webp";

/** How a data set is laid out. A new one is a function that returns this. */
export interface ExportLayout {
  /** Its name, for the data set card. */
  name: string;
  /** One sentence on who reads it and how. */
  readers: string;
  /** Types of files it can hold, the usual first. */
  fileTypes: readonly ImageFileType[];
  /** Most identities it has names for. @default any number */
  mostIdentities?: number;
  /** Path of an image in the folder; in a container, its name in there. Different for every image. */
  path(
    row: Omit<ManifestRow, "path" | "sha256">,
    fileType: ImageFileType,
  ): string;
  /**
   * Puts the images into containers.
   *
   * @param rows What the manifest says, in the order of identity and number; `path` is from `images`.
   * @param images Folder of the image files, as `path` names them.
   * @param out Folder of the data set. What an earlier attempt has left there is overwritten.
   * @returns The rows with the paths that the manifest shall have.
   * @default the image files are the data set
   */
  pack?(
    rows: ManifestRow[],
    images: string,
    out: string,
  ): Promise<ManifestRow[]>;
  /** Folders that readers want to find, even empty. @default none */
  folders?: readonly string[];
}

/** File names' endings. */
export const FILE_ENDINGS: { readonly [type in ImageFileType]: string } = {
  png: "png",
  jpeg: "jpg",
  webp: "webp",
};

/**
 * Writes a whole number with at least so many digits.
 *
 * @param value The number.
 * @param least Digits.
 * @returns As in "0007".
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { digits } from "./export_layout.ts";
 *
 * assertEquals(digits(7, 4), "0007");
 * ```
 */
export function digits(value: number, least: number): string {
  return String(value).padStart(least, "0");
}
