/**
 * Which images of a synthetic set are a real person's: made of them, or nearest to them.
 *
 * @module
 */
import { AVOID_DISTANCE } from "../brownian/mod.ts";
import { checkFinite, checkRange, type Embedder } from "../core/mod.ts";
import {
  type ExportedDatasetFolder,
  type ExportedRow,
  readImages,
  type StoredImage,
} from "../data/mod.ts";
import { owned, tf } from "../engine/mod.ts";
import type { AuditImages } from "./audit_images.ts";
import { nearestDirections } from "./nearest_directions.ts";
import { embedImages } from "./recognizer_embedder.ts";

/** A synthetic image that is a person's. */
export interface PersonSample {
  /** What the manifest calls it. */
  path: string;
  /** What it was conditioned on. */
  identity: string;
  /** Whether it was made of the person: conditioned on them, or on an image of them. */
  isConditioned: boolean;
  /** By which embedders it is nearest to the person. */
  nearestBy: string[];
  /** Angle to the nearest photograph of the person by embedder, radians. */
  angles: { [embedder: string]: number };
}

/** What {@linkcode personSamples} needs. */
export interface PersonSamplesInput {
  /** The synthetic set. */
  set: ExportedDatasetFolder;
  /** What the person is called in the training data. */
  name: string;
  /** Photographs of the person. */
  photographs: AuditImages;
  /** Photographs of other people; those of the person among them, by name, do not count. @default none */
  others?: AuditImages;
  /** What tells who is near, by name. Borrowed. */
  embedders: { [name: string]: Embedder };
  /** Without `others`: up to which angle an image is nearest, radians. @default 0.6 */
  within?: number;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
  /** Called as it goes on. */
  onStep?: (part: string, done: number, total: number) => void;
}

/** Features of real people under one embedder. */
interface Known {
  name: string;
  embedder: Embedder;
  own: tf.Tensor2D;
  others?: tf.Tensor2D;
}

/** Images embedded at a time. */
const CHUNK = 64;
const ACT = "find a person's samples";

/**
 * Finds the images of a set that were conditioned on a person, or on an image of them (its `parents`); and those that are
 * nearest to the person: by any embedder nearer to one of their photographs than to one of anybody else's, or, where no
 * others are given, within an angle.
 *
 * @param input Set, person, others, embedders.
 * @returns The images, in the order in which they are stored.
 * @throws {RangeError} If there is no photograph of the person, or a feature is not finite.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { exportDataset, folderLayout, openExported } from "@outis/outis/data";
 * import { auditImageSet, personSamples } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const out = `${await Deno.makeTempDir()}/set`;
 * const image = { number: 0, pixels: new Float32Array(8 * 8 * 3), height: 8, width: 8 };
 * await exportDataset(["ada", "bo"].map((identity) => ({ identity, ...image })), {
 *   out,
 *   layout: folderLayout(),
 *   identities: ["ada", "bo"],
 *   provenance: { description: "Grey" },
 *   description: { protocol: "Grey.", licence: "CC0-1.0", chain: [] },
 * });
 * const found = await personSamples({
 *   set: await openExported(out),
 *   name: "ada",
 *   photographs: auditImageSet(proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 16 })),
 *   embedders: {}, // with some, images that only resemble the person are found, too
 * });
 * console.log(found.map(({ path }) => path)); // ["ada/00000.png"]
 * await Deno.remove(out, { recursive: true });
 * ```
 */
