/**
 * A data set of procedural pedestrians, seen by numbered cameras.
 *
 * @module
 */
import { randomStream } from "../core/mod.ts";
import {
  type PedestrianIdentity,
  pedestrianIdentity,
} from "./pedestrian_identity.ts";
import {
  type PedestrianNuisance,
  pedestrianNuisance,
  type PedestrianNuisanceOptions,
} from "./pedestrian_nuisance.ts";
import { renderPedestrian } from "./render_pedestrian.ts";

/** Options of {@linkcode proceduralPedestrians}. */
export interface ProceduralPedestriansOptions
  extends PedestrianNuisanceOptions {
  /** Number of persons, at least 1. */
  identities: number;
  /** Pictures of each person, at least 1. */
  imagesPerIdentity: number;
  /** Rows of a picture, at least 16. @default 64 */
  height?: number;
  /** Columns of a picture, at least 8. @default half as many as rows */
  width?: number;
  /** Number of cameras; a person's pictures go round them, from a camera of the person's own. @default 6 */
  cameras?: number;
  /** Number of the first camera, from 1: a domain with other cameras has other numbers. @default 1 */
  firstCamera?: number;
  /** Seed of the whole population and of the cameras. @default 0 */
  seed?: number;
  /** Number of the first person: populations drawn with one seed and other numbers share nobody. @default 0 */
  firstIdentity?: number;
}

/** Pictures with their makers' knowledge; has the fields of an image set. */
export type ProceduralPedestrians = {
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
  /** For each picture, the number of its camera. */
  cameras: Int32Array;
  /** Names of the persons, `pedestrian-0000` and so on, by number. */
  identities: string[];
  /** Names of the pictures, `pedestrian-0000/c1-000` and so on. */
  paths: string[];
  /** What went wrong: nothing ever does. */
  problems: string[];
  /** Parameters of each person. */
  parameters: PedestrianIdentity[];
  /** Circumstances of each picture. */
  nuisances: PedestrianNuisance[];
};

/**
 * Parameters of one person of a population.
 *
 * @param seed Seed of the population.
 * @param number Number of the person, from 0.
 * @returns The person's parameters, a function of the arguments alone.
 *
 * @example
 * ```ts
 * import { populationPedestrian } from "@outis/outis/world";
 * console.assert(populationPedestrian(1, 5).girth === populationPedestrian(1, 5).girth);
 * ```
 */
export function populationPedestrian(
  seed: number,
  number: number,
): PedestrianIdentity {
  return pedestrianIdentity(randomStream(seed, "pedestrian", number));
}

/**
 * Renders a population. Picture k of person i depends on (seed, i, k), the cameras, the size and the ranges alone.
 *
 * @param options Whom, how many, by which cameras, how large, how varied.
 * @returns The pictures, ordered by person, then by picture.
 * @throws {RangeError} If a number is outside its range.
 *
 * @example
 * ```ts
 * import { proceduralPedestrians } from "@outis/outis/world";
 * const people = proceduralPedestrians({ identities: 2, imagesPerIdentity: 3, height: 16 });
 * console.assert(people.count === 6 && people.cameras[0] !== people.cameras[1]);
 * ```
 */
export function proceduralPedestrians(
  options: ProceduralPedestriansOptions,
): ProceduralPedestrians {
  const {
    identities: people,
    imagesPerIdentity,
    height = 64,
    width = Math.round(height / 2),
    cameras = 6,
    firstCamera = 1,
    seed = 0,
    firstIdentity = 0,
    ...ranges
  } = options;
  const counts = {
    identities: people,
    imagesPerIdentity,
    cameras,
    firstCamera,
  };
  for (const [name, value] of Object.entries({ ...counts, firstIdentity })) {
    const least = name === "firstIdentity" ? 0 : 1;
    if (!Number.isInteger(value) || value < least) {
      throw new RangeError(
        `Cannot render procedural pedestrians as '${name}' must be an integer of at least ${least}: current value is ${value}`,
      );
    }
  }
  const count = people * imagesPerIdentity;
  const length = height * width * 3;
  const set: ProceduralPedestrians = {
    images: new Float32Array(count * length),
    count,
    height,
    width,
    channels: 3,
    labels: new Int32Array(count),
    cameras: new Int32Array(count),
    identities: [],
    paths: [],
    problems: [],
    parameters: [],
    nuisances: [],
  };
  for (let i = 0; i < people; i++) {
    const number = firstIdentity + i;
    const name = `pedestrian-${String(number).padStart(4, "0")}`;
    const person = populationPedestrian(seed, number);
    set.identities.push(name);
    set.parameters.push(person);
    for (let k = 0; k < imagesPerIdentity; k++) {
      const at = i * imagesPerIdentity + k;
      const camera = firstCamera + (number + k) % cameras;
      const shot = pedestrianNuisance(
        randomStream(seed, "pedestrian", number, "picture", k),
        { ...ranges, camera, seed },
      );
      const picture = renderPedestrian(person, shot, { height, width });
      set.images.set(picture, at * length);
      set.labels[at] = i;
      set.cameras[at] = camera;
      set.paths.push(`${name}/c${camera}-${String(k).padStart(3, "0")}`);
      set.nuisances.push(shot);
    }
  }
  return set;
}
