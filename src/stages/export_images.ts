/**
 * A synthetic set as files anybody can use.
 *
 * @module
 */
import { digestBytes, writeAtomic } from "../core/mod.ts";
import { gatherPixels, type ImageSet } from "../data/mod.ts";
import { encodePng } from "../io/mod.ts";

/** Options of {@linkcode exportImages}. */
export interface ExportImagesOptions {
  /** Written into every image beside the mark that says it is synthetic. */
  description: string;
  /** Where the images come from; written into `manifest.json`. What stands under these three names, into every image, too. */
  manifest: {
    /** What made them. @default none */
    generator?: string;
    /** Seed they were drawn with. @default none */
    seed?: number;
    /** Run they belong to. @default none */
    run?: string;
    [name: string]: string | number | undefined;
  };
}

/**
 * Writes a folder per identity with PNG files, each marked as synthetic with its generator, seed, run and identity, and a
 * `manifest.json` that lists them with their hashes.
 *
 * @param images A synthetic set; `paths` are relative.
 * @param folder Where to; made if missing.
 * @param options What is written beside the pixels.
 * @throws {RangeError} If a path leads out of the folder, before anything is written.
 *
 * @example
 * ```ts
 * import { exportImages } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const folder = await Deno.makeTempDir();
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 16 });
 * await exportImages(faces, folder, {
 *   description: "A procedural face",
 *   manifest: { seed: 0 },
 * });
 * console.log(Array.from(Deno.readDirSync(folder), ({ name }) => name)); // a folder and manifest.json
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function exportImages(
  images: ImageSet,
  folder: string,
  options: ExportImagesOptions,
): Promise<void> {
  const { height, width, paths, labels, identities } = images;
  for (const path of paths) {
    if (path.split(/[\\/]/).some((name) => ["", ".", ".."].includes(name))) {
      throw new RangeError(
        `Cannot export images as 'paths' must stay inside the folder: current value is ${path}`,
      );
    }
  }
  const { generator, seed, run } = options.manifest;
  const listed: { path: string; identity: string; sha256: string }[] = [];
  for (const [i, path] of paths.entries()) {
    const identity = identities[labels[i]];
    const pixels = gatherPixels(images, [i]);
    const png = await encodePng({ pixels, height, width }, {
      synthetic: {
        description: options.description,
        generator,
        seed,
        label: identity,
        run,
      },
    });
    const target = `${folder}/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
      recursive: true,
    });
    await writeAtomic(target, png);
    listed.push({ path, identity, sha256: digestBytes(png) });
  }
  const manifest = {
    schema: 1,
    ...options.manifest,
    count: images.count,
    images: listed,
  };
  await writeAtomic(
    `${folder}/manifest.json`,
    JSON.stringify(manifest, null, 2) + "\n",
  );
}
