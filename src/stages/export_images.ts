/**
 * A synthetic set as files anybody can use.
 *
 * @module
 */
import { writeAtomic } from "../core/mod.ts";
import { gatherPixels, type ImageSet } from "../data/mod.ts";
import { encodePng } from "../io/mod.ts";

/** Options of {@linkcode exportImages}. */
export interface ExportImagesOptions {
  /** Written into every image beside the mark that says it is synthetic. */
  description: string;
  /** Where the images come from; written into `manifest.json`. */
  manifest: { [name: string]: string | number };
}

/**
 * Writes a folder per identity with PNG files, each marked as synthetic, and a `manifest.json` that lists them.
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
  for (const [i, path] of paths.entries()) {
    const pixels = gatherPixels(images, [i]);
    const png = await encodePng({ pixels, height, width }, {
      synthetic: options.description,
    });
    const target = `${folder}/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
      recursive: true,
    });
    await writeAtomic(target, png);
  }
  const manifest = {
    schema: 1,
    ...options.manifest,
    count: images.count,
    images: paths.map((path, i) => ({ path, identity: identities[labels[i]] })),
  };
  await writeAtomic(
    `${folder}/manifest.json`,
    JSON.stringify(manifest, null, 2) + "\n",
  );
}
