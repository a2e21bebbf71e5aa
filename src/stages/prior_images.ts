/**
 * What a prior learns from: procedural people, and textures that belong to nobody.
 *
 * @module
 */
import { randomStream } from "../core/mod.ts";
import { byteImageSet, type ImageSet } from "../data/mod.ts";
import { renderDeadLeaves } from "../world/mod.ts";
import type { WorldName } from "./render_person.ts";
import { renderPeople } from "./render_people.ts";

/** Options of {@linkcode priorImages}. */
export interface PriorImagesOptions {
  /** Procedural persons. */
  identities: number;
  /** Pictures of each. */
  imagesPerIdentity: number;
  /** Pictures of dead leaves, for a square world; a narrow one has as many as its share of a square. */
  textures: number;
  /** Rows of a picture. */
  size: number;
  /** Seed of everything. */
  seed: number;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal | undefined;
  /** Called as the work goes on. */
  onStep?: (
    part: "images" | "textures",
    done: number,
    total: number,
  ) => void | Promise<void>;
}

/** Persons rendered at a time: pixels of more than these are never in memory as floats. */
const BLOCK = 50;

/**
 * Renders the images of a prior, kept as bytes.
 *
 * @param world Which world.
 * @param options How many.
 * @returns `people`, a class each; and `all`, the same followed by the textures, for an autoencoder that is to serve
 * photographs, too: their label is 0 and means nothing.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { priorImages } from "./prior_images.ts";
 *
 * const { people, all } = await priorImages("pedestrians", {
 *   identities: 2,
 *   imagesPerIdentity: 1,
 *   textures: 4,
 *   size: 16,
 *   seed: 0,
 * });
 * console.log(people.count, all.count); // 2 4
 * ```
 */
export async function priorImages(
  world: WorldName,
  options: PriorImagesOptions,
): Promise<{ people: ImageSet; all: ImageSet }> {
  const { identities, imagesPerIdentity, size, seed, signal, onStep } = options;
  const width = world === "faces" ? size : Math.round(size / 2);
  const textures = Math.round(options.textures * width / size);
  const count = identities * imagesPerIdentity;
  const length = size * width * 3;
  const bytes = new Uint8Array((count + textures) * length);
  const labels = new Int32Array(count + textures);
  const names: string[] = [];
  const paths: string[] = [];
  for (let first = 0; first < identities; first += BLOCK) {
    const block = await renderPeople({
      world,
      identities: Math.min(BLOCK, identities - first),
      imagesPerIdentity,
      firstIdentity: first,
      size,
      seed,
      ...(signal && { signal }),
      onStep: (done) =>
        onStep?.("images", first * imagesPerIdentity + done, count),
    });
    const from = first * imagesPerIdentity;
    fill(bytes, block.images, from * length);
    block.labels.forEach((label, i) => labels[from + i] = first + label);
    names.push(...block.identities);
    paths.push(...block.paths);
  }
  for (let i = 0; i < textures; i++) {
    const square = renderDeadLeaves(randomStream(seed, "texture", i), { size });
    const picture = columns(square, size, width);
    fill(bytes, picture, (count + i) * length);
    paths.push(`texture-${i}`);
    if (i % 50 < 49) continue;
    signal?.throwIfAborted();
    await onStep?.("textures", i + 1, textures);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const setOf = (count: number) =>
    byteImageSet(bytes.subarray(0, count * length), {
      height: size,
      width,
      count,
      labels: labels.subarray(0, count),
      identities: names,
      paths: paths.slice(0, count),
      problems: [],
    });
  return { people: setOf(count), all: setOf(count + textures) };
}

/** Pixels in [-1, 1] as bytes. */
function fill(bytes: Uint8Array, pixels: Float32Array, from: number): void {
  for (let i = 0; i < pixels.length; i++) {
    bytes[from + i] = Math.round((pixels[i] + 1) * 127.5);
  }
}

/** The first columns of a square picture. */
function columns(
  square: Float32Array,
  size: number,
  width: number,
): Float32Array {
  if (width === size) return square;
  return square.filter((_, i) => Math.floor(i / 3) % size < width);
}
