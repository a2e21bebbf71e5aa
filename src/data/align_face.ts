/**
 * Faces brought into the position that face recognisers are trained on.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import type { DecodedImage } from "../io/mod.ts";
import {
  type Point,
  type SimilarityTransform,
  similarityTransform,
} from "./similarity_transform.ts";

/** Left eye, right eye, tip of the nose, left and right corner of the mouth; left is where x is small. */
export type FaceLandmarks = readonly [Point, Point, Point, Point, Point];

/**
 * Where the five points lie in an aligned face of 112 x 112 pixels.
 *
 * The numbers are those of ArcFace (J. Deng et al., CVPR 2019): `arcface_dst` in insightface's
 * `python-package/insightface/utils/face_align.py`.
 */
export const ARCFACE_TEMPLATE: FaceLandmarks = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];

/** Side of the template in pixels. */
const TEMPLATE_SIDE = 112;
/** What lies beyond the image: black. */
const BORDER = -1;

/** Options of {@linkcode alignFace} and {@linkcode cropFace}. */
export interface AlignFaceOptions {
  /** Side of the result in pixels; the template is scaled to it. @default 112 */
  size?: number;
}

/** An aligned face. */
export interface AlignedFace extends DecodedImage {
  /** From the given image to the aligned one. */
  transform: SimilarityTransform;
}

/**
 * Turns, scales and shifts a face so that its landmarks come closest to ArcFace's template.
 *
 * A pixel of the result is sampled bilinearly where the inverse transform puts its centre, as in insightface's
 * `norm_crop` (OpenCV's `warpAffine`, which rounds positions to 1/32 pixel); beyond the image all is black. Nothing is
 * averaged: of an image much larger than its face in the result, shrink it before.
 *
 * @param image Pixels in [-1, 1] and size.
 * @param landmarks Five points of the face in the image, in pixels.
 * @param options Size.
 * @returns The aligned face and the transform.
 * @throws {TypeError} If the number of pixels or of landmarks does not fit.
 * @throws {RangeError} If landmarks are not finite or all in one place, or the size is no whole number from 1.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { alignFace, ARCFACE_TEMPLATE } from "@outis/outis/data";
 *
 * const image = {
 *   pixels: new Float32Array(112 * 112 * 3),
 *   height: 112,
 *   width: 112,
 * };
 * const { height, transform } = alignFace(image, ARCFACE_TEMPLATE);
 * assert(height === 112 && Math.abs(transform.a - 1) < 1e-12);
 * ```
 */
export function alignFace(
  image: DecodedImage,
  landmarks: FaceLandmarks,
  options: AlignFaceOptions = {},
): AlignedFace {
  const { size = TEMPLATE_SIDE } = options;
  checkRange("align a face", "size", size, { min: 1, integer: true });
  checkLength("align a face", "landmarks", landmarks, ARCFACE_TEMPLATE.length);
  const scale = size / TEMPLATE_SIDE;
  const template = ARCFACE_TEMPLATE
    .map(([x, y]): Point => [scale * x, scale * y]);
  const transform = similarityTransform(landmarks, template);
  return { ...warp(image, transform, size), transform };
}

/**
 * Without landmarks: the middle of the image, the largest square that fits, brought to size.
 *
 * That suits images in which the face was already centred by a detector or by hand, and nothing else: features of a
 * face that is cropped and not aligned are worse. Sampled bilinearly, pixel centres to pixel centres.
 *
 * @param image Pixels in [-1, 1] and size.
 * @param options Size.
 * @returns The crop and the transform.
 * @throws {TypeError} If the number of pixels does not fit.
 * @throws {RangeError} If the size is no whole number from 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cropFace } from "@outis/outis/data";
 *
 * const pixels = new Float32Array(2 * 4 * 3);
 * const crop = cropFace({ pixels, height: 2, width: 4 }, { size: 2 });
 * assertEquals(crop.transform, { a: 1, b: 0, tx: -1, ty: 0 });
 * ```
 */
export function cropFace(
  image: DecodedImage,
  options: AlignFaceOptions = {},
): AlignedFace {
  const { size = TEMPLATE_SIDE } = options;
  checkRange("crop a face", "size", size, { min: 1, integer: true });
  const side = Math.min(image.height, image.width);
  const scale = size / side;
  const left = (image.width - side) / 2;
  const top = (image.height - side) / 2;
  // The edge of the square is half a pixel before the centre of its first one, and so is the edge of the result.
  const shift = (start: number) => -scale * (start - 0.5) - 0.5;
  const transform = { a: scale, b: 0, tx: shift(left), ty: shift(top) };
  return { ...warp(image, transform, size, "edge"), transform };
}

function warp(
  { pixels, height, width }: DecodedImage,
  { a, b, tx, ty }: SimilarityTransform,
  size: number,
  border: "black" | "edge" = "black",
): DecodedImage {
  checkLength("align a face", "pixels", pixels, height * width * 3);
  const out = new Float32Array(size * size * 3);
  const square = a * a + b * b;
  const [c, s] = [a / square, b / square];
  const at = (x: number, y: number, channel: number): number => {
    if (border === "edge") {
      x = Math.min(Math.max(x, 0), width - 1);
      y = Math.min(Math.max(y, 0), height - 1);
    } else if (x < 0 || y < 0 || x >= width || y >= height) return BORDER;
    return pixels[(y * width + x) * 3 + channel];
  };
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = c * (column - tx) + s * (row - ty);
      const y = c * (row - ty) - s * (column - tx);
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - x0, y - y0];
      for (let channel = 0; channel < 3; channel++) {
        const top = (1 - fx) * at(x0, y0, channel) +
          fx * at(x0 + 1, y0, channel);
        const bottom = (1 - fx) * at(x0, y0 + 1, channel) +
          fx * at(x0 + 1, y0 + 1, channel);
        out[(row * size + column) * 3 + channel] = (1 - fy) * top + fy * bottom;
      }
    }
  }
  return { pixels: out, height: size, width: size };
}
