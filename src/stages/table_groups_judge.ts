/**
 * Judge of a table's recognisers: by verification within groups of people.
 *
 * @module
 */
import type { Dataset } from "../data/mod.ts";
import { evaluateBias, type GroupedImages } from "./evaluate_bias.ts";
import {
  averageColumn,
  overlapOf,
  type TableJudgeOptions,
  usedRecords,
} from "./table_judges.ts";
import type { TableJudge } from "./table_target.ts";

/** The order of the paper's columns. */
const RFW_ORDER = ["Caucasian", "Indian", "Asian", "African"];

/**
 * Judges faces within groups of people: accuracy of each, their average, their standard deviation, and the ratio of the
 * largest error to the smallest.
 *
 * @param test Records with pairs, whose groups are those of the people; or images with the group of each identity.
 * @param options What they are.
 * @returns The judge.
 * @throws {RangeError} If there are fewer than two groups.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * import { groupsJudge } from "@outis/outis/stages";
 *
 * const images = proceduralFaces({ identities: 10, imagesPerIdentity: 3, size: 16 });
 * const groups = images.identities.map((_, i) => i < 5 ? "young" : "old");
 * const judge = groupsJudge({ images, groups }, { source: "ten procedural strangers." });
 * console.log(judge.columns); // young, old, average of 2, deviation, error ratio
 * ```
 */
export function groupsJudge(
  test: Dataset | GroupedImages,
  options: TableJudgeOptions,
): TableJudge {
  const isListed = "records" in test;
  const found = isListed
    ? (test.pairs ?? []).flatMap(({ group }) => group ?? [])
    : test.groups;
  const place = (name: string) => {
    const at = RFW_ORDER.indexOf(name);
    return at < 0 ? RFW_ORDER.length : at;
  };
  const names = [...new Set(found)].sort((a, b) => place(a) - place(b));
  if (names.length < 2) {
    throw new RangeError(
      `Cannot judge groups as 'test' must hold pairs of several, as RFW does: current value is ${
        names.join(", ") || "pairs without groups"
      }`,
    );
  }
  const average = averageColumn(names, RFW_ORDER);
  const [deviation, ratio] = ["deviation", "error ratio"];
  return {
    columns: [...names, average, deviation, ratio],
    headlines: [average, deviation],
    source: options.source,
    async judge(embedder, { signal }) {
      const { groups, mean, std, skewedErrorRatio, absent, protocol } =
        await evaluateBias(embedder, test, { ...(signal && { signal }) });
      return {
        values: {
          ...Object.fromEntries(
            names.map((name) => [name, 100 * groups[name].accuracy.mean]),
          ),
          [average]: 100 * mean.value,
          [deviation]: 100 * std.value,
          ...(skewedErrorRatio && { [ratio]: skewedErrorRatio.value }),
        },
        absent: skewedErrorRatio ? {} : { [ratio]: absent.skewedErrorRatio },
        protocols: { "": protocol },
      };
    },
    overlap: (others, { signal }) =>
      overlapOf(isListed ? usedRecords(test) : [test.images], others, signal),
  };
}
