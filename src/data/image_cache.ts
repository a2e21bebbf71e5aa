/**
 * Decoded images on disk, so that files are decoded once and not in every run.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { digestBytes } from "../core/mod.ts";
import { readPack, writePack } from "./image_pack.ts";

/** Bytes that wait in memory before they are written. */
const MOST_WAITING = 2 ** 26;

/** An open cache. Dispose it (`using`) to close its files; what was not flushed is then made anew another time. */
export interface ImageCache {
  /**
   * Looks up an image.
   *
   * @param source Content of the image file.
   * @param settings How it was decoded, size included, in letters that a folder's name may have.
   * @param into Where its bytes go; their number is part of the question.
   * @returns Whether it was there, and whole.
   */
  read(source: Uint8Array, settings: string, into: Uint8Array): boolean;
  /** Takes an image in; it may be asked for at once, and is on disk after the next flush. */
  add(source: Uint8Array, settings: string, bytes: Uint8Array): Promise<void>;
  /** Writes what was taken in. */
  flush(): Promise<void>;
  /** Closes the files. */
  [Symbol.dispose](): void;
}

/** Where the bytes of an image lie. */
interface Place {
  file: Deno.FsFile;
  offset: number;
  length: number;
  crc: number;
}

/** Images under one settings. */
interface Shelf {
  places: Map<string, Place[]>;
  waiting: Map<string, Uint8Array>;
  bytes: number;
}

/**
 * Opens a folder of decoded images; several processes may use it at the same time.
 *
 * An image is found by the SHA-256 of its file and the settings it was decoded with, so renamed, copied and changed files
 * are no trouble. Images lie some thousand together in packs. A pack is written under another name, flushed to the disk
 * and then renamed, and never changed: a reader sees a whole one or none. Every image carries a checksum; what a fault of
 * the disk has damaged counts as missing and is made anew. The folder may be deleted at any time between runs.
 *
 * @param folder Path; made if missing.
 * @returns The cache. To be disposed by the caller.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { openImageCache } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * const file = new TextEncoder().encode("a picture");
 * {
 *   using cache = await openImageCache(folder);
 *   await cache.add(file, "1x1", new Uint8Array([1, 2, 3]));
 *   await cache.flush();
 * }
 * using cache = await openImageCache(folder);
 * const pixels = new Uint8Array(3);
 * assert(cache.read(file, "1x1", pixels) && pixels[2] === 3);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openImageCache(folder: string): Promise<ImageCache> {
  await Deno.mkdir(folder, { recursive: true });
  const lock = await Deno.open(`${folder}/.lock`, {
    write: true,
    create: true,
  });
  const shelves = new Map<string, Shelf>();
  const files: Deno.FsFile[] = [];

  function shelfOf(settings: string): Shelf {
    const known = shelves.get(settings);
    if (known !== undefined) return known;
    const shelf: Shelf = { places: new Map(), waiting: new Map(), bytes: 0 };
    shelves.set(settings, shelf);
    for (const path of packsIn(`${folder}/${settings}`)) {
      const pack = readPack(path);
      if (pack === undefined) continue;
      files.push(pack.file);
      for (const { hash, crc, offset } of pack.entries) {
        const place = { file: pack.file, offset, length: pack.length, crc };
        const others = shelf.places.get(hash);
        if (others) others.push(place);
        else shelf.places.set(hash, [place]);
      }
    }
    return shelf;
  }

  async function write(settings: string, shelf: Shelf): Promise<void> {
    if (shelf.waiting.size === 0) return;
    // What is added meanwhile waits for the next time.
    const { waiting } = shelf;
    shelf.waiting = new Map();
    shelf.bytes = 0;
    const path = `${folder}/${settings}`;
    await Deno.mkdir(path, { recursive: true });
    // Shared: it only keeps others from clearing up beneath a writer.
    await lock.lock(false);
    try {
      const pack = readPack(await writePack(path, waiting));
      if (pack === undefined) return;
      files.push(pack.file);
      for (const { hash, crc, offset } of pack.entries) {
        const place = { file: pack.file, offset, length: pack.length, crc };
        shelf.places.set(hash, [place]);
      }
    } finally {
      await lock.unlock();
    }
  }

  if (await lock.tryLock(true)) {
    await clearUp(folder);
    await lock.unlock();
  }
  return {
    read(source, settings, into) {
      const shelf = shelfOf(settings);
      const hash = digestBytes(source);
      const waiting = shelf.waiting.get(hash);
      if (waiting?.length === into.length) {
        into.set(waiting);
        return true;
      }
      return (shelf.places.get(hash) ?? []).some((place) => fill(place, into));
    },
    async add(source, settings, bytes) {
      const shelf = shelfOf(settings);
      shelf.waiting.set(digestBytes(source), bytes);
      shelf.bytes += bytes.length;
      if (shelf.bytes >= MOST_WAITING) await write(settings, shelf);
    },
    async flush() {
      for (const [settings, shelf] of shelves) await write(settings, shelf);
    },
    [Symbol.dispose]() {
      for (const file of files) file.close();
      lock.close();
    },
  };
}

function fill(
  { file, offset, length, crc }: Place,
  into: Uint8Array,
): boolean {
  if (length !== into.length) return false;
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let at = 0; at < length;) {
    const count = file.readSync(into.subarray(at));
    if (count === null) return false;
    at += count;
  }
  return crc32(into) === crc;
}

function packsIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name)
      .filter((name) => name.endsWith(".pack")).sort()
      .map((name) => `${folder}/${name}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

// Nobody writes while the lock is held alone: what is unfinished was left by a process that was killed.
async function clearUp(folder: string): Promise<void> {
  for await (const shelf of Deno.readDir(folder)) {
    if (!shelf.isDirectory) continue;
    for await (const { name } of Deno.readDir(`${folder}/${shelf.name}`)) {
      if (name.endsWith(".partial")) {
        await Deno.remove(`${folder}/${shelf.name}/${name}`);
      }
    }
  }
}
