/**
 * `outis data`: looks at data sets.
 *
 * @module
 */
import {
  type DatasetSummary,
  inspectDataset,
  type Layout,
  LAYOUTS,
  type PartCount,
  readDataset,
} from "../data/mod.ts";
import { badInput } from "./bad_input.ts";
import type { Command } from "./main.ts";
import { helpText, parseOptions, UsageError } from "./options.ts";
import { partProgress } from "./part_progress.ts";
import { takePositional } from "./positional.ts";

const summary = "Look at a data set: what is in it, and what is wrong with it";
const usage = "deno task outis data inspect DIR [options]";

const table = {
  layout: {
    value: "NAME",
    choices: Object.keys(LAYOUTS),
    help: `${Object.keys(LAYOUTS).join(", ")} (default: recognised)`,
  },
  boxes: {
    value: "NAME",
    choices: ["detected", "labeled"],
    help: "images of cuhk03 (default detected)",
  },
  protocol: {
    value: "NAME",
    choices: ["new", "classic"],
    help: "division of cuhk-03.mat (default new where its file is there)",
  },
  split: {
    value: "N",
    least: 0,
    help: "split of the classic protocol, 0 to 19 (default 0)",
  },
  quick: { help: "read sizes only, instead of decoding every image" },
  strict: { help: "exit with 1 if there is any problem" },
  json: { help: "print everything as JSON" },
  help: { help: "this text" },
} as const;

/** Problems printed; `--json` has them all. */
const SHOWN_PROBLEMS = 20;
/** Sizes, cameras, splits and groups printed. */
const SHOWN_PARTS = 12;

/** Runs `outis data`. */
export const dataCommand: Command = {
  summary,
  async run(args, signal) {
    const { values, rest } = takePositional(args, table, ["inspect", "DIR"]);
    const options = parseOptions(rest, table);
    if (options.help) {
      console.log(helpText(usage, summary, table));
      return 0;
    }
    const [action, folder] = values;
    if (action !== "inspect" || folder === undefined) {
      throw new UsageError(
        `Cannot look at data as the arguments must be inspect DIR: current value is ${action} ${folder}`,
      );
    }
    const { layout, boxes, protocol, split } = options;
    const display = partProgress();
    const show = (part: string) => (done: number, total: number) =>
      display.step(part, done, total, {});
    const dataset = await badInput(() =>
      readDataset(folder, {
        ...(layout === undefined ? {} : { layout: layout as Layout }),
        ...(boxes === undefined ? {} : { boxes: boxes as "detected" }),
        ...(protocol === undefined ? {} : { protocol: protocol as "new" }),
        ...(split === undefined ? {} : { split }),
        signal,
        onProgress: show("read names"),
      })
    );
    const found = await inspectDataset(dataset, {
      images: options.quick ? "size" : "decode",
      signal,
      onProgress: show("read images"),
    });
    display.end();
    console.log(
      options.json ? JSON.stringify(found, null, 2) : report(found).join("\n"),
    );
    return options.strict && found.problems.length > 0 ? 1 : 0;
  },
};

/**
 * What is found, for people to read.
 *
 * @param found Numbers and problems.
 * @returns Lines of text.
 *
 * @example
 * ```ts
 * import { inspectDataset } from "../data/mod.ts";
 * import { report } from "./data_command.ts";
 *
 * const dataset = { layout: "folder", protocol: "", records: [], problems: [] };
 * report(await inspectDataset(dataset)).join("\n");
 * ```
 */
export function report(found: DatasetSummary): string[] {
  const { imagesPerIdentity: per, sizes, pairs, problems } = found;
  const rows: [string, string][] = [
    ["layout", found.layout],
    ["protocol", found.protocol],
    ["images", count(found.images)],
    ["identities", count(found.identities)],
    [
      "images per identity",
      `min ${count(per.least)}, median ${count(per.median)}, max ${
        count(per.most)
      }`,
    ],
    ...(found.junk > 0
      ? [["junk images", count(found.junk)] as [string, string]]
      : []),
    ...(found.distractors > 0
      ? [["distractors", count(found.distractors)] as [string, string]]
      : []),
    [
      "sizes (w x h)",
      shorten(
        sizes.map(({ width, height, images }) =>
          `${width} x ${height}: ${count(images)}`
        ),
      ),
    ],
    ["splits", parts(found.splits)],
    ["cameras", parts(found.cameras)],
    ["groups", parts(found.groups)],
    [
      "pairs",
      pairs.total === 0
        ? "none"
        : `${count(pairs.total)}: ${count(pairs.same)} same, ${
          count(pairs.different)
        } different`,
    ],
    ["problems", problems.length === 0 ? "none" : count(problems.length)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...problems.slice(0, SHOWN_PROBLEMS).map((problem) => `  ${problem}`),
    ...(problems.length > SHOWN_PROBLEMS
      ? [`  and ${problems.length - SHOWN_PROBLEMS} more (--json has all)`]
      : []),
  ];
}

function parts(found: readonly PartCount[]): string {
  return shorten(
    found.map(({ name, images, identities }) =>
      `${name}: ${count(images)} images of ${count(identities)}`
    ),
  );
}

function shorten(texts: readonly string[]): string {
  if (texts.length === 0) return "none";
  const more = texts.length - SHOWN_PARTS;
  return texts.slice(0, SHOWN_PARTS).join(", ") +
    (more > 0 ? ` and ${more} more` : "");
}

function count(value: number): string {
  return value.toLocaleString("en");
}
