/**
 * Which layout a folder is in, by the names in it.
 *
 * @module
 */
import { type FolderContent, isImageName, listFolder } from "./list_folder.ts";
import { bearsGroup, RFW_GROUPS } from "./read_rfw.ts";

/** Layouts that are known, and what they hold. */
export const LAYOUTS = {
  market1501: "bounding_box_train, query and bounding_box_test",
  cuhk03: "detected or labeled, or cuhk-03.mat",
  casia: "a .rec file, or folders of seven digits",
  rfw:
    "data and txts of African, Asian, Caucasian and Indian, or their .bin files",
  pairs: "pairs.txt and folders of images",
  bin: ".bin files",
  manifest: "manifest.csv, manifest.parquet or manifest.jsonl",
  folder: "folders of images, one per identity",
} as const;

/** Name of a layout. */
export type Layout = keyof typeof LAYOUTS;

/**
 * Recognises the layout of a data set.
 *
 * @param path Folder, or a file that is a data set: `.rec`, `.bin`, `.csv`, `.parquet`, `.jsonl`.
 * @returns Name of the layout.
 * @throws {RangeError} If there is nothing there, or nothing that is known; the sentence tells what would be.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recogniseLayout } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/ada`);
 * await Deno.writeTextFile(`${folder}/ada/1.jpg`, "");
 * assertEquals(await recogniseLayout(folder), "folder");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function recogniseLayout(path: string): Promise<Layout> {
  const info = await Deno.stat(path).catch((cause) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    return refuse(path, "not there");
  });
  if (!info.isDirectory) return ofFile(path) ?? refuse(path, "another file");
  const content = await listFolder(path);
  const { files, folders } = content;
  const layout = await ofFolder(path, content);
  if (layout !== undefined) return layout;
  const names = [...folders.map((name) => `${name}/`), ...files];
  return refuse(
    path,
    names.length === 0
      ? "an empty folder"
      : `a folder with ${names.slice(0, 6).join(", ")}${
        names.length > 6 ? ` and ${names.length - 6} more` : ""
      }`,
  );
}

function ofFile(path: string): Layout | undefined {
  if (/\.rec$/i.test(path)) return "casia";
  if (/\.bin$/i.test(path)) return "bin";
  if (/\.(csv|parquet|jsonl)$/i.test(path)) return "manifest";
  return undefined;
}

async function ofFolder(
  path: string,
  { files, folders }: FolderContent,
): Promise<Layout | undefined> {
  const isNewCuhk03 = ["detected", "labeled"].some((name) =>
    folders.includes(name)
  );
  if (isNewCuhk03 || files.includes("cuhk-03.mat")) return "cuhk03";
  if (folders.some((name) => /^bounding_box_(train|test)$/.test(name))) {
    return /(^|\/)(detected|labeled)\/*$/.test(path) ? "cuhk03" : "market1501";
  }
  const bins = files.filter((name) => /\.bin$/i.test(name));
  const hasGroupBins = RFW_GROUPS.every((group) =>
    bins.some((name) => bearsGroup(name, group))
  );
  if (hasGroupBins || await holdsGroups(path, folders)) return "rfw";
  if (files.some((name) => /\.rec$/i.test(name))) return "casia";
  if (files.some((name) => /pairs\.txt$/i.test(name))) return "pairs";
  if (bins.length > 0) return "bin";
  if (manifestOf(files) !== undefined) return "manifest";
  if (folders.length > 0 && folders.every((name) => /^\d{7}$/.test(name))) {
    return "casia";
  }
  return await holdsImages(path, folders, 2) ? "folder" : undefined;
}

/**
 * Finds the manifest among the files of a folder.
 *
 * @param files Names.
 * @returns Name of the manifest; of several, Parquet before CSV before JSON lines. Undefined if there is none.
 *
 * @example
 * ```ts
 * import { manifestOf } from "./recognise_layout.ts";
 *
 * manifestOf(["manifest.csv", "manifest.parquet"]); // manifest.parquet
 * ```
 */
export function manifestOf(files: readonly string[]): string | undefined {
  return ["parquet", "csv", "jsonl"].map((ending) => `manifest.${ending}`)
    .find((name) => files.includes(name));
}

async function holdsGroups(path: string, folders: string[]): Promise<boolean> {
  const base = folders.includes("data")
    ? `${path}/data`
    : folders.includes("test")
    ? `${path}/test/data`
    : undefined;
  if (base === undefined) return false;
  const content = await listFolder(base).catch(() => undefined);
  return RFW_GROUPS.some((group) => content?.folders.includes(group));
}

async function holdsImages(
  path: string,
  folders: string[],
  levels: number,
): Promise<boolean> {
  for (const name of folders) {
    const content = await listFolder(`${path}/${name}`);
    if (content.files.some(isImageName)) return true;
    const below = levels > 1 &&
      await holdsImages(`${path}/${name}`, content.folders, levels - 1);
    if (below) return true;
  }
  return false;
}

function refuse(path: string, value: string): never {
  const known = Object.entries(LAYOUTS)
    .map(([name, holds]) => `${name} (${holds})`).join("; ");
  throw new RangeError(
    `Cannot recognise a data set as '${path}' must be in a known layout, ${known}: current value is ${value}`,
  );
}
