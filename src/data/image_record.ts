/**
 * Images by name: what every reader of a data set gives and everything that decodes, samples or compares takes.
 *
 * @module
 */

/** One image: a file, or part of a container. */
export interface ImageRecord {
  /** Path of the file; of an image inside a container, the path of the container, `#` and its name in there. */
  path: string;
  /** Name of its identity. */
  identity: string;
  /** Number of the camera, as in the names of the files. @default none: a data set without cameras */
  camera?: number;
  /** Group, as in RFW: `African`, `Asian`, `Caucasian`, `Indian`. @default none */
  group?: string;
  /** Part of the data set: `train`, `query`, `gallery`, `test` or what a manifest says. @default none */
  split?: string;
  /**
   * What an evaluation must treat apart: `junk` is ignored, a `distractor` belongs to nobody who is searched for.
   *
   * @default none: an image of somebody
   */
  role?: "junk" | "distractor";
  /** Reads the encoded image (JPEG, PNG) out of its container. @default none: `path` is an image file */
  bytes?: () => Promise<Uint8Array>;
  /** Position in the container, as the container counts. @default none */
  index?: number;
}

/** Two images to be compared. */
export interface RecordPair {
  /** First image, an index into the records. */
  first: number;
  /** Second image, an index into the records. */
  second: number;
  /** Whether both show the same identity. */
  same: boolean;
  /** Fold of the protocol, from 0. @default none: the protocol divides the list into equal parts */
  fold?: number;
  /** Set or group the pair belongs to: `lfw`, `African`. @default none */
  group?: string;
}

/** Images of a data set, by name. */
export interface Dataset {
  /** Name of the layout, as in `market1501`. */
  layout: string;
  /** Which variant of the data set and which protocol this is, in one sentence; to be printed beside all numbers. */
  protocol: string;
  /** Images, in an order that does not depend on the disk. */
  records: ImageRecord[];
  /** Pairs to verify, in the order of the protocol. @default none */
  pairs?: RecordPair[];
  /** What was left out or looks wrong, one sentence each; they name the file. */
  problems: string[];
}

/**
 * Numbers the identities of some records.
 *
 * @param records Images in any order.
 * @returns Names of the identities in the order of UTF-16 code units, and for each record the place of its own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { labelRecords } from "@outis/outis/data";
 *
 * const { identities, labels } = labelRecords([
 *   { path: "b/1.png", identity: "b" },
 *   { path: "a/1.png", identity: "a" },
 * ]);
 * assertEquals([identities, [...labels]], [["a", "b"], [1, 0]]);
 * ```
 */
export function labelRecords(
  records: readonly ImageRecord[],
): { identities: string[]; labels: Int32Array<ArrayBuffer> } {
  const identities = [...new Set(records.map(({ identity }) => identity))]
    .sort();
  const labelOf = new Map(identities.map((name, label) => [name, label]));
  const labels = Int32Array.from(
    records,
    ({ identity }) => labelOf.get(identity)!,
  );
  return { identities, labels };
}
