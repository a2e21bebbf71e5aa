/**
 * The list of a data set's images, for programs.
 *
 * @module
 */
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { digestBytes } from "../core/mod.ts";
import type { ManifestRow } from "./synthetic_image.ts";

/**
 * Writes `manifest.jsonl`, a JSON object a line, and the same as `manifest.parquet`.
 *
 * Columns: path, identity, label, number, height, width, sha256, and, where known, camera, seed, utility, parents (a JSON
 * list) and `reward_<name>` for each reward, which JSON holds as the record `rewards`.
 *
 * @param folder Where to.
 * @param rows Images.
 * @returns SHA-256 of `manifest.jsonl`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readManifest, writeManifest } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/1.png`, "");
 * const size = { height: 8, width: 8 };
 * const sha256 = "0".repeat(64);
 * await writeManifest(folder, [
 *   { path: "1.png", identity: "ada", label: 0, number: 0, ...size, sha256 },
 * ]);
 * const { records } = await readManifest(`${folder}/manifest.parquet`);
 * assertEquals(records[0].identity, "ada");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeManifest(
  folder: string,
  rows: readonly ManifestRow[],
): Promise<string> {
  const lines = rows.map((row) => JSON.stringify(row) + "\n").join("");
  await Deno.writeTextFile(`${folder}/manifest.jsonl`, lines);
  const rewards = new Set(
    rows.flatMap(({ rewards }) => Object.keys(rewards ?? {})),
  );
  const column = (
    name: string,
    type: ColumnSource["type"],
    value: (row: ManifestRow) => unknown,
  ): ColumnSource => ({
    name,
    type,
    data: rows.map((row) => value(row) ?? null),
    nullable: true,
  });
  const columns = [
    column("path", "STRING", ({ path }) => path),
    column("identity", "STRING", ({ identity }) => identity),
    column("label", "INT32", ({ label }) => label),
    column("number", "INT32", ({ number }) => number),
    column("height", "INT32", ({ height }) => height),
    column("width", "INT32", ({ width }) => width),
    column("sha256", "STRING", ({ sha256 }) => sha256),
    column("camera", "INT32", ({ camera }) => camera),
    // DOUBLE holds every seed, which is below 2^53, and is a plain number in every reader.
    column("seed", "DOUBLE", ({ seed }) => seed),
    column("utility", "DOUBLE", ({ utility }) => utility),
    column("parents", "JSON", ({ parents }) => parents),
    ...Array.from(
      rewards,
      (name) =>
        column(`reward_${name}`, "DOUBLE", ({ rewards }) => rewards?.[name]),
    ),
  ].filter(({ data }) => Array.from(data).some((value) => value !== null));
  await Deno.writeFile(
    `${folder}/manifest.parquet`,
    new Uint8Array(parquetWriteBuffer({ columnData: columns })),
  );
  return digestBytes(lines);
}
