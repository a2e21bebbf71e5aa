/**
 * Procedural people as a set of images, rendered person by person so that progress shows and a stop is heard.
 *
 * @module
 */
import type { ImageSet } from "../data/mod.ts";
import { proceduralFaces } from "../world/mod.ts";

/** Options of {@linkcode renderPeople}. */
export interface RenderPeopleOptions {
  /** Number of persons. */
  identities: number;
  /** Pictures of each. */
  imagesPerIdentity: number;
  /**
   * Number of the first person.
   *
   * @default {0}
   */
  firstIdentity?: number;
  /** Side of a picture, pixels. */
  size: number;
  /**
   * Blur and sensor noise, in [0, 1]. A third of the world's: they are no part of a face.
   *
   * @default {0.35}
   */
  cameraRange?: number;
  /** Seed of the population. */
  seed: number;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
  /** Called after each person with the number of pictures done, and of all. */
  onStep?: (done: number, total: number) => void | Promise<void>;
}

/**
 * Renders procedural people; picture k of person i depends on (seed, i, k) only.
 *
 * @param options Whom, how many, how large.
 * @returns Their pictures; label y is person `firstIdentity` + y.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { renderPeople } from "@outis/outis/stages";
 *
 * const people = await renderPeople({
 *   identities: 2,
 *   imagesPerIdentity: 2,
 *   size: 16,
 *   seed: 0,
 * });
 * console.log(people.count); // 4
 * ```
 */
export async function renderPeople(
  options: RenderPeopleOptions,
): Promise<ImageSet> {
  const {
    identities,
    imagesPerIdentity,
    firstIdentity = 0,
    size,
    cameraRange = 0.35,
    seed,
    signal,
    onStep,
  } = options;
  const count = identities * imagesPerIdentity;
  const length = imagesPerIdentity * size * size * 3;
  const set: ImageSet = {
    images: new Float32Array(identities * length),
    labels: new Int32Array(count),
    height: size,
    width: size,
    count,
    identities: [],
    paths: [],
    problems: [],
  };
  for (let i = 0; i < identities; i++) {
    signal?.throwIfAborted();
    const person = proceduralFaces({
      identities: 1,
      firstIdentity: firstIdentity + i,
      imagesPerIdentity,
      size,
      seed,
      cameraRange,
    });
    set.images.set(person.images, i * length);
    set.labels.fill(i, i * imagesPerIdentity, (i + 1) * imagesPerIdentity);
    set.identities.push(...person.identities);
    set.paths.push(...person.paths);
    await onStep?.((i + 1) * imagesPerIdentity, count);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return set;
}
