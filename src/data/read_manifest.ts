/**
 * A table of images: CSV, Parquet or JSON lines.
 *
 * @module
 */
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { dirname, isAbsolute, normalize } from "node:path/posix";
import type { Dataset, ImageRecord } from "./image_record.ts";
import { listFolder } from "./list_folder.ts";
import { readDataFile } from "./read_data_file.ts";

type Row = { readonly [column: string]: unknown };

/**
 * Lists the images of a manifest: columns `path` and `identity`, perhaps `camera`, `group` and `split`; others are left
 * alone. Paths start from the manifest's folder unless they are absolute.
 *
 * @param path File that ends in `.csv`, `.parquet` or `.jsonl`.
 * @returns Images, sorted by split, identity and path. Rows without path or identity, with a camera that is no whole
 *   number, with the path of an earlier row, or of an image that is not there are left out and named in `problems`.
 * @throws {RangeError} If there is no such file, a column is missing, or no row is left.
 * @throws {SyntaxError} If it cannot be parsed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readManifest } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/1.jpg`, "");
 * const table = "path,identity,camera\n1.jpg,ada,2\n";
 * await Deno.writeTextFile(`${folder}/manifest.csv`, table);
 * const { records } = await readManifest(`${folder}/manifest.csv`);
 * assertEquals([records[0].identity, records[0].camera], ["ada", 2]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readManifest(path: string): Promise<Dataset> {
  const rows = await readRows(path);
  const columns = new Set(rows.flatMap((row) => Object.keys(row)));
  const missing = ["path", "identity"].filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new RangeError(
      `Cannot read a manifest as '${path}' must have rows with path and identity: current value is one with ${
        [...columns].slice(0, 20).join(", ") || "no rows"
      }`,
    );
  }
  const folder = dirname(path);
  const exists = fileFinder();
  const problems: string[] = [];
  const rowOf = new Map<string, number>();
  const records: ImageRecord[] = [];
  for (const [i, row] of rows.entries()) {
    const record = recordOf(row, folder);
    const problem = typeof record === "string"
      ? record
      : rowOf.has(record.path)
      ? `${record.path} is in row ${rowOf.get(record.path)}, too`
      : !await exists(record.path)
      ? `there is no ${record.path}`
      : undefined;
    if (problem !== undefined) {
      problems.push(`Row ${i + 1} of ${path} is left out: ${problem}`);
    } else {
      rowOf.set((record as ImageRecord).path, i + 1);
      records.push(record as ImageRecord);
    }
  }
  if (records.length === 0) {
    throw new RangeError(
      `Cannot read a manifest as '${path}' must name images that are there: current value is one without (${
        problems[0]
      })`,
    );
  }
  records.sort((a, b) =>
    compare(a.split ?? "", b.split ?? "") || compare(a.identity, b.identity) ||
    compare(a.path, b.path)
  );
  return {
    layout: "manifest",
    protocol: `Images as listed in ${path.slice(path.lastIndexOf("/") + 1)}.`,
    records,
    problems,
  };
}

function recordOf(row: Row, folder: string): ImageRecord | string {
  const file = textOf(row.path);
  const identity = textOf(row.identity);
  const camera = textOf(row.camera);
  const group = textOf(row.group);
  const split = textOf(row.split);
  if (file === undefined || file.includes("\0")) return "it has no path";
  if (identity === undefined) return `${file} has no identity`;
  if (camera !== undefined && !/^\d{1,9}(\.0*)?$/.test(camera)) {
    return `${file} has camera ${camera}, which is no whole number`;
  }
  return {
    path: isAbsolute(file) ? normalize(file) : normalize(`${folder}/${file}`),
    identity,
    ...(camera === undefined ? {} : { camera: Number(camera) }),
    ...(group === undefined ? {} : { group }),
    ...(split === undefined ? {} : { split }),
  };
}

/** What a cell says; undefined where it says nothing, or holds a list. */
function textOf(cell: unknown): string | undefined {
  const plain = typeof cell === "string" || typeof cell === "bigint" ||
    (typeof cell === "number" && Number.isFinite(cell));
  const text = plain ? String(cell).trim() : "";
  return text === "" ? undefined : text;
}

async function readRows(path: string): Promise<Row[]> {
  const bytes = await readDataFile("read a manifest", path);
  const text = () => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  try {
    if (/\.parquet$/i.test(path)) {
      const rows = await parquetReadObjects({
        file: bytes.buffer,
        compressors,
      });
      return rows as Row[];
    }
    if (/\.jsonl$/i.test(path)) {
      const lines = text().split(/\r?\n/).filter((line) => line.trim() !== "");
      return lines.map((line) => Object(JSON.parse(line)));
    }
    return parse(text(), { bom: true, columns: true, skip_empty_lines: true });
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read a manifest as '${path}' must be CSV, Parquet or JSON lines, as its name says: current value is another kind (${
        (cause as Error).message
      })`,
      { cause },
    );
  }
}

/** Tells whether files exist; looks at each folder once. */
function fileFinder(): (path: string) => Promise<boolean> {
  const folders = new Map<string, Set<string>>();
  return async (path) => {
    const folder = dirname(path);
    let names = folders.get(folder);
    if (names === undefined) {
      const content = await listFolder(folder).catch(() => ({ files: [] }));
      names = new Set(content.files);
      folders.set(folder, names);
    }
    return names.has(path.slice(path.lastIndexOf("/") + 1));
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
