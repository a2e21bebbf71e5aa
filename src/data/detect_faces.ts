/**
 * Where a face detector of the user's plugs in. This project has none of its own.
 *
 * @module
 */
import type { DecodedImage } from "../io/mod.ts";
import {
  type AlignedFace,
  alignFace,
  type AlignFaceOptions,
  type FaceLandmarks,
} from "./align_face.ts";

/** A face that a detector found. */
export interface DetectedFace {
  /** Five points, in pixels of the image. */
  landmarks: FaceLandmarks;
  /** How sure the detector is, in any unit; more is surer. @default 1 */
  score?: number;
}

/**
 * A face detector: any function from an image to the faces in it.
 *
 * With ONNX Runtime or another engine, it is a closure around the session: it turns the pixels into the input that the
 * network wants, and its outputs into landmarks. For SCRFD, `scrfdDetector` does.
 */
export type FaceDetector = (
  image: DecodedImage,
) => DetectedFace[] | Promise<DetectedFace[]>;

/**
 * Finds the face that an image is about, and aligns it.
 *
 * Of several faces, the one that counts is large and near the middle: the largest distance between eyes and mouth, less
 * twice its distance from the middle of the image, after insightface's rule for boxes; of equal ones the surer, then the
 * first.
 *
 * @param image Pixels in [-1, 1] and size.
 * @param detector The user's.
 * @param options Size of the result.
 * @returns The aligned face, its landmarks and how many faces there were; undefined if there is none.
 * @throws {RangeError} If the detector gives landmarks that are no face's.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { alignDetected, ARCFACE_TEMPLATE } from "@outis/outis/data";
 *
 * const pixels = new Float32Array(112 * 112 * 3);
 * const face = await alignDetected(
 *   { pixels, height: 112, width: 112 },
 *   () => [{ landmarks: ARCFACE_TEMPLATE }],
 * );
 * assert(face?.faces === 1);
 * ```
 */
export async function alignDetected(
  image: DecodedImage,
  detector: FaceDetector,
  options: AlignFaceOptions = {},
): Promise<
  AlignedFace & { landmarks: FaceLandmarks; faces: number } | undefined
> {
  const faces = await detector(image);
  const worth = ({ landmarks }: DetectedFace) => {
    const x = landmarks.reduce((sum, point) => sum + point[0], 0) / 5;
    const y = landmarks.reduce((sum, point) => sum + point[1], 0) / 5;
    const [left, right, , ...mouth] = landmarks;
    const height = (mouth[0][1] + mouth[1][1] - left[1] - right[1]) / 2;
    const width = (mouth[0][0] + mouth[1][0] - left[0] - right[0]) / 2;
    const off = Math.hypot(
      x - (image.width - 1) / 2,
      y - (image.height - 1) / 2,
    );
    return Math.hypot(width, height) - 2 * off;
  };
  const [best] = faces.toSorted((a, b) =>
    worth(b) - worth(a) || (b.score ?? 1) - (a.score ?? 1)
  );
  if (best === undefined) return undefined;
  const { landmarks } = best;
  const aligned = alignFace(image, landmarks, options);
  return { ...aligned, landmarks, faces: faces.length };
}
