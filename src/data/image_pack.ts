/**
 * A file of many decoded images of one size, see `openImageCache`.
 *
 * "OUTISPX1", number of images (u32), bytes of each (u32), for each image the SHA-256 of its source and the CRC-32 of its
 * bytes, the CRC-32 of all this, then the bytes, image after image. All numbers are little endian.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { digestBytes } from "../core/mod.ts";

const MAGIC = "OUTISPX1";
const HEAD_BYTES = 16;
const ENTRY_BYTES = 36;

/** An image of a pack. */
export interface PackEntry {
  /** SHA-256 of its source, 64 hexadecimal digits. */
  hash: string;
  /** CRC-32 of its bytes. */
  crc: number;
  /** Where its bytes start in the file. */
  offset: number;
}

/** An open pack. */
export interface OpenPack {
  /** The file. To be closed by the caller. */
  file: Deno.FsFile;
  /** Bytes of each image. */
  length: number;
  /** What is in it. */
  entries: PackEntry[];
}

/**
 * Writes a pack, whole or not at all.
 *
 * @param folder Where to; must exist. A file that ends in `.partial` is used on the way.
 * @param images Bytes by the SHA-256 of their source; at least one, all of one length.
 * @returns Its path: the name is a fingerprint of what it lists.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { digestBytes } from "@outis/outis/core";
 * import { readPack, writePack } from "./image_pack.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const images = new Map([[digestBytes("a file"), new Uint8Array(3)]]);
 * const pack = readPack(await writePack(folder, images));
 * assert(pack?.entries.length === 1);
 * pack.file.close();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writePack(
  folder: string,
  images: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const [[, first]] = images;
  const index = new Uint8Array(HEAD_BYTES + ENTRY_BYTES * images.size + 4);
  const view = new DataView(index.buffer);
  index.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, images.size, true);
  view.setUint32(12, first.length, true);
  let at = HEAD_BYTES;
  for (const [hash, bytes] of images) {
    index.set(Uint8Array.fromHex(hash), at);
    view.setUint32(at + 32, crc32(bytes), true);
    at += ENTRY_BYTES;
  }
  view.setUint32(at, crc32(index.subarray(0, at)), true);
  const path = `${folder}/${digestBytes(index).slice(0, 32)}.pack`;
  const partial = await Deno.makeTempFile({ dir: folder, suffix: ".partial" });
  try {
    using file = await Deno.open(partial, { write: true });
    for (const bytes of [index, ...images.values()]) {
      for (let at = 0; at < bytes.length;) {
        at += await file.write(bytes.subarray(at));
      }
    }
    await file.sync();
  } catch (error) {
    await Deno.remove(partial);
    throw error;
  }
  await Deno.rename(partial, path);
  return path;
}

/**
 * Opens a pack and reads what it lists.
 *
 * @param path File.
 * @returns The pack; undefined if the file is damaged or no longer there.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { readPack } from "./image_pack.ts";
 *
 * assert(readPack("no-such.pack") === undefined);
 * ```
 */
export function readPack(path: string): OpenPack | undefined {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const listed = readEntries(file);
  if (listed === undefined) {
    file.close();
    return undefined;
  }
  return { file, ...listed };
}

function readEntries(file: Deno.FsFile): Omit<OpenPack, "file"> | undefined {
  const head = read(file, HEAD_BYTES);
  if (head === undefined) return undefined;
  if (new TextDecoder().decode(head.subarray(0, 8)) !== MAGIC) return undefined;
  const view = new DataView(head.buffer);
  const count = view.getUint32(8, true);
  const length = view.getUint32(12, true);
  const start = HEAD_BYTES + ENTRY_BYTES * count + 4;
  if (start + count * length !== file.statSync().size) return undefined;
  const rest = read(file, start - HEAD_BYTES);
  if (rest === undefined) return undefined;
  const listed = new DataView(rest.buffer);
  const end = ENTRY_BYTES * count;
  const crc = crc32(rest.subarray(0, end), crc32(head));
  if (crc !== listed.getUint32(end, true)) return undefined;
  return {
    length,
    entries: Array.from({ length: count }, (_, i) => {
      const at = ENTRY_BYTES * i;
      return {
        hash: rest.subarray(at, at + 32).toHex(),
        crc: listed.getUint32(at + 32, true),
        offset: start + i * length,
      };
    }),
  };
}

function read(
  file: Deno.FsFile,
  length: number,
): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = file.readSync(bytes.subarray(at));
    if (count === null) return undefined;
    at += count;
  }
  return bytes;
}
