/**
 * Tables on data sets: who is trained on, and who is judged on, from folders.
 *
 * @module
 */
import { randomStream } from "../core/mod.ts";
import {
  type Dataset,
  type ImageRecord,
  labelRecords,
  type Layout,
  readDataset,
  readImages,
  type ReadImagesOptions,
  subsetRecords,
  type SubsetRecordsOptions,
} from "../data/mod.ts";
import { verificationPairs } from "../metrics/mod.ts";
import type { TableNumber } from "./paper_rows.ts";
import { groupsJudge } from "./table_groups_judge.ts";
import { setsJudge } from "./table_judges.ts";
import { personsJudge } from "./table_persons_judge.ts";
import {
  oncePerSize,
  type TableJudge,
  type TableTarget,
} from "./table_target.ts";

/** Options of {@linkcode readTable}. */
export interface ReadTableOptions
  extends Pick<ReadImagesOptions, "cache" | "skipBad" | "signal"> {
  /** Folder or file of the training images; of re-identification, with queries and gallery. */
  data: string;
  /** How they lie there. @default recognised by the names in the folder */
  layout?: Layout | undefined;
  /** Folder or file of the pairs to verify, for Tables 2 and 3. @default pairs chosen among a third of the people in `data` */
  test?: string | undefined;
  /** Trains on a subset, as the paper does on CASIA-WebFace. @default all */
  subset?: SubsetRecordsOptions;
  /** Whoever is verified where there is no test set is drawn by this number. @default the last by name */
  draw?: number | undefined;
  /** Whether rankings are re-ranked. @default false */
  reRank?: boolean;
  /** Called as images are read. */
  onStep?: (part: string, done: number, total: number) => void;
}

/** Data sets whose figures the paper prints. */
const NAMES: { readonly [layout: string]: string } = {
  market1501: "Market-1501",
  cuhk03: "CUHK03-NP",
};

/**
 * Lists the images of a table; those to train on are read when asked for.
 *
 * @param number Which table.
 * @param options Folders, and how much of them.
 * @returns Training images and judge.
 * @throws {RangeError} If a folder is missing or lacks what the table needs.
 * @throws {SyntaxError} If a file of it cannot be parsed.
 *
 * @example
 * ```ts
 * import { readTable, runTable, type RunTableInput } from "@outis/outis/stages";
 *
 * // A folder with bounding_box_train, query and bounding_box_test.
 * async function market(folder: string, rest: Omit<RunTableInput, "target">) {
 *   const target = await readTable(1, { data: folder });
 *   return await runTable({ ...rest, target });
 * }
 * console.log(market.length); // 2
 * ```
 */
export async function readTable(
  number: TableNumber,
  options: ReadTableOptions,
): Promise<TableTarget> {
  const { data, layout, test, draw, subset = {}, signal } = options;
  if (draw !== undefined && (number !== 2 || test !== undefined)) {
    throw new RangeError(
      `Cannot read a table as 'draw' must be left out where the data set says who is judged on: current value is ${draw}`,
    );
  }
  const stop = { ...(signal && { signal }) };
  const found = await readDataset(data, { ...(layout && { layout }), ...stop });
  const { judge, trained } = number === 1
    ? persons(found, options)
    : test === undefined
    ? strangers(number, found, options)
    : {
      judge: listed(number, await readDataset(test, stop)),
      trained: found.records,
    };
  const own = trained.filter(({ role, split }) =>
    role === undefined && (split ?? "train") === "train"
  );
  if (own.length === 0) {
    throw new RangeError(
      `Cannot read a table as '${data}' must hold images to train on: current value is a ${found.layout} without`,
    );
  }
  const isWhole = Object.values(subset).every((size) => size === undefined);
  const { records, rule } = isWhole
    ? { records: own, rule: "" }
    : subsetRecords(own, subset);
  const people = new Set(records.map(({ identity }) => identity)).size;
  return {
    source: `${records.length} images of ${people} people. ${found.protocol}${
      rule && ` ${rule}`
    }`,
    key: JSON.stringify([
      number,
      judge.source,
      records.map(({ path, identity }) => [path.split("/").at(-1), identity]),
      draw,
      options.reRank ?? false,
    ]),
    ...(draw !== undefined && { drawsPeople: true }),
    judge,
    train: oncePerSize((size) =>
      readImages(records, {
        size,
        // As the field does: persons are stretched, faces cut.
        fit: number === 1 ? "fill" : "cover",
        ...(options.cache && { cache: options.cache }),
        ...(options.skipBad && { skipBad: true }),
        ...stop,
        onProgress: (done, total) =>
          options.onStep?.("read images", done, total),
      })
    ),
  };
}

function persons(
  found: Dataset,
  { data, reRank }: ReadTableOptions,
): { judge: TableJudge; trained: ImageRecord[] } {
  for (const part of ["query", "gallery"]) {
    if (found.records.some(({ split }) => split === part)) continue;
    throw new RangeError(
      `Cannot read a table as '${data}' must hold queries and a gallery: current value is a ${found.layout} without ${part}`,
    );
  }
  const name = NAMES[found.layout];
  return {
    judge: personsJudge(found, {
      source: found.protocol,
      ...(name !== undefined && { name }),
      ...(reRank && { reRank }),
    }),
    trained: found.records,
  };
}

/** Verification of listed pairs. */
function listed(number: TableNumber, found: Dataset): TableJudge {
  const options = { source: found.protocol };
  return number === 2 ? setsJudge(found, options) : groupsJudge(found, options);
}

/** Share of the people who are kept for tests where there is no test set. */
const TESTED = 1 / 3;

/** Verification of people who are kept out of training: those drawn, or the last by name. */
function strangers(
  number: TableNumber,
  found: Dataset,
  { data, draw }: ReadTableOptions,
): { judge: TableJudge; trained: ImageRecord[] } {
  if (number === 3) {
    throw new RangeError(
      "Cannot read a table as '--test' must be a folder with pairs of several groups, as RFW's: there is none",
    );
  }
  const sorted = [...new Set(found.records.map(({ identity }) => identity))]
    .sort();
  const names = draw === undefined ? sorted : Array.from(
    randomStream(draw, "tested-people").permutation(sorted.length),
    (i) => sorted[i],
  );
  const count = Math.round(TESTED * names.length);
  const kept = new Set(names.slice(names.length - count));
  const isKept = ({ identity }: ImageRecord) => kept.has(identity);
  const records = found.records.filter(isKept);
  if (records.length === 0) {
    throw new RangeError(
      `Cannot read a table as '${data}' must hold people enough to keep a third of them for tests: current value is ${names.length}`,
    );
  }
  const { labels } = labelRecords(records);
  const { first, second, same, rule } = verificationPairs(labels, {
    random: randomStream(0, "verification-pairs"),
  });
  const test = {
    ...found,
    records,
    protocol: rule,
    pairs: Array.from(first, (_, i) => ({
      first: first[i],
      second: second[i],
      same: same[i] === 1,
      group: "strangers",
    })),
  };
  return {
    judge: setsJudge(test, {
      source:
        `${records.length} images of ${count} of ${names.length} people, ${
          draw === undefined ? "the last by name" : "drawn under each seed"
        }, never trained on; ${rule}`,
    }),
    trained: found.records.filter((record) => !isKept(record)),
  };
}
