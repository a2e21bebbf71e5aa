/**
 * Synthetic images to a data set anybody can use.
 *
 * @module
 */
import { checkOneOf, checkRange, digestBytes } from "../core/mod.ts";
import {
  encodeJpeg,
  encodePng,
  encodeWebp,
  type Provenance,
} from "../io/mod.ts";
import { datasetCard, type DatasetDescription } from "./dataset_card.ts";
import { type ExportFolder, openExportFolder } from "./export_folder.ts";
import type { ExportLayout, ImageFileType } from "./export_layout.ts";
import type { ManifestRow, SyntheticImage } from "./synthetic_image.ts";
import { writeManifest } from "./write_manifest.ts";

/** Images one after the other. */
export type SyntheticImages =
  | Iterable<SyntheticImage>
  | AsyncIterable<SyntheticImage>;

/** Options of {@linkcode exportDataset}. */
export interface ExportDatasetOptions {
  /** Where to: nothing there yet, or an empty folder. */
  out: string;
  /** How it is laid out: `folderLayout()`, `webDatasetLayout()` and so on. */
  layout: ExportLayout;
  /** Names of all identities: the place of one in here is its label. */
  identities: readonly string[];
  /** Type of the image files. @default the layout's usual one */
  fileType?: ImageFileType;
  /** Quality of JPEG and WebP files, 1 to 100. @default 90 */
  quality?: number;
  /** Written into every image file, with its seed and identity. */
  provenance: Omit<Provenance, "seed" | "label">;
  /** What the card says. */
  description: DatasetDescription;
  /** Number of images, for `onProgress`. @default 0: not known */
  total?: number;
  /** Called after each image, those of an earlier attempt included. */
  onProgress?: (done: number, total: number) => void;
  /** Stops; the same call goes on from there. */
  signal?: AbortSignal;
}

/** What was exported. */
export interface ExportedDataset {
  /** Number of images. */
  count: number;
  /** SHA-256 of `manifest.jsonl`. */
  manifest: string;
}

/** Names that files of the data set have. */
const TAKEN = ["readme.md", "manifest.jsonl", "manifest.parquet"];
/** Bytes that file systems allow a name. */
const LONGEST_NAME = 255;
/** Images encoded at the same time. */
const IN_FLIGHT = 4;

/**
 * Writes a data set: image files with their provenance, or containers of them; `manifest.jsonl` and `manifest.parquet`;
 * and a card, `README.md`.
 *
 * The folder appears when all is in it, and not before: until then the work is in `<out>.partial`. Called again after an
 * interruption, it goes on there: images that are written and whole are neither encoded again nor, where `images` is a
 * function, asked for. The result does not depend on the order of the images nor on how often it was interrupted.
 *
 * @param images The images, or a function that is told which are done and need not be made.
 * @param options Where to and how.
 * @returns Number of images, and a fingerprint.
 * @throws {RangeError} If `out` is not free, an identity is unknown, its name is none for a folder, an image comes twice,
 *   there is none, or the layout has no place for them.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exportDataset, folderLayout, readDataset } from "@outis/outis/data";
 *
 * const out = `${await Deno.makeTempDir()}/nobody`;
 * const pixels = new Float32Array(8 * 8 * 3);
 * await exportDataset(
 *   [{ identity: "ada", number: 0, pixels, height: 8, width: 8, seed: 1 }],
 *   {
 *     out,
 *     layout: folderLayout(),
 *     identities: ["ada"],
 *     provenance: { description: "Grey", generator: "an example" },
 *     description: { protocol: "Left grey.", licence: "CC0-1.0", chain: [] },
 *   },
 * );
 * assertEquals((await readDataset(out)).records.length, 1);
 * await Deno.remove(out, { recursive: true });
 * ```
 */
export async function exportDataset(
  images:
    | SyntheticImages
    | ((
      isDone: (identity: string, number: number) => boolean,
    ) => SyntheticImages),
  options: ExportDatasetOptions,
): Promise<ExportedDataset> {
  const { out, layout, identities, description, signal } = options;
  const { fileType = layout.fileTypes[0], quality = 90, total = 0 } = options;
  const act = "export images";
  checkOneOf(act, "fileType", fileType, layout.fileTypes);
  checkRange(act, "quality", quality, { min: 1, max: 100, integer: true });
  const labels = labelNames(identities, layout);
  signal?.throwIfAborted();
  using folder = await openExportFolder(out, {
    packed: layout.pack !== undefined,
    configuration: {
      layout: layout.name,
      fileType,
      quality,
      identities: digestBytes(JSON.stringify(identities)),
      provenance: options.provenance,
      description,
    },
  });
  const rows = new Map(folder.done.map((row) => [keyOf(row), row]));
  const isDone = (identity: string, number: number) =>
    rows.has(keyOf({ identity, number }));
  options.onProgress?.(rows.size, total);

  const encode = encoder({ fileType, quality, ...options });
  const write = async (image: SyntheticImage) => {
    const row = rowOf(image, labels);
    const path = layout.path(row, fileType);
    const bytes = await encode(image);
    // As it will be read from the journal: there is no -0 in JSON, nor an undefined.
    const whole = JSON.parse(
      JSON.stringify({ ...row, path, sha256: digestBytes(bytes) }),
    ) as ManifestRow;
    await folder.add(whole, bytes);
    rows.set(keyOf(whole), whole);
    options.onProgress?.(rows.size, total);
  };
  const source = typeof images === "function" ? images(isDone) : images;
  await forEachBounded(unwritten(source, isDone), write, signal);
  if (rows.size === 0) {
    throw new RangeError(
      "Cannot export images as 'images' must be at least one: current value is none",
    );
  }
  const sorted = [...rows.values()].sort((a, b) =>
    a.label - b.label || a.number - b.number
  );
  const manifest = await finish(folder, sorted, { layout, description });
  signal?.throwIfAborted();
  await folder.publish();
  return { count: sorted.length, manifest };
}

