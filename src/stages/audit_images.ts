/**
 * Images as an audit reads them: some at a time, so that a set need not fit into memory.
 *
 * @module
 */
import {
  type ImageRecord,
  type ImageSet,
  labelRecords,
  readImages,
  subsetImages,
} from "../data/mod.ts";

/** A set of images that is read in parts. */
export interface AuditImages {
  /** Number of images. */
  count: number;
  /** Identity of each, an index into `identities`. */
  labels: Int32Array;
  /** Names of the identities. */
  identities: string[];
  /** Where each image comes from. */
  paths: string[];
  /**
   * Reads images `from` to `to`, without it, at a size.
   *
   * @throws {TypeError} If they cannot be had at this size.
   */
  read: (
    from: number,
    to: number,
    size: { height: number; width: number },
  ) => Promise<ImageSet>;
}

/**
 * Images of a set in memory.
 *
 * @param set Images; they are given at their own size alone.
 * @returns The set, to be read in parts.
 *
 * @example
 * ```ts
 * import { auditImageSet } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 16 });
 * const { count } = await auditImageSet(faces).read(0, 1, { height: 16, width: 16 });
 * console.log(count); // 1
 * ```
 */
export function auditImageSet(set: ImageSet): AuditImages {
  const { count, labels, identities, paths } = set;
  return {
    count,
    labels,
    identities,
    paths,
    read: (from, to, { height, width }) =>
      new Promise((resolve) => {
        if (height !== set.height || width !== set.width) {
          throw new TypeError(
            `Cannot audit as the images must be of the size that an embedder takes, ${height} x ${width}: current value is ${set.height} x ${set.width}`,
          );
        }
        resolve(
          subsetImages(
            set,
            Array.from({ length: to - from }, (_, i) => from + i),
          ),
        );
      }),
  };
}

/**
 * Images of files, decoded when they are needed and at the size that is needed.
 *
 * @param records Images, as `listImageFolder` lists them.
 * @returns The set, to be read in parts.
 *
 * @example
 * ```ts
 * import { encodePng } from "@outis/outis/io";
 * import { auditRecords } from "@outis/outis/stages";
 *
 * const png = await encodePng({ pixels: new Float32Array(8 * 8 * 3), height: 8, width: 8 });
 * const bytes = () => Promise.resolve(png);
 * const images = auditRecords([{ path: "ada/1.png", identity: "ada", bytes }]);
 * const { width } = await images.read(0, 1, { height: 4, width: 4 });
 * console.log(width); // 4
 * ```
 */
export function auditRecords(records: readonly ImageRecord[]): AuditImages {
  const { labels, identities } = labelRecords(records);
  return {
    count: records.length,
    labels,
    identities,
    paths: records.map(({ path }) => path),
    read: (from, to, size) => readImages(records.slice(from, to), { size }),
  };
}
