/**
 * One person of a procedural world: the unit in which worlds are rendered, here or in a worker.
 *
 * @module
 */
import {
  type GroupShares,
  proceduralFaces,
  proceduralPedestrians,
} from "../world/mod.ts";

/** Names of the procedural worlds. */
export const WORLDS = ["faces", "pedestrians"] as const;

/** Name of a procedural world. */
export type WorldName = typeof WORLDS[number];

/** Whom to render, and how; plain data, so that it can be sent to a worker. */
export interface PersonTask {
  /** Of which world. */
  world: WorldName;
  /** Number of the person. */
  number: number;
  /** Pictures of the person. */
  imagesPerIdentity: number;
  /** Rows of a picture; faces are square, pedestrians half as wide. */
  size: number;
  /** Seed of the population. */
  seed: number;
  /** Ranges of the world's circumstances. */
  ranges: { [name: string]: number };
  /** Shares of the four groups of faces in the population. @default people as they come */
  groups?: GroupShares;
}

/** A rendered person. */
export interface RenderedPerson {
  /** Pixels, `[pictures, height, width, 3]`. */
  images: Float32Array;
  /** Columns of a picture. */
  width: number;
  /** The person's name. */
  identity: string;
  /** Names of the pictures. */
  paths: string[];
  /** Camera of each picture; 0 in the world of faces. */
  cameras: Int32Array;
}

/**
 * Renders a person.
 *
 * @param task Whom, and how.
 * @returns The pictures, a function of the task alone.
 * @throws {RangeError} If a number is outside its range.
 *
 * @example
 * ```ts
 * import { renderPerson } from "./render_person.ts";
 *
 * const person = renderPerson({
 *   world: "pedestrians",
 *   number: 3,
 *   imagesPerIdentity: 2,
 *   size: 16,
 *   seed: 0,
 *   ranges: {},
 * });
 * console.log(person.identity, person.width); // pedestrian-0003 8
 * ```
 */
export function renderPerson(task: PersonTask): RenderedPerson {
  const { world, number, imagesPerIdentity, size, seed, ranges, groups } = task;
  const common = {
    identities: 1,
    firstIdentity: number,
    imagesPerIdentity,
    seed,
    ...ranges,
  };
  const set = world === "faces"
    ? {
      ...proceduralFaces({ ...common, size, ...(groups && { groups }) }),
      cameras: new Int32Array(imagesPerIdentity),
    }
    : proceduralPedestrians({ ...common, height: size });
  return {
    images: set.images,
    width: set.width,
    identity: set.identities[0],
    paths: set.paths,
    cameras: set.cameras,
  };
}
