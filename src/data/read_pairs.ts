/**
 * Pairs to verify as LFW gives them: a text file of names and numbers beside folders of images.
 *
 * @module
 */
import type { Dataset, ImageRecord, RecordPair } from "./image_record.ts";
import { listFolder } from "./list_folder.ts";
import { listImageFolder } from "./list_image_folder.ts";
import { type ListedPair, parsePairs } from "./parse_pairs.ts";
import { readDataFile } from "./read_data_file.ts";

/** Options of {@linkcode readPairs}. */
export interface ReadPairsOptions {
  /** File of the pairs. @default pairs.txt in the folder, or the only file there that ends in pairs.txt */
  pairs?: string;
}

/**
 * Lists images and pairs of LFW, or of a set in its form.
 *
 * Image n of a person is `<name>/<name>_000n.jpg` (or .png), in the folder or in one folder below (`lfw`,
 * `lfw-deepfunneled`): the first by name that holds a person of the pairs.
 *
 * @param folder Path.
 * @param options File of the pairs.
 * @returns All images and the pairs. Pairs of images that are not there are left out and named in `problems`.
 * @throws {RangeError} If there is no list of pairs, or no image that it names.
 * @throws {SyntaxError} If the list holds no pair.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readPairs } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/Ada`);
 * for (const n of [1, 2]) {
 *   await Deno.writeTextFile(`${folder}/Ada/Ada_000${n}.jpg`, "");
 * }
 * await Deno.writeTextFile(`${folder}/pairs.txt`, "Ada\t1\t2\n");
 * const { pairs } = await readPairs(folder);
 * assertEquals(pairs, [{ first: 0, second: 1, same: true }]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readPairs(
  folder: string,
  options: ReadPairsOptions = {},
): Promise<Dataset> {
  const path = options.pairs ?? await findList(folder);
  const problems: string[] = [];
  const bytes = await readDataFile("read pairs", path);
  const text = new TextDecoder().decode(bytes);
  const listed = parsePairs(text, path, problems);
  const place = await findImages(folder, listed);
  const listing = await listImageFolder(place, { skipBad: true });
  const { records } = listing;
  const pairs = joinPairs(listed, records, place, path, problems);
  if (pairs.length === 0) {
    throw new RangeError(
      `Cannot read pairs as '${place}' must hold images that ${path} names: current value is one without (${
        problems[0]
      })`,
    );
  }
  // The list itself lies beside the people in some releases.
  const own = listing.problems.filter((text) =>
    !/\.txt is left out/.test(text)
  );
  return {
    layout: "pairs",
    protocol: listed[0].fold === undefined
      ? "Verification pairs in the order of the list; ten equal folds."
      : `Verification pairs in ${
        listed.at(-1)!.fold! + 1
      } folds, as the list gives them.`,
    records,
    pairs,
    problems: [...own, ...problems],
  };
}

/**
 * Finds the images of listed pairs.
 *
 * @param listed Names and numbers.
 * @param records Images whose file names are `<name>_000n`.
 * @param place Folder of the images, for problems.
 * @param source Name of the list, for problems.
 * @param problems Where missing images are named.
 * @returns The pairs of which both images are there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { joinPairs } from "./read_pairs.ts";
 *
 * const records = [{ path: "lfw/Ada/Ada_0001.jpg", identity: "Ada" }];
 * const image = { name: "Ada", number: 1 };
 * const listed = [{ first: image, second: image, same: true, line: 1 }];
 * const pairs = joinPairs(listed, records, "lfw", "pairs.txt", []);
 * assertEquals(pairs, [{ first: 0, second: 0, same: true }]);
 * ```
 */
export function joinPairs(
  listed: readonly ListedPair[],
  records: readonly ImageRecord[],
  place: string,
  source: string,
  problems: string[],
): RecordPair[] {
  const indexOf = new Map(
    records.map(({ path, identity }, i) => {
      const file = path.slice(path.lastIndexOf("/") + 1);
      return [keyOf(identity, file.replace(/\.\w+$/, "")), i];
    }),
  );
  const pairs: RecordPair[] = [];
  for (const { first, second, same, fold, line } of listed) {
    const stems = [first, second].map(({ name, number }) => ({
      name,
      stem: `${name}_${String(number).padStart(4, "0")}`,
    }));
    const [a, b] = stems.map(({ name, stem }) =>
      indexOf.get(keyOf(name, stem))
    );
    if (a === undefined || b === undefined) {
      const { name, stem } = stems[a === undefined ? 0 : 1];
      problems.push(
        `Line ${line} of ${source} is left out: there is no ${place}/${name}/${stem}.jpg`,
      );
      continue;
    }
    pairs.push({
      first: a,
      second: b,
      same,
      ...(fold === undefined ? {} : { fold }),
    });
  }
  return pairs;
}

// Names with accents are written in two ways, and disks differ from lists in it.
function keyOf(name: string, stem: string): string {
  return `${name}/${stem}`.normalize("NFC");
}

async function findList(folder: string): Promise<string> {
  const { files } = await listFolder(folder);
  const lists = files.filter((name) => /pairs\.txt$/i.test(name));
  const list = lists.find((name) => name.toLowerCase() === "pairs.txt") ??
    (lists.length === 1 ? lists[0] : undefined);
  if (list === undefined) {
    throw new RangeError(
      `Cannot read pairs as '${folder}' must hold pairs.txt: current value is one with ${
        lists.join(", ") || "no list of pairs"
      }`,
    );
  }
  return `${folder}/${list}`;
}

async function findImages(
  folder: string,
  listed: readonly ListedPair[],
): Promise<string> {
  const names = new Set(
    listed.flatMap(({ first, second }) => [first.name, second.name])
      .map((name) => name.normalize("NFC")),
  );
  const { folders } = await listFolder(folder);
  const places = [folder, ...folders.map((name) => `${folder}/${name}`)];
  for (const place of places) {
    const { folders } = await listFolder(place);
    if (folders.some((name) => names.has(name.normalize("NFC")))) return place;
  }
  throw new RangeError(
    `Cannot read pairs as '${folder}' must hold a folder for each person of the list: current value is one without ${
      listed[0].first.name
    }`,
  );
}
