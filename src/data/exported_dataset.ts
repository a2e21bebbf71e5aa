/**
 * Exported data sets, read back: what the manifest lists, and what is really stored.
 *
 * @module
 */
import { createTarDecoder } from "modern-tar";
import { digestBytes } from "../core/mod.ts";
import {
  parseLabelledRecord,
  parseRecordIndex,
  readRecord,
} from "../io/mod.ts";
import { isImageName, listFolder } from "./list_folder.ts";
import { readDataFile } from "./read_data_file.ts";
import type { ManifestRow } from "./synthetic_image.ts";

/** A line of a manifest; that of a run knows less than that of an export. */
export type ExportedRow =
  & Pick<ManifestRow, "path" | "identity">
  & Partial<ManifestRow>;

/** An image as it is stored. */
export interface StoredImage {
  /** What the manifest calls it. */
  path: string;
  /** Content of the image file. */
  bytes: Uint8Array;
  /** What its container says of it. @default nothing */
  label?: number;
  /** The line that lies beside it, of a WebDataset. @default none */
  row?: ExportedRow;
}

/** A data set that was exported, or the synthetic images of a run. */
export interface ExportedDatasetFolder {
  /** Folder that the paths start from. */
  folder: string;
  /** How images are stored: as files, in tar shards, in a record file; `"run"` are the files of a run. */
  storage: "files" | "webdataset" | "recordio" | "run";
  /** What the manifest lists. */
  rows: ExportedRow[];
  /** SHA-256 of the manifest. */
  manifest: string;
  /** What the card says it is; absent where there is no card. */
  statedManifest?: string;
  /** All images that are stored, listed or not, one after the other. */
  stored: () => AsyncGenerator<StoredImage>;
}

const ACT = "read an export";

/**
 * Opens what `exportDataset` has written, in any layout, or what a run holds in `synthetic/`.
 *
 * @param path The data set; or a run directory, or its `synthetic` folder.
 * @returns Manifest and images.
 * @throws {RangeError} If there is no such folder, or it has no manifest.
 * @throws {SyntaxError} If the manifest is of another kind, or leads out of the folder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exportDataset, folderLayout, openExported } from "@outis/outis/data";
 *
 * const out = `${await Deno.makeTempDir()}/nobody`;
 * const pixels = new Float32Array(8 * 8 * 3);
 * await exportDataset([{ identity: "ada", number: 0, pixels, height: 8, width: 8 }], {
 *   out,
 *   layout: folderLayout(),
 *   identities: ["ada"],
 *   provenance: { description: "Grey" },
 *   description: { protocol: "Left grey.", licence: "CC0-1.0", chain: [] },
 * });
 * const { storage, rows } = await openExported(out);
 * assertEquals([storage, rows[0].path], ["files", "ada/00000.png"]);
 * await Deno.remove(out, { recursive: true });
 * ```
 */
export async function openExported(
  path: string,
): Promise<ExportedDatasetFolder> {
  const root = path.replace(/(?<=.)\/+$/, "");
  const { files, folders } = await listFolder(root);
  if (files.includes("manifest.jsonl")) return await openExport(root, files);
  const isRun = !files.includes("manifest.json") ||
    folders.includes("synthetic");
  const folder = isRun && folders.includes("synthetic")
    ? `${root}/synthetic`
    : root;
  const there = folder === root ? files : (await listFolder(folder)).files;
  if (!there.includes("manifest.json")) {
    throw new RangeError(
      `Cannot ${ACT} as '${path}' must hold manifest.jsonl, or a run's synthetic/manifest.json: current value is a folder without`,
    );
  }
  const file = `${folder}/manifest.json`;
  const bytes = await readDataFile(ACT, file);
  return {
    folder,
    storage: "run",
    rows: rowsOfRun(file, decode(bytes)),
    manifest: digestBytes(bytes),
    // Names in a run need no ending.
    stored: () => storedFiles(folder, (name) => name !== "manifest.json"),
  };
}

