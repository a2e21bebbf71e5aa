/**
 * Readers of pose, expression and light, learned from the procedural world, which knows its own.
 *
 * @module
 */
import { linearSvm } from "../brownian/mod.ts";
import { type FaceNuisance, populationNuisance } from "../world/mod.ts";
import type { Picture, PictureReader } from "./picture_covariates.ts";
import { renderPeople } from "./render_people.ts";

/**
 * Circumstances that a plane in shrunken pictures tells, on people it has not seen: turning and where light comes from in 5
 * pictures of 6, nodding in 7 of 10. Smiles and open mouths are not among them: there a plane is right by chance.
 */
export const FACE_COVARIATES = ["yaw", "pitch", "lightAzimuth"] as const;

/** One of {@linkcode FACE_COVARIATES}. */
export type FaceCovariate = typeof FACE_COVARIATES[number];

/** Options of {@linkcode faceReaders}. */
export interface FaceReadersOptions {
  /** Side of the pictures that are rendered to learn from, pixels. */
  size: number;
  /**
   * Which circumstances.
   *
   * @default {all}
   */
  names?: readonly FaceCovariate[];
  /**
   * People to learn from, four pictures of each.
   *
   * @default {200}
   */
  people?: number;
  /** Seed of these people. @default {0} */
  seed?: number;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
  /** Called as pictures are rendered. */
  onStep?: (done: number, total: number) => void | Promise<void>;
}

/** Number of the first person; those of prior, auditors and targets are others. */
const FIRST_IDENTITY = 7_000_000;

const PICTURES = 4;

/** How circumstances vary: as the shipped prior has seen them. */
const ranges = { cameraRange: 0.35, occlusion: 0, ageRange: 0 };

/** Side to which pictures are shrunk, pixels. */
const SIDE = 16;

/**
 * Learns to read circumstances off pictures of faces: a linear support vector machine for each, on shrunken procedural
 * pictures labelled by the side of the median that the renderer's own number lies on.
 *
 * @param options Which, from how many people.
 * @returns A reader for each name, in their order.
 * @throws {RangeError} If a number is out of range.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { faceReaders } from "@outis/outis/stages";
 *
 * const [yaw] = await faceReaders({ size: 16, names: ["yaw"], people: 2 });
 * console.log(yaw({ pixels: new Float32Array(16 * 16 * 3), height: 16, width: 16 }));
 * ```
 */
export async function faceReaders(
  options: FaceReadersOptions,
): Promise<PictureReader[]> {
  const { size, names = FACE_COVARIATES, people = 200, seed = 0 } = options;
  const { signal, onStep } = options;
  const faces = await renderPeople({
    identities: people,
    imagesPerIdentity: PICTURES,
    firstIdentity: FIRST_IDENTITY,
    size,
    seed,
    ...ranges,
    signal,
    onStep,
  });
  const pixels = size * size * 3;
  const points = Array.from({ length: faces.count }, (_, i) =>
    shrink({
      pixels: faces.images.subarray(i * pixels, (i + 1) * pixels),
      height: size,
      width: size,
    }));
  const flat = Float64Array.from(points.flatMap((point) => [...point]));
  const shots = Array.from(
    { length: faces.count },
    (_, i) =>
      populationNuisance(seed, {
        identity: FIRST_IDENTITY + Math.floor(i / PICTURES),
        picture: i % PICTURES,
        ...ranges,
      }),
  );
  return names.map((name) => {
    const { weights } = linearSvm(flat, sidesOf(name, shots), {
      cost: 0.003,
      tolerance: 1e-2,
      passes: 100,
    });
    return (picture) =>
      shrink(picture).reduce((sum, value, k) => sum + weights[k] * value, 0);
  });
}

function sidesOf(name: FaceCovariate, shots: FaceNuisance[]): number[] {
  const values = shots.map((shot) => shot[name]);
  const median = values.toSorted((a, b) => a - b)[values.length >> 1];
  return values.map((value) => value > median ? 1 : -1);
}

/** Grey means over squares of pixels, brought to mean 0 and deviation 1. */
function shrink({ pixels, height, width }: Picture): Float64Array {
  const out = new Float64Array(SIDE * SIDE);
  for (let k = 0; k < pixels.length; k++) {
    const at = Math.floor(k / 3);
    const row = Math.floor(Math.floor(at / width) * SIDE / height);
    out[row * SIDE + Math.floor((at % width) * SIDE / width)] += pixels[k];
  }
  const mean = out.reduce((a, b) => a + b) / out.length;
  const square = out.reduce((sum, x) => sum + (x - mean) ** 2, 0) / out.length;
  // Of a picture of one colour nothing can be read.
  const deviation = Math.max(Math.sqrt(square), 1e-6);
  return out.map((value) => (value - mean) / deviation);
}
