/**
 * What is in a data set, in numbers.
 *
 * @module
 */
import { decodeImage, readImageSize } from "../io/mod.ts";
import type { Dataset, ImageRecord } from "./image_record.ts";

/** Options of {@linkcode inspectDataset}. */
export interface InspectDatasetOptions {
  /** `"decode"` finds broken images, `"size"` reads the beginnings of the files only. @default "decode" */
  images?: "decode" | "size";
  /** Called after each image. */
  onProgress?: (done: number, total: number) => void;
  /** Stops it. */
  signal?: AbortSignal;
}

/** Images and identities of a part. */
export interface PartCount {
  /** Name of the split or group, or number of the camera. */
  name: string;
  /** Number of images. */
  images: number;
  /** Number of identities, without junk and distractors. */
  identities: number;
}

/** What {@linkcode inspectDataset} finds. */
export interface DatasetSummary {
  /** Name of the layout. */
  layout: string;
  /** Variant and protocol, in one sentence. */
  protocol: string;
  /** Number of images. */
  images: number;
  /** Number of identities, without junk and distractors. */
  identities: number;
  /** Images that are ignored in an evaluation. */
  junk: number;
  /** Images of people who are not searched for. */
  distractors: number;
  /** Images per identity: fewest, median (of an even number the lower one) and most. */
  imagesPerIdentity: { least: number; median: number; most: number };
  /** Sizes in pixels and how many images have them, the most frequent first. */
  sizes: { height: number; width: number; images: number }[];
  /** Splits, in the order of the data set; empty if it has none. */
  splits: PartCount[];
  /** Cameras by number; empty if it has none. */
  cameras: PartCount[];
  /** Groups by name; empty if it has none. */
  groups: PartCount[];
  /** Number of pairs, of the same and of different identities; all 0 if it has none. */
  pairs: { total: number; same: number; different: number };
  /** What was left out or is broken, one sentence each. */
  problems: string[];
}

/** Images in work at the same time. */
const IN_FLIGHT = 4;

/**
 * Counts what is in a data set and opens every image of it.
 *
 * @param dataset Images by name.
 * @param options How closely to look at the images.
 * @returns Numbers and problems: those of the reader, then images that cannot be decoded, in the data set's order.
 * @throws {DOMException} `AbortError`, if the signal stops it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inspectDataset } from "@outis/outis/data";
 *
 * const summary = await inspectDataset({
 *   layout: "folder",
 *   protocol: "One folder per identity.",
 *   records: [{ path: "nowhere/ada/1.png", identity: "ada" }],
 *   problems: [],
 * });
 * assertEquals([summary.images, summary.problems.length], [1, 1]);
 * ```
 */
export async function inspectDataset(
  dataset: Dataset,
  options: InspectDatasetOptions = {},
): Promise<DatasetSummary> {
  const { images = "decode", onProgress, signal } = options;
  const { records, pairs = [] } = dataset;
  const look = images === "decode" ? decodeImage : readImageSize;
  const found = new Array<{ height: number; width: number } | string>(
    records.length,
  );
  let next = 0;
  let done = 0;
  async function lookAtSome(): Promise<void> {
    while (next < records.length && !signal?.aborted) {
      const i = next++;
      const { path, bytes } = records[i];
      try {
        const source = bytes === undefined ? path : await bytes();
        const { height, width } = await look(source);
        found[i] = { height, width };
      } catch (error) {
        found[i] = `${path} is broken: ${reasonOf(error as Error)}`;
      }
      onProgress?.(++done, records.length);
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lookAtSome));
  signal?.throwIfAborted();

  const people = records.filter(({ role }) => role === undefined);
  const counts = [...countBy(people, ({ identity }) => identity).values()]
    .map(({ length }) => length).sort((a, b) => a - b);
  const same = pairs.filter((pair) => pair.same).length;
  return {
    layout: dataset.layout,
    protocol: dataset.protocol,
    images: records.length,
    identities: counts.length,
    junk: records.filter(({ role }) => role === "junk").length,
    distractors: records.filter(({ role }) => role === "distractor").length,
    imagesPerIdentity: {
      least: counts[0] ?? 0,
      median: counts[Math.floor((counts.length - 1) / 2)] ?? 0,
      most: counts.at(-1) ?? 0,
    },
    sizes: sizesOf(found),
    splits: partsOf(records, ({ split }) => split),
    cameras: partsOf(records, ({ camera }) => camera)
      .sort((a, b) => Number(a.name) - Number(b.name)),
    groups: partsOf(records, ({ group }) => group),
    pairs: { total: pairs.length, same, different: pairs.length - same },
    problems: [
      ...dataset.problems,
      ...found.filter((result) => typeof result === "string"),
    ],
  };
}

function sizesOf(
  found: readonly ({ height: number; width: number } | string)[],
): DatasetSummary["sizes"] {
  const sizes = found.filter((result) => typeof result !== "string");
  return [...countBy(sizes, ({ height, width }) => `${height} ${width}`)]
    .map(([, [first, ...others]]) => ({ ...first, images: 1 + others.length }))
    .sort((a, b) =>
      b.images - a.images || a.height - b.height || a.width - b.width
    );
}

function partsOf(
  records: readonly ImageRecord[],
  partOf: (record: ImageRecord) => string | number | undefined,
): PartCount[] {
  const named = records.filter((record) => partOf(record) !== undefined);
  return [...countBy(named, (record) => String(partOf(record)))]
    .map(([name, part]) => {
      const people = part.filter(({ role }) => role === undefined);
      const identities = new Set(people.map(({ identity }) => identity)).size;
      return { name, images: part.length, identities };
    });
}

function countBy<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups;
}

function reasonOf(error: Error): string {
  return error instanceof Deno.errors.NotFound
    ? "it is not there"
    : error.message.replace(/^.*: current value is /s, "");
}
