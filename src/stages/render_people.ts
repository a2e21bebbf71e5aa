/**
 * Procedural people as a set of images, rendered person by person so that progress shows and a stop is heard.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import type { ImageSet } from "../data/mod.ts";
import type { GroupShares } from "../world/mod.ts";
import {
  type PersonTask,
  type RenderedPerson,
  renderPerson,
  type WorldName,
} from "./render_person.ts";

/** Options of {@linkcode renderPeople}. */
export interface RenderPeopleOptions {
  /**
   * Which world.
   *
   * @default {"faces"}
   */
  world?: WorldName;
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
  /** Rows of a picture; faces are square, pedestrians half as wide. */
  size: number;
  /**
   * How much cameras vary, in [0, 1]: blur and noise of faces, and everything about the cameras of pedestrians.
   *
   * @default {0.35} for faces: blur and noise are no part of a face; 1 for pedestrians
   */
  cameraRange?: number;
  /**
   * Factor on the variation of light on faces, in [0, 1].
   *
   * @default {1}
   */
  lightRange?: number;
  /**
   * Probability that something hides part of a person, in [0, 1].
   *
   * @default {0} for faces, as the shipped prior has seen them; 0.25 for pedestrians
   */
  occlusion?: number;
  /**
   * Factor on the years between pictures of a face, in [0, 1].
   *
   * @default {0}
   */
  ageRange?: number;
  /**
   * Draws faces of the four groups, by these shares.
   *
   * @default {people as they come, of no group}
   */
  groups?: GroupShares;
  /**
   * Number of the first of six cameras, from 1; for pedestrians.
   *
   * @default {1}
   */
  firstCamera?: number;
  /** Seed of the population. */
  seed: number;
  /**
   * Threads that render. More than 1 are started as workers, which takes them about a second.
   *
   * @default {1}
   */
  workers?: number;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
  /** Called after each person with the number of pictures done, and of all. */
  onStep?: (done: number, total: number) => void | Promise<void>;
}

/** A set of images with the camera of each. */
export interface RenderedPeople extends ImageSet {
  /** Camera of each picture, from 1; 0 in the world of faces. */
  cameras: Int32Array;
}

/**
 * Renders procedural people; picture k of person i depends on (seed, i, k) only, not on the number of workers.
 *
 * @param options Whom, how many, how large.
 * @returns Their pictures; label y is person `firstIdentity` + y.
 * @throws {RangeError} If a number is outside its range.
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
): Promise<RenderedPeople> {
  const {
    world = "faces",
    identities,
    imagesPerIdentity,
    firstIdentity = 0,
    size,
    seed,
    workers = 1,
    groups,
    signal,
    onStep,
  } = options;
  checkRange("render people", "workers", workers, { min: 1, integer: true });
  const ranges: PersonTask["ranges"] = world === "faces"
    ? {
      cameraRange: options.cameraRange ?? 0.35,
      lightRange: options.lightRange ?? 1,
      occlusion: options.occlusion ?? 0,
      ageRange: options.ageRange ?? 0,
    }
    : {
      cameraRange: options.cameraRange ?? 1,
      occlusion: options.occlusion ?? 0.25,
      firstCamera: options.firstCamera ?? 1,
    };
  const width = world === "faces" ? size : Math.round(size / 2);
  const length = imagesPerIdentity * size * width * 3;
  const count = identities * imagesPerIdentity;
  const set: RenderedPeople = {
    images: new Float32Array(identities * length),
    labels: new Int32Array(count),
    cameras: new Int32Array(count),
    height: size,
    width,
    count,
    identities: Array(identities),
    paths: Array(count),
    problems: [],
  };
  let done = 0;
  const take = async (i: number, person: RenderedPerson): Promise<void> => {
    const from = i * imagesPerIdentity;
    set.images.set(person.images, i * length);
    set.labels.fill(i, from, from + imagesPerIdentity);
    set.cameras.set(person.cameras, from);
    set.identities[i] = person.identity;
    person.paths.forEach((path, k) => set.paths[from + k] = path);
    done += imagesPerIdentity;
    await onStep?.(done, count);
  };
  let next = 0;
  const renderAll = async (
    render: (task: PersonTask) => Promise<RenderedPerson>,
  ): Promise<void> => {
    while (next < identities) {
      signal?.throwIfAborted();
      const i = next++;
      const number = firstIdentity + i;
      const task: PersonTask = {
        world,
        number,
        imagesPerIdentity,
        size,
        seed,
        ranges,
        ...(groups && { groups }),
      };
      await take(i, await render(task));
    }
  };
  if (workers === 1) {
    await renderAll(async (task) => {
      // So that others have their turn.
      await new Promise((resolve) => setTimeout(resolve));
      return renderPerson(task);
    });
  } else {
    const crew = Array.from({ length: workers }, startWorker);
    try {
      // One task each waits at the worker while it does another.
      await Promise.all(
        crew.flatMap(({ render }) => [renderAll(render), renderAll(render)]),
      );
    } finally {
      for (const { end } of crew) end();
    }
  }
  return set;
}

function startWorker(): {
  render: (task: PersonTask) => Promise<RenderedPerson>;
  end: () => void;
} {
  const url = new URL("./render_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const waiting: PromiseWithResolvers<RenderedPerson>[] = [];
  worker.onmessage = ({ data }) => {
    const { resolve, reject } = waiting.shift()!;
    if (data.error === undefined) resolve(data.person);
    else reject(data.error);
  };
  return {
    render: (task) => {
      const answer = Promise.withResolvers<RenderedPerson>();
      waiting.push(answer);
      worker.postMessage(task);
      return answer.promise;
    },
    end: () => worker.terminate(),
  };
}