export async function personSamples(
  input: PersonSamplesInput,
): Promise<PersonSample[]> {
  const { set, name, photographs, others, within = AVOID_DISTANCE } = input;
  const { signal, onStep } = input;
  checkRange(ACT, "within", within, { min: 0, max: Math.PI });
  if (photographs.count === 0) {
    throw new RangeError(
      `Cannot ${ACT} as 'photographs' must be at least one: current value is none`,
    );
  }
  const strangers = others && Array.from(others.labels.keys())
    .filter((i) => others.identities[others.labels[i]] !== name);
  const rows = new Map(set.rows.map((row) => [row.path, row]));
  using tensors = new DisposableStack();
  const known: Known[] = [];
  for (const [title, embedder] of Object.entries(input.embedders)) {
    const featuresOf = async (
      images: AuditImages,
      indices: readonly number[],
      part: string,
    ) => {
      const values = await features(images, indices, embedder, {
        signal,
        onStep: (done, total) => onStep?.(part, done, total),
      });
      const tensor = tf.tensor2d(values, [indices.length, embedder.width]);
      tensors.defer(() => tensor.dispose());
      return tensor;
    };
    known.push({
      name: title,
      embedder,
      own: await featuresOf(
        photographs,
        [...photographs.labels.keys()],
        `${title}: the person`,
      ),
      ...(others !== undefined && strangers!.length > 0 && {
        others: await featuresOf(others, strangers!, `${title}: others`),
      }),
    });
  }
  const found: PersonSample[] = [];
  let done = 0;
  for await (const images of chunks(set.stored())) {
    signal?.throwIfAborted();
    const samples = images.map(({ path }): PersonSample => {
      const row = rows.get(path);
      return {
        path,
        identity: row?.identity ?? "",
        isConditioned: isMadeOf(name, row),
        nearestBy: [],
        angles: {},
      };
    });
    for (const one of known) await compare(one, images, samples, within);
    found.push(
      ...samples.filter(({ path, isConditioned, nearestBy }) =>
        rows.has(path) && (isConditioned || nearestBy.length > 0)
      ),
    );
    done += images.length;
    onStep?.("synthetic images", done, rows.size);
  }
  return found;
}

/** Parents are identities, or images as `identity/number`. */
function isMadeOf(name: string, row: ExportedRow | undefined): boolean {
  return row?.identity === name ||
    (row?.parents ?? []).some((parent) =>
      parent === name || parent.startsWith(`${name}/`)
    );
}

async function features(
  images: AuditImages,
  indices: readonly number[],
  embedder: Embedder,
  { signal, onStep }: {
    signal?: AbortSignal;
    onStep: (done: number, total: number) => void;
  },
): Promise<Float32Array> {
  const { width } = embedder;
  const values = new Float32Array(indices.length * width);
  const place = new Map(indices.map((index, at) => [index, at]));
  for (let from = 0; from < images.count; from += CHUNK) {
    signal?.throwIfAborted();
    const to = Math.min(from + CHUNK, images.count);
    const { data } = embedImages(
      embedder,
      await images.read(from, to, embedder.preprocessing),
    );
    checkFinite(ACT, `features of ${images.paths[from]} and on`, data);
    for (let i = from; i < to; i++) {
      const at = place.get(i);
      if (at === undefined) continue;
      const start = (i - from) * width;
      values.set(data.subarray(start, start + width), at * width);
    }
    onStep(to, images.count);
  }
  return values;
}

async function compare(
  { name, embedder, own, others }: Known,
  images: readonly StoredImage[],
  samples: readonly PersonSample[],
  within: number,
): Promise<void> {
  const { height, width } = embedder.preprocessing;
  const set = await readImages(
    images.map(({ path, bytes }) => ({
      path,
      identity: "",
      bytes: () => Promise.resolve(bytes),
    })),
    { size: { height, width } },
  );
  const { data } = embedImages(embedder, set);
  checkFinite(ACT, "features", data);
  using made = owned(tf.tensor2d(data, [images.length, embedder.width]));
  const { angles } = nearestDirections(made.value, own);
  const bounds = others === undefined
    ? angles.map(() => within)
    : nearestDirections(made.value, others).angles;
  for (const [i, sample] of samples.entries()) {
    sample.angles[name] = angles[i];
    if (angles[i] <= bounds[i]) sample.nearestBy.push(name);
  }
}

async function* chunks<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let own: T[] = [];
  for await (const item of items) {
    own.push(item);
    if (own.length < CHUNK) continue;
    yield own;
    own = [];
  }
  if (own.length > 0) yield own;
}
