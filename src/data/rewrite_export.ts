/**
 * An exported data set without some of its images.
 *
 * @module
 */
import { dirname } from "node:path/posix";
import { recountedCard } from "./dataset_card.ts";
import type { ExportLayout, ImageFileType } from "./export_layout.ts";
import type { ExportedDatasetFolder, ExportedRow } from "./exported_dataset.ts";
import { linkFolder } from "./link_folder.ts";
import { recordIoLayout } from "./record_io_layout.ts";
import type { ManifestRow } from "./synthetic_image.ts";
import { webDatasetLayout } from "./web_dataset.ts";
import { writeManifest } from "./write_manifest.ts";

/** Options of {@linkcode rewriteExport}. */
export interface RewriteExportOptions {
  /** Where to: nothing there, or an empty folder, on the same disk. */
  out: string;
  /** Whether an image stays. */
  isKept: (row: ExportedRow) => boolean;
  /** One sentence for the card on what was withdrawn. */
  note: string;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
}

/** Files that are written anew. */
const WRITTEN = ["manifest.jsonl", "manifest.parquet", "README.md"];
const CONTAINERS = /^(shard-\d+\.tar|train\.(rec|idx|lst)|property)$/;

/**
 * Writes a data set again without some of its images, in the same layout: image files are linked, not copied; tar shards
 * and record files are packed anew; manifests and the card are made anew.
 *
 * Labels stay as they are, so that a label keeps its meaning for whoever has trained on the set; that of an identity
 * without images is not used again.
 *
 * @param set The data set, opened.
 * @param options Where to, and what stays.
 * @returns What is left.
 * @throws {RangeError} If nothing is left.
 * @throws {SyntaxError} If a line of the manifest lacks label, number or size.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exportDataset, folderLayout, openExported, rewriteExport } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * const pixels = new Float32Array(8 * 8 * 3);
 * const grey = (identity: string) => ({ identity, number: 0, pixels, height: 8, width: 8 });
 * await exportDataset([grey("ada"), grey("bob")], {
 *   out: `${folder}/all`,
 *   layout: folderLayout(),
 *   identities: ["ada", "bob"],
 *   provenance: { description: "Grey" },
 *   description: { protocol: "Left grey.", licence: "CC0-1.0", chain: [] },
 * });
 * const rows = await rewriteExport(await openExported(`${folder}/all`), {
 *   out: `${folder}/some`,
 *   isKept: ({ identity }) => identity !== "ada",
 *   note: "An image was withdrawn.",
 * });
 * assertEquals(rows.map(({ path }) => path), ["bob/00000.png"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function rewriteExport(
  set: ExportedDatasetFolder,
  options: RewriteExportOptions,
): Promise<ExportedRow[]> {
  const { out, isKept, note, signal } = options;
  const { folder, storage } = set;
  const rows = set.rows.filter(isKept);
  if (rows.length === 0) {
    throw new RangeError(
      `Cannot withdraw images as '${folder}' must hold others, too: current value is a set of which nothing would be left, to be removed whole`,
    );
  }
  signal?.throwIfAborted();
  const gone = new Set(
    set.rows.filter((row) => !isKept(row)).map(({ path }) => path),
  );
  if (storage === "run") {
    await linkFolder(
      folder,
      out,
      (path) => path !== "manifest.json" && !gone.has(path),
    );
    await rewriteList(folder, out, rows);
    return rows;
  }
  const whole = rows.map(wholeRow);
  const isPacked = storage !== "files";
  await linkFolder(
    folder,
    out,
    (path) =>
      !WRITTEN.includes(path) && !gone.has(path) &&
      !(isPacked && CONTAINERS.test(path)),
  );
  const listed = isPacked ? await repack(set, whole, options) : whole;
  const manifest = await writeManifest(out, listed);
  const card = await Deno.readTextFile(`${folder}/README.md`).catch(() => "");
  await Deno.writeTextFile(
    `${out}/README.md`,
    recountedCard(card, { rows: whole, manifest }, note),
  );
  return listed;
}

async function rewriteList(
  folder: string,
  out: string,
  rows: readonly ExportedRow[],
): Promise<void> {
  const list = JSON.parse(await Deno.readTextFile(`${folder}/manifest.json`));
  const kept = new Set(rows.map(({ path }) => path));
  const images = list.images.filter(({ path }: ExportedRow) => kept.has(path));
  await Deno.writeTextFile(
    `${out}/manifest.json`,
    JSON.stringify({ ...list, count: images.length, images }, null, 2) + "\n",
  );
}

/** Takes the images out of their containers, and packs those that stay. */
async function repack(
  set: ExportedDatasetFolder,
  rows: ManifestRow[],
  { out, signal }: RewriteExportOptions,
): Promise<ManifestRow[]> {
  const { storage, folder } = set;
  const wanted = new Map(rows.map((row) => [row.path, row]));
  const layout = storage === "recordio"
    ? recordIoLayout()
    : webDatasetLayout({ shards: await countShards(folder, rows.length) });
  const images = `${out}.images`;
  const unpacked = new Map<string, ManifestRow>();
  try {
    for await (const { path, bytes } of set.stored()) {
      signal?.throwIfAborted();
      const row = wanted.get(path);
      if (row === undefined) continue;
      const own = { ...row, path: pathIn(layout, row, bytes) };
      const target = `${images}/${own.path}`;
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.writeFile(target, bytes);
      unpacked.set(path, own);
    }
    const missing = rows.find(({ path }) => !unpacked.has(path));
    if (missing !== undefined) {
      throw new RangeError(
        `Cannot withdraw images as '${folder}' must hold all that its manifest lists: current value is one without ${missing.path}`,
      );
    }
    const packed = rows.map(({ path }) => unpacked.get(path)!);
    return await layout.pack!(packed, images, out);
  } finally {
    await Deno.remove(images, { recursive: true }).catch(() => {});
  }
}

/** What the layout calls an image, whose type its first bytes tell. */
function pathIn(
  layout: ExportLayout,
  row: ManifestRow,
  bytes: Uint8Array,
): string {
  const type: ImageFileType = bytes[0] === 0xff
    ? "jpeg"
    : bytes[0] === 0x89
    ? "png"
    : "webp";
  return layout.path(row, type);
}

async function countShards(folder: string, most: number): Promise<number> {
  let count = 0;
  for await (const { name } of Deno.readDir(folder)) {
    if (/^shard-\d+\.tar$/.test(name)) count++;
  }
  return Math.max(1, Math.min(count, most));
}

function wholeRow(row: ExportedRow): ManifestRow {
  const { label, number, height, width } = row;
  if ([label, number, height, width].every(Number.isInteger)) {
    return row as ManifestRow;
  }
  throw new SyntaxError(
    `Cannot withdraw images as the manifest must tell label, number, height and width of each: current value is ${row.path} without`,
  );
}