async function finish(
  { images, dataset }: ExportFolder,
  rows: ManifestRow[],
  { layout, description }: Pick<
    ExportDatasetOptions,
    "layout" | "description"
  >,
): Promise<string> {
  const listed = await layout.pack?.(rows, images, dataset) ?? rows;
  for (const name of layout.folders ?? []) {
    await Deno.mkdir(`${dataset}/${name}`, { recursive: true });
  }
  const manifest = await writeManifest(dataset, listed);
  const card = datasetCard(description, { rows, layout, manifest });
  await Deno.writeTextFile(`${dataset}/README.md`, card);
  return manifest;
}

function labelNames(
  identities: readonly string[],
  { name, mostIdentities = Infinity }: ExportLayout,
): Map<string, number> {
  if (identities.length > mostIdentities) {
    refuse(
      "identities",
      `at most ${mostIdentities} in the layout of ${name}`,
      `${identities.length}`,
    );
  }
  const labels = new Map(identities.map((name, label) => [name, label]));
  if (labels.size < identities.length) {
    const twice = identities.find((name, i) => labels.get(name) !== i);
    refuse("identities", "without repetition", `${twice} twice`);
  }
  for (const name of identities) {
    // deno-lint-ignore no-control-regex
    const isOdd = /[/\\\u0000-\u001f]|^\.*$/.test(name) ||
      !name.isWellFormed() || TAKEN.includes(name.toLowerCase()) ||
      new TextEncoder().encode(name).length > LONGEST_NAME;
    if (isOdd) refuse("identities", "names for folders", JSON.stringify(name));
  }
  return labels;
}

function rowOf(
  image: SyntheticImage,
  labels: ReadonlyMap<string, number>,
): Omit<ManifestRow, "path" | "sha256"> {
  const { pixels: _, ...rest } = image;
  const label = labels.get(image.identity);
  if (label === undefined) {
    refuse("identity", "one of 'identities'", image.identity);
  }
  checkRange("export images", "number", image.number, {
    min: 0,
    integer: true,
  });
  return { ...rest, label };
}

type Encode = (image: SyntheticImage) => Promise<Uint8Array>;

function encoder(
  { fileType, quality, provenance }: Pick<
    Required<ExportDatasetOptions>,
    "fileType" | "quality" | "provenance"
  >,
): Encode {
  return (image) => {
    const { seed, identity: label } = image;
    const options = { quality, synthetic: { ...provenance, seed, label } };
    if (fileType === "png") return encodePng(image, options);
    return (fileType === "jpeg" ? encodeJpeg : encodeWebp)(image, options);
  };
}

// What is left to do; an image that comes twice is refused rather than overwritten.
async function* unwritten(
  images: SyntheticImages,
  isDone: (identity: string, number: number) => boolean,
): AsyncGenerator<SyntheticImage> {
  const seen = new Set<string>();
  for await (const image of images) {
    const key = keyOf(image);
    if (seen.has(key)) {
      refuse(
        "images",
        "different from each other",
        `${image.identity}, number ${image.number}, twice`,
      );
    }
    seen.add(key);
    if (!isDone(image.identity, image.number)) yield image;
  }
}

// Some at the same time; the first failure ends it, after those under way.
async function forEachBounded<T>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      const task: Promise<void> = work(item)
        .catch((error) => void failures.push(error))
        .finally(() => underWay.delete(task));
      underWay.add(task);
      if (underWay.size >= IN_FLIGHT) await Promise.race(underWay);
      if (failures.length > 0) break;
      signal?.throwIfAborted();
    }
  } finally {
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
}

function keyOf({ identity, number }: { identity: string; number: number }) {
  return `${number}/${identity}`;
}

function refuse(name: string, rule: string, value: string): never {
  throw new RangeError(
    `Cannot export images as '${name}' must be ${rule}: current value is ${value}`,
  );
}
