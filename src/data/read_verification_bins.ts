/**
 * Verification sets in insightface's `.bin` files: LFW, AgeDB-30, CFP-FP, CALFW, CPLFW, RFW.
 *
 * @module
 */
import { decodeVerificationBin } from "../io/mod.ts";
import type { Dataset, ImageRecord, RecordPair } from "./image_record.ts";
import { listFolder } from "./list_folder.ts";
import { readDataFile } from "./read_data_file.ts";

/**
 * Lists the pairs of one or several `.bin` files.
 *
 * Such a file does not say who is in it. Pair k of `lfw.bin` is two images of `lfw-00012`, or one of `lfw-00012-a` and
 * one of `lfw-00012-b`: identities tell pairs apart and mean nothing beyond.
 *
 * @param path File that ends in `.bin`, or a folder of such files.
 * @returns Two images for each pair, in the order of the files; `group` is the name of the file without its ending.
 * @throws {RangeError} If there is no such file, or none in the folder.
 * @throws {SyntaxError} If one of them is no verification set. A folder's broken file is a problem, if others are sound.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeVerificationBin } from "@outis/outis/io";
 * import { readVerificationBins } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * const images = [new Uint8Array([1]), new Uint8Array([2])];
 * const bin = encodeVerificationBin({ images, same: [false] });
 * await Deno.writeFile(`${folder}/lfw.bin`, bin);
 * const { records, pairs } = await readVerificationBins(folder);
 * assertEquals(records[1].identity, "lfw-00000-b");
 * assertEquals(pairs![0], { first: 0, second: 1, same: false, group: "lfw" });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readVerificationBins(path: string): Promise<Dataset> {
  const isFile = /\.bin$/i.test(path);
  const { files, problems } = isFile
    ? { files: [path], problems: [] as string[] }
    : await listFolder(path);
  const bins = files.filter((name) => /\.bin$/i.test(name))
    .map((name) => isFile ? name : `${path}/${name}`);
  if (bins.length === 0) {
    throw new RangeError(
      `Cannot read verification pairs as '${path}' must hold .bin files: current value is one without`,
    );
  }
  const records: ImageRecord[] = [];
  const pairs: RecordPair[] = [];
  for (const bin of bins) {
    try {
      await readBin(bin, records, pairs);
    } catch (error) {
      if (!(error instanceof SyntaxError) || bins.length === 1) throw error;
      problems.push(`${bin} is left out: ${error.message}`);
    }
  }
  if (pairs.length === 0) {
    throw new SyntaxError(
      `Cannot read verification pairs as '${path}' must hold at least one: current value is none (${
        problems[0] ?? "all files are empty"
      })`,
    );
  }
  return {
    layout: "bin",
    protocol:
      "Verification pairs in the order of their files; ten equal folds.",
    records,
    pairs,
    problems,
  };
}

async function readBin(
  bin: string,
  records: ImageRecord[],
  pairs: RecordPair[],
): Promise<void> {
  const group = bin.slice(bin.lastIndexOf("/") + 1).replace(/\.bin$/i, "");
  const content = await readDataFile("read verification pairs", bin);
  const { images, same } = decodeVerificationBin(content, bin);
  for (const [k, isSame] of same.entries()) {
    const name = `${group}-${String(k).padStart(5, "0")}`;
    pairs.push({
      first: records.length,
      second: records.length + 1,
      same: isSame,
      group,
    });
    for (const [i, side] of [[2 * k, "-a"], [2 * k + 1, "-b"]] as const) {
      const image = images[i];
      records.push({
        path: `${bin}#${i}`,
        identity: isSame ? name : name + side,
        group,
        index: i,
        bytes: readLater(bin, image, content),
      });
    }
  }
}

// Only the place is kept where the image lies in the file as it is: a hundred thousand images need not stay in memory.
function readLater(
  bin: string,
  image: Uint8Array,
  content: Uint8Array,
): () => Promise<Uint8Array> {
  if (image.buffer !== content.buffer) return () => Promise.resolve(image);
  const { byteOffset, length } = image;
  const offset = byteOffset - content.byteOffset;
  return async () => {
    using file = await Deno.open(bin);
    await file.seek(offset, Deno.SeekMode.Start);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const count = await file.read(bytes.subarray(at));
      if (count === null) {
        throw new SyntaxError(
          `Cannot read verification pairs as '${bin}' must be left alone while it is read: current value is cut short`,
        );
      }
      at += count;
    }
    return bytes;
  };
}
