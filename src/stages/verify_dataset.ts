/**
 * Whether a data set is what its manifest says, image by image.
 *
 * @module
 */
import { digestBytes } from "../core/mod.ts";
import {
  type ExportedDatasetFolder,
  type ExportedRow,
  openExported,
  type StoredImage,
} from "../data/mod.ts";
import { type FoundProvenance, readProvenance } from "../io/mod.ts";

/**
 * What does not hold of an image: it is listed and not there, there and not listed, not the one that was listed, without
 * the mark of its origin, or with that of another; or its manifest has no hash to check.
 */
export type DatasetFault =
  | "missing"
  | "extra"
  | "altered"
  | "stripped"
  | "contradictory"
  | "unhashed";

/** One thing that does not hold. */
export interface DatasetFinding {
  /** Image, as the manifest calls it; or a file of the data set. */
  path: string;
  /** What kind of thing. */
  fault: DatasetFault;
  /** What exactly, in a few words. */
  reason: string;
}

/** What {@linkcode verifyDataset} found. */
export interface VerifiedDataset {
  /** Whether everything holds. */
  passed: boolean;
  /** How the images are stored. */
  storage: ExportedDatasetFolder["storage"];
  /** Images that the manifest lists. */
  listed: number;
  /** Images that are stored. */
  stored: number;
  /** Images of which everything holds. */
  verified: number;
  /** How often each kind of fault was found. */
  counts: { [fault in DatasetFault]: number };
  /** Everything that does not hold, by path. */
  findings: DatasetFinding[];
  /** SHA-256 of the manifest. */
  manifest: string;
  /** What was read of the images' origin: generators and runs, and how many images say so. */
  origins: { generator?: string; run?: string; images: number }[];
}

/** Options of {@linkcode verifyDataset}. */
export interface VerifyDatasetOptions {
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal;
  /** Called after each image, with their number, and how many are listed. */
  onStep?: (done: number, total: number) => void;
}

/** Images between two looks at the signal. */
const STRIDE = 64;

