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
import { type Command, defineCommand } from "./command.ts";
import { didYouMean } from "./did_you_mean.ts";
import { UsageError } from "./options.ts";

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
} as const;

/** Problems printed; `--json` has them all. */
const SHOWN_PROBLEMS = 20;
/** Sizes, cameras, splits and groups printed. */
const SHOWN_PARTS = 12;

/** Runs `outis data`. */
export const dataCommand: Command = defineCommand({
  name: "data",
  group: "Data and weights",
  summary: "Look at a data set: what is in it, and what is wrong with it",
  about:
    "Recognises the layouts of the field (Market-1501, CUHK03, CASIA-WebFace, RFW, LFW's pairs, .bin sets, CSV and Parquet manifests, plain folders), counts people, cameras and sizes, and decodes every image to find broken ones. Worth a look before a training of hours.",
  examples: [
    { args: "inspect faces/", does: "everything, every image decoded" },
    {
      args: "inspect market1501/ --quick --json",
      does: "sizes only, for a script",
    },
  ],
  operands: ["inspect", "DIR"],
  options: table,
  async run({ operands, options, signal, display }) {
    const [action, folder] = operands;
    if (action !== "inspect" || folder === undefined) {
      throw new UsageError(
        `Cannot look at data as the arguments must be inspect DIR: current value is ${action} ${folder}${
          didYouMean(`${action}`, ["inspect"])
        }`,
      );
    }
    const { layout, boxes, protocol, split } = options;
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
    return {
      text: report(found).join("\n"),
      json: found,
      code: options.strict && found.problems.length > 0 ? 1 : 0,
    };
  },
});

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
