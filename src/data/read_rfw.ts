/**
 * RFW (M. Wang et al., "Racial faces in the wild", ICCV 2019): verification pairs of four groups.
 *
 * @module
 */
import type { Dataset } from "./image_record.ts";
import { listFolder } from "./list_folder.ts";
import { listImageFolder } from "./list_image_folder.ts";
import { parsePairs } from "./parse_pairs.ts";
import { readDataFile } from "./read_data_file.ts";
import { joinPairs } from "./read_pairs.ts";
import { readVerificationBins } from "./read_verification_bins.ts";

/** The groups, as folders and files call them. */
export const RFW_GROUPS = ["African", "Asian", "Caucasian", "Indian"] as const;

/**
 * Lists RFW: images in `data/<group>/<person>/<person>_000n.jpg` and pairs in `txts/<group>/<group>_pairs.txt`, both
 * perhaps below `test`; or `.bin` files that bear the groups' names.
 *
 * @param folder Path.
 * @returns Images and pairs, each with its `group`; groups in alphabetical order.
 * @throws {RangeError} If a group is missing, or its pairs name no image that is there.
 * @throws {SyntaxError} If a list holds no pair, or a `.bin` file is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readRfw } from "@outis/outis/data";
 *
 * const folder = await Deno.makeTempDir();
 * for (const group of ["African", "Asian", "Caucasian", "Indian"]) {
 *   await Deno.mkdir(`${folder}/data/${group}/m.1`, { recursive: true });
 *   await Deno.mkdir(`${folder}/txts/${group}`, { recursive: true });
 *   const image = `${folder}/data/${group}/m.1/m.1_0001.jpg`;
 *   await Deno.writeTextFile(image, "");
 *   const list = `${folder}/txts/${group}/${group}_pairs.txt`;
 *   await Deno.writeTextFile(list, "m.1\t1\t1\n");
 * }
 * const { pairs } = await readRfw(folder);
 * assertEquals(pairs!.map(({ group }) => group).join(), "African,Asian,Caucasian,Indian");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readRfw(folder: string): Promise<Dataset> {
  const { files, folders } = await listFolder(folder);
  if (files.some((name) => /\.bin$/i.test(name))) return await readBins(folder);
  const base = folders.includes("test") && !folders.includes("data")
    ? `${folder}/test`
    : folder;
  const there = await foldersOf(`${base}/data`);
  const missing = RFW_GROUPS.filter((group) => !there.includes(group));
  if (missing.length > 0) {
    throw new RangeError(
      `Cannot read rfw as '${folder}' must hold data/ with ${
        RFW_GROUPS.join(", ")
      }, or .bin files of these names: current value is one without ${
        missing.join(", ")
      }`,
    );
  }
  const dataset = empty();
  for (const group of RFW_GROUPS) {
    const place = `${base}/data/${group}`;
    const list = `${base}/txts/${group}/${group}_pairs.txt`;
    const text = new TextDecoder().decode(await readDataFile("read rfw", list));
    const listed = parsePairs(text, list, dataset.problems);
    const { records, problems } = await listImageFolder(place, {
      skipBad: true,
    });
    dataset.problems.push(...problems);
    const pairs = joinPairs(listed, records, place, list, dataset.problems);
    if (pairs.length === 0) {
      throw new RangeError(
        `Cannot read rfw as '${place}' must hold images that ${list} names: current value is one without`,
      );
    }
    const start = dataset.records.length;
    for (const record of records) dataset.records.push({ ...record, group });
    for (const pair of pairs) {
      dataset.pairs.push({
        ...pair,
        first: pair.first + start,
        second: pair.second + start,
        group,
      });
    }
  }
  return dataset;
}

/**
 * Tells whether the name of a file bears a group's name: `caucasian.bin` is not Asian.
 *
 * @param name Name of the file.
 * @param group Name of the group.
 * @returns Whether it does, in any case of letters.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { bearsGroup } from "./read_rfw.ts";
 *
 * assert(bearsGroup("rfw_asian.bin", "Asian"));
 * assert(!bearsGroup("rfw_caucasian.bin", "Asian"));
 * ```
 */
export function bearsGroup(name: string, group: string): boolean {
  return new RegExp(`(^|[^a-z])${group}`, "i").test(name);
}

async function readBins(folder: string): Promise<Dataset> {
  const { files } = await listFolder(folder);
  const bins = files.filter((name) => /\.bin$/i.test(name));
  const dataset = empty();
  for (const group of RFW_GROUPS) {
    const own = bins.filter((name) => bearsGroup(name, group));
    if (own.length !== 1) {
      throw new RangeError(
        `Cannot read rfw as '${folder}' must hold one .bin file with ${group} in its name: current value is one with ${
          own.join(", ") || "none"
        }`,
      );
    }
    const { records, pairs = [], problems } = await readVerificationBins(
      `${folder}/${own[0]}`,
    );
    const start = dataset.records.length;
    for (const record of records) dataset.records.push({ ...record, group });
    for (const { first, second, same } of pairs) {
      dataset.pairs.push({
        first: first + start,
        second: second + start,
        same,
        group,
      });
    }
    dataset.problems.push(...problems);
  }
  return dataset;
}

function empty(): Dataset & Required<Pick<Dataset, "pairs">> {
  return {
    layout: "rfw",
    protocol: "RFW: verification pairs of four groups, to be told apart.",
    records: [],
    pairs: [],
    problems: [],
  };
}

async function foldersOf(folder: string): Promise<string[]> {
  try {
    return (await listFolder(folder)).folders;
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
