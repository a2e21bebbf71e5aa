/**
 * Lists the images of a data set in any known layout.
 *
 * @module
 */
import { checkOneOf } from "../core/mod.ts";
import type { Dataset } from "./image_record.ts";
import { listFolder } from "./list_folder.ts";
import { readCasia } from "./read_casia.ts";
import { readCuhk03 } from "./read_cuhk03.ts";
import {
  readCuhk03Release,
  type ReadCuhk03ReleaseOptions,
} from "./read_cuhk03_release.ts";
import { readFolder } from "./read_folder.ts";
import { readManifest } from "./read_manifest.ts";
import { readMarket1501 } from "./read_market1501.ts";
import { readPairs, type ReadPairsOptions } from "./read_pairs.ts";
import type { ReadContainerOptions } from "./read_record_file.ts";
import { readRfw } from "./read_rfw.ts";
import { readVerificationBins } from "./read_verification_bins.ts";
import {
  type Layout,
  LAYOUTS,
  manifestOf,
  recogniseLayout,
} from "./recognise_layout.ts";

/** Options of {@linkcode readDataset}. */
export interface ReadDatasetOptions
  extends ReadContainerOptions, ReadCuhk03ReleaseOptions, ReadPairsOptions {
  /** Name of the layout. @default recognised by the names in the folder */
  layout?: Layout;
}

/**
 * Lists the images of a data set: names and structure, nothing is decoded.
 *
 * @param path Folder, or a file that is a data set.
 * @param options Layout, and what single layouts have options for.
 * @returns Images, pairs where the data set has them, what was left out, and the sentence that names the protocol.
 * @throws {RangeError} If the layout is not known, or lacks a part.
 * @throws {SyntaxError} If a file of it cannot be parsed.
 * @throws {DOMException} `AbortError`, if the signal stops it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readDataset } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/ada`);
 * await Deno.writeTextFile(`${folder}/ada/1.jpg`, "");
 * const { layout, records } = await readDataset(folder);
 * assertEquals([layout, records.length], ["folder", 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readDataset(
  path: string,
  options: ReadDatasetOptions = {},
): Promise<Dataset> {
  const root = path.replace(/(?<=.)\/+$/, "");
  const { layout = await recogniseLayout(root) } = options;
  checkOneOf(
    "read a data set",
    "layout",
    layout,
    Object.keys(LAYOUTS) as Layout[],
  );
  return await readers[layout](root, options);
}

const readers: {
  readonly [layout in Layout]: (
    path: string,
    options: ReadDatasetOptions,
  ) => Promise<Dataset>;
} = {
  market1501: readMarket1501,
  cuhk03: async (path, options) => {
    const { files } = await listFolder(path);
    return files.includes("cuhk-03.mat")
      ? await readCuhk03Release(path, options)
      : await readCuhk03(path, options);
  },
  casia: readCasia,
  rfw: readRfw,
  pairs: readPairs,
  bin: readVerificationBins,
  manifest: async (path) => {
    if (/\.(csv|parquet|jsonl)$/i.test(path)) return await readManifest(path);
    const name = manifestOf((await listFolder(path)).files);
    if (name !== undefined) return await readManifest(`${path}/${name}`);
    throw new RangeError(
      `Cannot read a manifest as '${path}' must hold ${LAYOUTS.manifest}: current value is one without`,
    );
  },
  folder: readFolder,
};