async function openExport(
  folder: string,
  files: readonly string[],
): Promise<ExportedDatasetFolder> {
  const file = `${folder}/manifest.jsonl`;
  const bytes = await readDataFile(ACT, file);
  const lines = decode(bytes).split("\n").filter((line) => line !== "");
  const rows = lines.map((line, i) => {
    const row = parsed(line);
    checkRow(row, `line ${i + 1} of '${file}'`);
    if (!/^[0-9a-f]{64}$/.test(row.sha256 ?? "")) {
      throw malformed(`line ${i + 1} of '${file}'`, "one with a SHA-256", line);
    }
    return row;
  });
  const shards = files.filter((name) => /^shard-\d+\.tar$/.test(name));
  const isRecords = rows.some(({ path }) => path.includes("#"));
  const card = files.includes("README.md")
    ? decode(await readDataFile(ACT, `${folder}/README.md`))
    : "";
  const statedManifest = /`manifest\.jsonl`: SHA-256 ([0-9a-f]{64})/
    .exec(card)?.[1];
  return {
    folder,
    rows,
    manifest: digestBytes(bytes),
    ...(statedManifest === undefined ? {} : { statedManifest }),
    ...(isRecords
      ? { storage: "recordio", stored: () => storedRecords(folder) }
      : shards.length > 0
      ? { storage: "webdataset", stored: () => storedSamples(folder, shards) }
      : { storage: "files", stored: () => storedFiles(folder, isImageName) }),
  };
}

/** The list of a run: JSON with `images`. */
function rowsOfRun(file: string, text: string): ExportedRow[] {
  const list = parsed(text) as {
    schema?: unknown;
    seed?: unknown;
    images?: unknown;
  };
  if (list?.schema !== 1 || !Array.isArray(list.images)) {
    throw malformed(
      `'${file}'`,
      "a list of images of schema 1",
      text.slice(0, 60),
    );
  }
  const seed = typeof list.seed === "number" ? { seed: list.seed } : {};
  return list.images.map((row, i) => {
    checkRow(row, `image ${i} of '${file}'`);
    return { ...seed, ...row };
  });
}

function parsed(text: string): ExportedRow {
  try {
    return JSON.parse(text);
  } catch {
    return undefined as unknown as ExportedRow; // refused by the caller's check
  }
}

function checkRow(row: ExportedRow | undefined, place: string): void {
  const isRow = typeof row?.path === "string" && row.path !== "" &&
    typeof row.identity === "string";
  if (!isRow) {
    throw malformed(place, "one with path and identity", JSON.stringify(row));
  }
  if (row.path.split(/[\\/]/).some((name) => ["", ".", ".."].includes(name))) {
    throw malformed(place, "a path inside the folder", row.path);
  }
}

async function* storedFiles(
  root: string,
  isImage: (name: string) => boolean,
  within = "",
): AsyncGenerator<StoredImage> {
  const { files, folders } = await listFolder(`${root}/${within}`);
  for (const name of files) {
    if (!isImage(name)) continue;
    const path = within + name;
    yield { path, bytes: await readDataFile(ACT, `${root}/${path}`) };
  }
  for (const name of folders) {
    yield* storedFiles(root, isImage, `${within}${name}/`);
  }
}

/** Image, label and line of a sample follow one another in a shard. */
async function* storedSamples(
  folder: string,
  shards: readonly string[],
): AsyncGenerator<StoredImage> {
  for (const shard of shards) {
    const file = await Deno.open(`${folder}/${shard}`);
    let image: StoredImage | undefined;
    const entries = file.readable.pipeThrough(createTarDecoder());
    try {
      for await (const { header: { name }, body } of entries) {
        const bytes = new Uint8Array(await new Response(body).arrayBuffer());
        if (isImageName(name)) {
          if (image !== undefined) yield image;
          image = { path: name, bytes };
        } else if (image !== undefined && isBeside(name, image.path)) {
          const text = decode(bytes);
          if (name.endsWith(".cls")) image.label = Number(text);
          if (name.endsWith(".json")) image.row = parsed(text);
        }
      }
    } catch (error) {
      throw malformed(`'${shard}'`, "a whole tar file", `${error}`);
    }
    if (image !== undefined) yield image;
  }
}

function isBeside(name: string, image: string): boolean {
  const stem = (path: string) => path.slice(0, path.lastIndexOf("."));
  return stem(name) === stem(image);
}

/** Records with an image; what describes identities has none. */
async function* storedRecords(folder: string): AsyncGenerator<StoredImage> {
  const index = decode(await readDataFile(ACT, `${folder}/train.idx`));
  using file = await Deno.open(`${folder}/train.rec`);
  for (const { key, offset } of parseRecordIndex(index, "train.idx")) {
    const { label, content } = parseLabelledRecord(
      readRecord(file, offset).content,
    );
    if (content.length === 0) continue;
    yield { path: `train.rec#${key}`, bytes: content, label: label[0] };
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function malformed(place: string, rule: string, value: string): SyntaxError {
  return new SyntaxError(
    `Cannot ${ACT} as ${place} must be ${rule}: current value is ${
      value?.slice(0, 80)
    }`,
  );
}
