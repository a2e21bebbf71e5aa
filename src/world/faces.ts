/**
 * A data set of procedural faces.
 *
 * @module
 */
import { randomStream } from "../core/mod.ts";
import { faceIdentity } from "./draw_identity.ts";
import {
  type FaceGroup,
  groupIdentity,
  groupOf,
  type GroupShares,
} from "./groups.ts";
import type { FaceIdentity } from "./identity.ts";
import {
  type FaceNuisance,
  faceNuisance,
  type FaceNuisanceOptions,
} from "./nuisance.ts";
import { renderFace } from "./render.ts";

/** Options of {@linkcode proceduralFaces}. */
export interface ProceduralFacesOptions extends FaceNuisanceOptions {
  /** Number of persons, at least 1. */
  identities: number;
  /** Pictures of each person, at least 1. */
  imagesPerIdentity: number;
  /** Side of a picture, pixels, at least 16. @default 64 */
  size?: number;
  /** Seed of the whole population. @default 0 */
  seed?: number;
  /** Number of the first person: populations drawn with one seed and other numbers share nobody. @default 0 */
  firstIdentity?: number;
  /** Draw people of the four groups, by these shares. @default people as they come, of no group */
  groups?: GroupShares;
}

/** Pictures with their makers' knowledge; has the fields of an image set. */
export type ProceduralFaces = {
  /** All pictures, `[count, height, width, channels]`, in [-1, 1]. */
  images: Float32Array;
  /** Number of pictures. */
  count: number;
  /** Rows of a picture. */
  height: number;
  /** Columns of a picture. */
  width: number;
  /** Red, green and blue. */
  channels: 3;
  /** For each picture, the index of its person in `identities`. */
  labels: Int32Array;
  /** Names of the persons, `face-0000` and so on, by number. */
  identities: string[];
  /** Names of the pictures, `face-0000/000` and so on. */
  paths: string[];
  /** What went wrong: nothing ever does. */
  problems: string[];
  /** Parameters of each person. */
  parameters: FaceIdentity[];
  /** Group of each person; empty where groups were not asked for. */
  groups: FaceGroup[];
  /** Circumstances of each picture. */
  nuisances: FaceNuisance[];
};

/**
 * Parameters of one person of a population.
 *
 * @param seed Seed of the population.
 * @param number Number of the person, from 0.
 * @param groups Shares of the four groups; without them people are as they come.
 * @returns The person's parameters, a function of the arguments alone.
 * @throws {RangeError} If a share is negative or not finite, or all are 0.
 *
 * @example
 * ```ts
 * import { populationIdentity } from "@outis/outis/world";
 * console.assert(populationIdentity(1, 5).age === populationIdentity(1, 5).age);
 * ```
 */
export function populationIdentity(
  seed: number,
  number: number,
  groups?: GroupShares,
): FaceIdentity {
  const random = randomStream(seed, "face", number);
  return groups === undefined
    ? faceIdentity(random)
    : groupIdentity(random, groupOf(groups, number));
}

/** Options of {@linkcode populationNuisance}. */
export interface PopulationNuisanceOptions extends FaceNuisanceOptions {
  /** Number of the person, from 0. */
  identity: number;
  /** Number of the picture of that person, from 0. */
  picture: number;
}

/**
 * Circumstances of one picture of one person of a population.
 *
 * @param seed Seed of the population.
 * @param options Which picture, and how far circumstances vary.
 * @returns The circumstances, a function of the arguments alone.
 *
 * @example
 * ```ts
 * import { populationNuisance } from "@outis/outis/world";
 * const first = populationNuisance(1, { identity: 5, picture: 0 });
 * const second = populationNuisance(1, { identity: 5, picture: 1 });
 * console.assert(first.yaw !== second.yaw);
 * ```
 */
export function populationNuisance(
  seed: number,
  options: PopulationNuisanceOptions,
): FaceNuisance {
  const { identity, picture, ...ranges } = options;
  return faceNuisance(
    randomStream(seed, "face", identity, "picture", picture),
    ranges,
  );
}

/**
 * Renders a population. Picture k of person i depends on (seed, i, k), the size and the ranges alone.
 *
 * @param options Whom, how many, how large, how varied.
 * @returns The pictures, ordered by person, then by picture.
 * @throws {RangeError} If a number is outside its range.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 2, size: 16 });
 * console.assert(faces.identities[1] === "face-0001" && faces.labels[3] === 1);
 * ```
 */
export function proceduralFaces(
  options: ProceduralFacesOptions,
): ProceduralFaces {
  const {
    identities: people,
    imagesPerIdentity,
    size = 64,
    seed = 0,
    firstIdentity = 0,
    groups,
    ...ranges
  } = options;
  checkCount("identities", people, 1);
  checkCount("imagesPerIdentity", imagesPerIdentity, 1);
  checkCount("firstIdentity", firstIdentity, 0);
  const count = people * imagesPerIdentity;
  const length = size * size * 3;
  const images = new Float32Array(count * length);
  const labels = new Int32Array(count);
  const identities: string[] = [];
  const paths: string[] = [];
  const parameters: FaceIdentity[] = [];
  const nuisances: FaceNuisance[] = [];
  for (let i = 0; i < people; i++) {
    const number = firstIdentity + i;
    const name = `face-${String(number).padStart(4, "0")}`;
    const person = populationIdentity(seed, number, groups);
    identities.push(name);
    parameters.push(person);
    for (let k = 0; k < imagesPerIdentity; k++) {
      const at = i * imagesPerIdentity + k;
      const shot = populationNuisance(seed, {
        ...ranges,
        identity: number,
        picture: k,
      });
      images.set(renderFace(person, shot, { size }), at * length);
      labels[at] = i;
      paths.push(`${name}/${String(k).padStart(3, "0")}`);
      nuisances.push(shot);
    }
  }
  return {
    images,
    count,
    height: size,
    width: size,
    channels: 3,
    labels,
    identities,
    paths,
    problems: [],
    parameters,
    groups: groups === undefined
      ? []
      : parameters.map((_, i) => groupOf(groups, firstIdentity + i)),
    nuisances,
  };
}

function checkCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(
      `Cannot render procedural faces as '${name}' must be an integer of at least ${least}: current value is ${value}`,
    );
  }
}