/**
 * Reads every image of a data set back and checks it: against the hash, label and line of the manifest; and its XMP,
 * which must say that a trained algorithm made it, by what, of which identity and from which seed. The card's hash of the
 * manifest is checked, too.
 *
 * One image is in memory at a time. A manifest that was changed together with the card is not found out: keep the hash of
 * the manifest elsewhere, and compare it with `manifest`.
 *
 * @param path An export in any layout, a run directory, or its `synthetic` folder.
 * @param options Progress and signal.
 * @returns What holds and what does not.
 * @throws {RangeError} If there is no such folder, or it has no manifest.
 * @throws {SyntaxError} If the manifest is of another kind.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exportImages, verifyDataset } from "@outis/outis/stages";
 * import { proceduralFaces } from "@outis/outis/world";
 *
 * const folder = await Deno.makeTempDir();
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 16 });
 * await exportImages(faces, folder, {
 *   description: "A procedural face",
 *   manifest: { seed: 0, generator: "procedural" },
 * });
 * assertEquals((await verifyDataset(folder)).passed, true);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function verifyDataset(
  path: string,
  options: VerifyDatasetOptions = {},
): Promise<VerifiedDataset> {
  const { signal, onStep } = options;
  const set = await openExported(path);
  const findings: DatasetFinding[] = [];
  const find = (path: string, fault: DatasetFault, reason: string) =>
    findings.push({ path, fault, reason });
  if (
    set.statedManifest !== undefined && set.statedManifest !== set.manifest
  ) {
    find("manifest.jsonl", "altered", "it is not the one the card tells of");
  }
  const rows = new Map<string, ExportedRow>();
  for (const row of set.rows) {
    if (rows.has(row.path)) find(row.path, "altered", "it is listed twice");
    rows.set(row.path, row);
  }
  const seen = new Set<string>();
  const origins = new Map<string, VerifiedDataset["origins"][number]>();
  let verified = 0;
  try {
    for await (const image of set.stored()) {
      if (seen.size % STRIDE === 0) {
        await new Promise((resolve) => setTimeout(resolve)); // lets an interruption in
        signal?.throwIfAborted();
      }
      const before = findings.length;
      if (seen.has(image.path)) find(image.path, "extra", "it is there twice");
      seen.add(image.path);
      onStep?.(seen.size, rows.size);
      const row = rows.get(image.path);
      if (row === undefined) {
        find(image.path, "extra", "the manifest does not list it");
        continue;
      }
      checkContent(image, row, find);
      const found = await checkOrigin(image, row, find);
      if (found !== undefined) {
        const { generator, run } = found;
        const key = JSON.stringify([generator, run]);
        const origin = origins.get(key) ?? { generator, run, images: 0 };
        origin.images++;
        origins.set(key, origin);
      }
      if (findings.length === before) verified++;
    }
  } catch (error) {
    // A container that breaks off: what is behind is missing, and said to be.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) {
      throw error;
    }
    find(set.folder, "altered", error.message);
  }
  for (const path of rows.keys()) {
    if (!seen.has(path)) find(path, "missing", "it is listed and not there");
  }
  const counts: VerifiedDataset["counts"] = {
    missing: 0,
    extra: 0,
    altered: 0,
    stripped: 0,
    contradictory: 0,
    unhashed: 0,
  };
  for (const { fault } of findings) counts[fault]++;
  return {
    passed: findings.length === 0,
    storage: set.storage,
    listed: rows.size,
    stored: seen.size,
    verified,
    counts,
    findings: findings.sort((a, b) =>
      a.path < b.path ? -1 : a.path > b.path ? 1 : 0
    ),
    manifest: set.manifest,
    origins: [...origins.values()].sort((a, b) => b.images - a.images),
  };
}

type Find = (path: string, fault: DatasetFault, reason: string) => void;

function checkContent(
  { path, bytes, label, row: beside }: StoredImage,
  row: ExportedRow,
  find: Find,
): void {
  if (row.sha256 === undefined) {
    find(path, "unhashed", "the manifest has no hash of it");
  } else if (digestBytes(bytes) !== row.sha256) {
    find(path, "altered", "its hash is not that of the manifest");
  }
  if (label !== undefined && row.label !== undefined && label !== row.label) {
    find(
      path,
      "altered",
      `its container gives it label ${label}, the manifest ${row.label}`,
    );
  }
  if (beside !== undefined && JSON.stringify(beside) !== JSON.stringify(row)) {
    find(path, "altered", "the line beside it is not that of the manifest");
  }
}

async function checkOrigin(
  { path, bytes }: StoredImage,
  row: ExportedRow,
  find: Find,
): Promise<FoundProvenance | undefined> {
  let found: FoundProvenance;
  try {
    found = await readProvenance(bytes);
  } catch {
    find(path, "stripped", "it cannot be read as an image");
    return undefined;
  }
  if (!found.isSynthetic) {
    find(
      path,
      "stripped",
      found.digitalSourceType === undefined
        ? "no digital source type says that it is synthetic"
        : `its digital source type is ${found.digitalSourceType}`,
    );
    return undefined;
  }
  for (
    const [name, wanted] of [
      ["label", row.identity],
      ["seed", row.seed],
    ] as const
  ) {
    const said = found[name];
    if (wanted === undefined) continue;
    if (said === undefined) find(path, "stripped", `it names no ${name}`);
    else if (said !== (name === "label" ? asWritten(`${wanted}`) : wanted)) {
      find(
        path,
        "contradictory",
        `it says ${name} ${said}, the manifest ${wanted}`,
      );
    }
  }
  if (found.generator === undefined) {
    find(path, "stripped", "it names no generator");
  }
  return found;
}

/** As a name stands in XMP, which has no place for control characters. */
function asWritten(name: string): string {
  return name
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\uFFFD")
    .trim();
}
