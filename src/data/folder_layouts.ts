/**
 * Layouts in which the image files themselves are the data set.
 *
 * @module
 */
import { digits, type ExportLayout, FILE_ENDINGS } from "./export_layout.ts";

/**
 * A folder per identity, `ada/00003.png`: torchvision's `ImageFolder`, and most else.
 *
 * @returns The layout.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { folderLayout } from "@outis/outis/data";
 *
 * assertEquals(folderLayout().fileTypes[0], "png");
 * ```
 */
export function folderLayout(): ExportLayout {
  return {
    name: "folder per identity",
    readers:
      "torchvision's ImageFolder, or anything else that takes a folder per identity",
    fileTypes: ["png", "jpeg", "webp"],
    path: ({ identity, number }, type) =>
      `${identity}/${digits(number, 5)}.${FILE_ENDINGS[type]}`,
  };
}

/**
 * Market-1501: `bounding_box_train/0004_c1s1_000001_00.jpg`, identities from 0001.
 *
 * torchreid takes identity and camera from the name by `([-\d]+)_c(\d)`, reads `.jpg` only, asserts identities up to 1501
 * and cameras from 1 to 6, and wants `query` and `bounding_box_test` to exist; they stay empty, since nothing synthetic
 * is to be tested on.
 *
 * @returns The layout.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { market1501Layout } from "@outis/outis/data";
 *
 * assertEquals(market1501Layout().mostIdentities, 1501);
 * ```
 */
export function market1501Layout(): ExportLayout {
  return {
    name: "Market-1501",
    readers:
      "torchreid's, fast-reid's and TransReID's readers of Market-1501; query and gallery are empty",
    fileTypes: ["jpeg"],
    mostIdentities: 1501,
    folders: ["query", "bounding_box_test"],
    path({ label, camera = 1, number }) {
      if (!(Number.isInteger(camera) && camera >= 1 && camera <= 6)) {
        throw new RangeError(
          `Cannot export images as 'camera' must be a whole number from 1 to 6 in the layout of Market-1501: current value is ${camera}`,
        );
      }
      const frame = digits(number + 1, 6);
      return `bounding_box_train/${
        digits(label + 1, 4)
      }_c${camera}s1_${frame}_00.jpg`;
    },
  };
}

/**
 * CASIA-WebFace as folders: `0000003/001.jpg`, identities from 0000000.
 *
 * @returns The layout.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { casiaLayout } from "@outis/outis/data";
 *
 * assertEquals(casiaLayout().fileTypes, ["jpeg"]);
 * ```
 */
export function casiaLayout(): ExportLayout {
  return {
    name: "CASIA-WebFace",
    readers:
      "readers of CASIA-WebFace as folders, and torchvision's ImageFolder",
    fileTypes: ["jpeg"],
    path: ({ label, number }) =>
      `${digits(label, 7)}/${digits(number + 1, 3)}.jpg`,
  };
}
