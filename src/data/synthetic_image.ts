/**
 * Synthetic images, and what a manifest says of each.
 *
 * @module
 */

/** One synthetic image on its way into a data set. */
export interface SyntheticImage {
  /** Name of its identity. */
  identity: string;
  /** Which image of its identity this is, from 0. Identity and number name an image. */
  number: number;
  /** RGB in [-1, 1], `[height, width, 3]` in row-major order. Not kept beyond the turn in which it is handed over. */
  pixels: Float32Array;
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
  /** Seed it was drawn with. @default none */
  seed?: number;
  /** Number of the camera, from 1. @default none */
  camera?: number;
  /** Rewards by name. @default none */
  rewards?: { readonly [name: string]: number };
  /** What selection said of it: the change of the loss (eq. 12). @default none */
  utility?: number;
  /** Identities or images it was made from. @default none */
  parents?: readonly string[];
}

/** What a manifest says of an image: all but its pixels. */
export interface ManifestRow extends
  Pick<
    SyntheticImage,
    | "identity"
    | "number"
    | "seed"
    | "camera"
    | "rewards"
    | "utility"
    | "parents"
  > {
  /** Where it is: a path in the data set's folder; in a container, the container's, `#` and its name in there. */
  path: string;
  /** Number of its identity, from 0. */
  label: number;
  /** Height in pixels. */
  height: number;
  /** Width in pixels. */
  width: number;
  /** SHA-256 of its file, 64 hexadecimal digits. */
  sha256: string;
}
