/**
 * The synthetic images of a finished run.
 *
 * @module
 */
import type { SyntheticImage } from "../data/mod.ts";
import { decodeImage } from "../io/mod.ts";

/** Synthetic images of a run, by name. */
export interface RunImages {
  /** Names of the identities, sorted. */
  identities: string[];
  /** Number of images. */
  count: number;
  /** What made them, as the run noted it. */
  generator: string;
  /** Reads them one by one; those that are done are passed over. */
  images(
    isDone?: (identity: string, number: number) => boolean,
  ): AsyncGenerator<SyntheticImage>;
}

/** Content of `synthetic/manifest.json`. */
interface Listed {
  seed: number;
  generator: string;
  images: { path: string; identity: string }[];
}

/**
 * Opens the synthetic images that `reproduce` left in its run directory.
 *
 * @param run The run directory.
 * @returns Names, and a way to read the images.
 * @throws {RangeError} If it holds no synthetic images.
 * @throws {SyntaxError} If their list cannot be parsed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exportImages, openRunImages } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const run = await Deno.makeTempDir();
 * const faces = proceduralFaces({ identities: 2, imagesPerIdentity: 1, size: 16 });
 * await exportImages(faces, `${run}/synthetic`, {
 *   description: "A procedural face",
 *   manifest: { seed: 0, generator: "procedural" },
 * });
 * assertEquals((await openRunImages(run)).count, 2);
 * await Deno.remove(run, { recursive: true });
 * ```
 */
export async function openRunImages(run: string): Promise<RunImages> {
  const folder = `${run}/synthetic`;
  const listed = await readList(`${folder}/manifest.json`);
  const counts = new Map<string, number>();
  const named = listed.images.map(({ path, identity }) => {
    const number = counts.get(identity) ?? 0;
    counts.set(identity, number + 1);
    return { path, identity, number };
  });
  return {
    identities: [...counts.keys()].sort(),
    count: named.length,
    generator: listed.generator,
    async *images(isDone = () => false) {
      for (const { path, identity, number } of named) {
        if (isDone(identity, number)) continue;
        const image = await decodeImage(`${folder}/${path}`);
        yield { ...image, identity, number, seed: listed.seed };
      }
    },
  };
}

async function readList(path: string): Promise<Listed> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(
      `Cannot read the images of a run as '${path}' must be there, which a finished run has: current value is nothing`,
    );
  }
  try {
    const listed = JSON.parse(text) as Listed;
    if (Array.isArray(listed.images)) return listed;
  } catch {
    // told below
  }
  throw new SyntaxError(
    `Cannot read the images of a run as '${path}' must list images in JSON: current value is ${
      JSON.stringify(text.slice(0, 40))
    }`,
  );
}
