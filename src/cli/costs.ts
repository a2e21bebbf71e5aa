/**
 * What the parts of a run cost: seconds on the machine that kept times refer to.
 *
 * @module
 */
import type { DitConfig } from "../models/mod.ts";

/** Seconds for one floating-point operation of a transformer's forward pass. */
const DENOISE = 7.7e-12;
/** Seconds to train the small recogniser on one pixel of one image: forward, backward, update. */
const RECOGNISE = 4e-7;
/** Seconds to train the small autoencoder on one pixel of one image. */
const AUTOENCODE = 4.6e-6;
/** Seconds to render one procedural face of 64 x 64 with all cores. */
const RENDER = 6.2e-3;

/** Size of images. */
export interface Size {
  /** Height, pixels. */
  height: number;
  /** Width, pixels. */
  width: number;
}

/**
 * One forward pass of a diffusion transformer for one image; training takes three times as long.
 *
 * @param config Its sizes.
 * @returns Seconds.
 *
 * @example
 * ```ts
 * import { smallDit } from "../models/mod.ts";
 * import { denoiseSeconds } from "./costs.ts";
 *
 * const seconds = denoiseSeconds(smallDit({ classes: 10 }));
 * console.log(seconds > 1e-4 && seconds < 1e-2); // true
 * ```
 */
export function denoiseSeconds(
  { height, width, patch, hidden, depth }: Pick<
    DitConfig,
    "height" | "width" | "patch" | "hidden" | "depth"
  >,
): number {
  const tokens = height * width / patch ** 2;
  // A block has 12 h² weights that every token passes, 6 h² for the condition, and attention between all tokens.
  const block = 2 * tokens * 12 * hidden ** 2 + 2 * 6 * hidden ** 2 +
    4 * tokens ** 2 * hidden;
  return DENOISE * depth * block;
}

/**
 * Training of the small recogniser.
 *
 * @param size Size of its images.
 * @param images How many images pass, all steps together.
 * @returns Seconds.
 *
 * @example
 * ```ts
 * import { recogniseSeconds } from "./costs.ts";
 *
 * console.log(recogniseSeconds({ height: 64, width: 64 }, 200 * 32) > 5); // true
 * ```
 */
export function recogniseSeconds(
  { height, width }: Size,
  images: number,
): number {
  return RECOGNISE * height * width * images;
}

/**
 * Training of the small autoencoder; of its decoder alone two thirds of it.
 *
 * @param size Size of its images.
 * @param images How many images pass, all steps together.
 * @returns Seconds.
 *
 * @example
 * ```ts
 * import { autoencodeSeconds } from "./costs.ts";
 *
 * console.log(autoencodeSeconds({ height: 64, width: 64 }, 60 * 32) > 10); // true
 * ```
 */
export function autoencodeSeconds(
  { height, width }: Size,
  images: number,
): number {
  return AUTOENCODE * height * width * images;
}

/**
 * Rendering of procedural people.
 *
 * @param images How many.
 * @returns Seconds.
 *
 * @example
 * ```ts
 * import { renderSeconds } from "./costs.ts";
 *
 * console.log(renderSeconds(100) > 0.5); // true
 * ```
 */
export function renderSeconds(images: number): number {
  return RENDER * images;
}

/**
 * An embedder of procedural people that a command trains for itself: rendering 1,500 faces, 300 steps of 32.
 *
 * @param pixels Pixels of its images.
 * @returns Seconds.
 *
 * @example
 * ```ts
 * import { proceduralEmbedderSeconds } from "./costs.ts";
 *
 * console.log(proceduralEmbedderSeconds(64 * 64) > 10); // true
 * ```
 */
export function proceduralEmbedderSeconds(pixels: number): number {
  return renderSeconds(1500) + RECOGNISE * pixels * 300 * 32;
}
