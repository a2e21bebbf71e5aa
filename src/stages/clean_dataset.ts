/**
 * A synthetic set without the images that an audit drops.
 *
 * @module
 */
import { digestBytes } from "../core/mod.ts";
import { openExported, writeManifest } from "../data/mod.ts";

/** Options of {@linkcode cleanDataset}. */
export interface CleanDatasetOptions {
  /** Paths of the images to leave out, from the folder. */
  drop: ReadonlySet<string>;
  /** Where the copy goes; nothing may be there. */
  out: string;
  /** Called after each file. */
  onProgress?: (done: number, total: number) => void;
  /** Stops it; nothing is left at `out`. */
  signal?: AbortSignal;
}

/** Lists that are written anew. */
const MANIFESTS = ["manifest.json", "manifest.jsonl", "manifest.parquet"];
const CARD = "README.md";

/**
 * Copies a folder of images, leaving some out. Manifests keep the lines of the images that stay, numbers of identities
 * included, and a card names the new manifest; every other file is copied as it is.
 *
 * @param folder A run's `synthetic` folder, an export of files, or any folder of folders of images.
 * @param options What to leave out, where to.
 * @returns Number of images that stay.
 * @throws {RangeError} If something is at `out`, or the set is stored in containers.
 * @throws {SyntaxError} If a manifest cannot be read.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { cleanDataset, exportImages } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const folder = await Deno.makeTempDir();
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 16 });
 * await exportImages(faces, `${folder}/faces`, { description: "A procedural face", manifest: { seed: 0 } });
 * const drop = new Set([faces.paths[0]]);
 * const stayed = await cleanDataset(`${folder}/faces`, { drop, out: `${folder}/clean` });
 * console.log(stayed); // 1
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function cleanDataset(
  folder: string,
  options: CleanDatasetOptions,
): Promise<number> {
  const { drop, out, onProgress, signal } = options;
  const act = "write a cleaned data set";
  const root = folder.replace(/(?<=.)\/+$/, "");
  if (await Deno.lstat(out).then(() => true, () => false)) {
    throw new RangeError(
      `Cannot ${act} as 'out' must be a path where nothing is: current value is ${out}`,
    );
  }
  const files = await filesBelow(root);
  const listed = files.find((path) => MANIFESTS.includes(path));
  const set = listed === undefined ? undefined : await openExported(root);
  if (set?.storage === "webdataset" || set?.storage === "recordio") {
    throw new RangeError(
      `Cannot ${act} as 'folder' must hold images in files: current value is one of ${set.storage}`,
    );
  }
  const partial = `${out}.partial`;
  await Deno.remove(partial, { recursive: true }).catch(() => {});
  let stayed = 0;
  try {
    await Deno.mkdir(partial, { recursive: true });
    for (const [done, path] of files.entries()) {
      signal?.throwIfAborted();
      onProgress?.(done, files.length);
      const isList = set !== undefined && MANIFESTS.includes(path);
      if (isList || drop.has(path)) continue;
      const below = path.lastIndexOf("/");
      if (below >= 0) {
        await Deno.mkdir(`${partial}/${path.slice(0, below)}`, {
          recursive: true,
        });
        stayed++;
      }
      await Deno.copyFile(`${root}/${path}`, `${partial}/${path}`);
    }
    if (files.includes("manifest.jsonl")) {
      await cleanExport(root, partial, drop);
    } else if (files.includes("manifest.json")) {
      await cleanRun(root, partial, drop);
    }
    signal?.throwIfAborted();
    onProgress?.(files.length, files.length);
    await Deno.rename(partial, out);
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
    throw error;
  }
  return stayed;
}

async function filesBelow(root: string, within = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${within}`)) {
    const path = within + name;
    if (isDirectory) found.push(...await filesBelow(root, `${path}/`));
    else found.push(path);
  }
  return found.sort();
}

/** The list of a run: one JSON document. */
async function cleanRun(
  root: string,
  out: string,
  drop: ReadonlySet<string>,
): Promise<void> {
  const list = JSON.parse(await Deno.readTextFile(`${root}/manifest.json`));
  const images = (list.images as { path: string }[])
    .filter(({ path }) => !drop.has(path));
  await Deno.writeTextFile(
    `${out}/manifest.json`,
    JSON.stringify({ ...list, count: images.length, images }, null, 2) + "\n",
  );
}

/** The lists of an export, and what its card says of them. */
async function cleanExport(
  root: string,
  out: string,
  drop: ReadonlySet<string>,
): Promise<void> {
  const text = await Deno.readTextFile(`${root}/manifest.jsonl`);
  const rows = text.split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Parameters<typeof writeManifest>[1][0])
    .filter(({ path }) => !drop.has(path));
  const manifest = await writeManifest(out, rows);
  const card = await Deno.readTextFile(`${out}/${CARD}`).catch(() => undefined);
  if (card === undefined) return;
  await Deno.writeTextFile(
    `${out}/${CARD}`,
    `${
      card.replaceAll(digestBytes(text), manifest).trimEnd()
    }\n\nA privacy audit has dropped ${drop.size} images; ${rows.length} are left.\n`,
  );
}
