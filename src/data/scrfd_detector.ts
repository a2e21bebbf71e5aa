/**
 * Runs a user's SCRFD network (J. Guo et al., "Sample and computation redistribution for efficient face detection", ICLR
 * 2022), the detector that insightface ships as ONNX (`scrfd_10g_bnkps.onnx`, `det_10g.onnx`).
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import type { DecodedImage } from "../io/mod.ts";
import type { FaceLandmarks } from "./align_face.ts";
import type { DetectedFace, FaceDetector } from "./detect_faces.ts";
import type { Point } from "./similarity_transform.ts";

/** What the network gets: `[1, 3, size, size]`, RGB, (byte - 127.5) / 128. */
export interface ScrfdInput {
  /** Values in row-major order. */
  data: Float32Array<ArrayBuffer>;
  /** Length along each axis. */
  shape: [batch: 1, channels: 3, height: number, width: number];
}

/**
 * Runs the network: a closure around a session of ONNX Runtime, or of anything else.
 *
 * Its nine outputs are, in this order, as the files have them: scores `[n, 1]` at strides 8, 16 and 32, boxes `[n, 4]`,
 * landmarks `[n, 10]`; n is two for each place, row by row.
 */
export type ScrfdNetwork = (
  input: ScrfdInput,
) => readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;

/** Options of {@linkcode scrfdDetector}. */
export interface ScrfdDetectorOptions {
  /** Side of the network's input in pixels, a multiple of 32. @default 640 */
  size?: number;
  /** Least score of a face. @default 0.5 */
  threshold?: number;
  /** Overlap (intersection over union) from which the less sure of two faces is dropped. @default 0.4 */
  overlap?: number;
}

interface Candidate extends Required<DetectedFace> {
  /** Left, top, right, bottom. */
  box: [number, number, number, number];
}

const STRIDES = [8, 16, 32];
/** Anchors at each place. */
const ANCHORS = 2;

/**
 * Makes a face detector of an SCRFD network with landmarks.
 *
 * The image is brought to fit the input, bilinearly, and put in its upper left corner on black.
 *
 * @param network Runs the network.
 * @param options Size and thresholds.
 * @returns The detector, for `alignDetected`. It gives the surest face first.
 * @throws {RangeError} If the size is no multiple of 32, or a threshold lies outside of [0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { scrfdDetector } from "@outis/outis/data";
 *
 * // With onnxruntime-node: async ({ data, shape }) => {
 * //   const outputs = await session.run({ [input]: new Tensor("float32", data, shape) });
 * //   return session.outputNames.map((name) => outputs[name].data);
 * // }
 * const sizes = [1, 4, 10].flatMap((k) => [32, 8, 2].map((n) => n * k));
 * const nothing = () => sizes.map((length) => new Float32Array(length));
 * const detector = scrfdDetector(nothing, { size: 32 });
 * const pixels = new Float32Array(9 * 9 * 3);
 * assertEquals(await detector({ pixels, height: 9, width: 9 }), []);
 * ```
 */
export function scrfdDetector(
  network: ScrfdNetwork,
  options: ScrfdDetectorOptions = {},
): FaceDetector {
  const { size = 640, threshold = 0.5, overlap = 0.4 } = options;
  const act = "detect faces";
  checkRange(act, "size / 32", size / 32, { min: 1, integer: true });
  checkRange(act, "threshold", threshold, { min: 0, max: 1 });
  checkRange(act, "overlap", overlap, { min: 0, max: 1 });
  return async (image) => {
    const scale = size / Math.max(image.height, image.width);
    const outputs = await network({
      data: toInput(image, size, scale),
      shape: [1, 3, size, size],
    });
    checkLength(act, "outputs", outputs, 3 * STRIDES.length);
    const found = STRIDES.flatMap((stride, k) => {
      const count = ANCHORS * (size / stride) ** 2;
      const [scores, boxes, points] = [0, 3, 6].map((i) => outputs[i + k]);
      checkLength(act, `outputs[${k}]`, scores, count);
      checkLength(act, `outputs[${k + 3}]`, boxes, 4 * count);
      checkLength(act, `outputs[${k + 6}]`, points, 10 * count);
      return Array.from({ length: count }, (_, i): Candidate | undefined => {
        if (!(scores[i] >= threshold)) return undefined;
        const place = Math.floor(i / ANCHORS);
        const x = (place % (size / stride)) * stride;
        const y = Math.floor(place / (size / stride)) * stride;
        // Distances from the place, in strides; then pixels of the image.
        const at = (dx: number, dy: number): Point => [
          (x + dx * stride) / scale,
          (y + dy * stride) / scale,
        ];
        const landmarks = [0, 2, 4, 6, 8].map((j) =>
          at(points[10 * i + j], points[10 * i + j + 1])
        );
        return {
          landmarks: landmarks as unknown as FaceLandmarks,
          score: scores[i],
          box: [
            ...at(-boxes[4 * i], -boxes[4 * i + 1]),
            ...at(boxes[4 * i + 2], boxes[4 * i + 3]),
          ],
        };
      }).filter((face) => face !== undefined);
    }).sort((a, b) => b.score - a.score);
    const kept: Candidate[] = [];
    for (const face of found) {
      if (kept.every((other) => shared(face.box, other.box) <= overlap)) {
        kept.push(face);
      }
    }
    return kept.map(({ landmarks, score }) => ({ landmarks, score }));
  };
}

function toInput(
  { pixels, height, width }: DecodedImage,
  size: number,
  scale: number,
): Float32Array<ArrayBuffer> {
  checkLength("detect faces", "pixels", pixels, height * width * 3);
  const data = new Float32Array(3 * size * size).fill(-127.5 / 128);
  const rows = Math.min(size, Math.round(height * scale));
  const columns = Math.min(size, Math.round(width * scale));
  for (let y = 0; y < rows; y++) {
    const [top, bottom, fy] = neighbours(y, height / rows, height);
    for (let x = 0; x < columns; x++) {
      const [left, right, fx] = neighbours(x, width / columns, width);
      for (let c = 0; c < 3; c++) {
        const at = (row: number, column: number) =>
          pixels[(row * width + column) * 3 + c];
        const above = (1 - fx) * at(top, left) + fx * at(top, right);
        const below = (1 - fx) * at(bottom, left) + fx * at(bottom, right);
        const value = (1 - fy) * above + fy * below;
        data[(c * size + y) * size + x] = value * 127.5 / 128;
      }
    }
  }
  return data;
}

/** The two pixels between which the centre of pixel i of the result lies, and how far from the first. */
function neighbours(
  i: number,
  step: number,
  length: number,
): [first: number, second: number, fraction: number] {
  const place = Math.min(Math.max((i + 0.5) * step - 0.5, 0), length - 1);
  const first = Math.floor(place);
  return [first, Math.min(first + 1, length - 1), place - first];
}

/** Intersection over union. */
function shared(a: Candidate["box"], b: Candidate["box"]): number {
  const area = (box: readonly number[]) =>
    Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
  const both = area([
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ]);
  return both > 0 ? both / (area(a) + area(b) - both) : 0;
}
