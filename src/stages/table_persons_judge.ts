/**
 * Judge of a table's recognisers: by re-identification.
 *
 * @module
 */
import type { Dataset, ImageRecord, ImageSet } from "../data/mod.ts";
import { evaluateReid, type ReidTest } from "./evaluate_reid.ts";
import { overlapOf } from "./table_judges.ts";
import type { TableJudge } from "./table_target.ts";

/** Options of {@linkcode personsJudge}. */
export interface PersonsJudgeOptions {
  /** What is judged on, one sentence. */
  source: string;
  /** Name of the data set, which stands before its figures. @default none */
  name?: string;
  /** Whether the rankings are re-ranked by k-reciprocal neighbours. @default false */
  reRank?: boolean;
  /** Whether features are those of an image and its mirror image together. @default true */
  flip?: boolean;
}

/**
 * Judges persons by search in a gallery: mAP (step form) and Rank-1.
 *
 * @param test Queries and gallery, or a data set that has them.
 * @param options What they are, and how features are compared.
 * @returns The judge.
 *
 * @example
 * ```ts
 * import { proceduralPedestrians } from "@outis/outis/world";
 * import { personsJudge } from "@outis/outis/stages";
 *
 * const gallery = proceduralPedestrians({ identities: 2, imagesPerIdentity: 2, height: 16 });
 * const query = { ...gallery, cameras: gallery.cameras.map((camera) => camera + 10) };
 * const judge = personsJudge({ query, gallery }, { name: "Square", source: "two people." });
 * console.log(judge.columns); // Square mAP, Square Rank-1
 * ```
 */
export function personsJudge(
  test: ReidTest | Dataset,
  options: PersonsJudgeOptions,
): TableJudge {
  const { source, name, reRank = false, flip = true } = options;
  const columns = ["mAP", "Rank-1"].map((figure) =>
    name === undefined ? figure : `${name} ${figure}`
  );
  return {
    columns,
    headlines: columns,
    source,
    async judge(embedder, { signal }) {
      const { mAP, cmc, absent, protocol } = await evaluateReid(
        embedder,
        test,
        { flip, ...(reRank && { reRank: {} }), ...(signal && { signal }) },
      );
      const scores = [mAP, cmc?.[0]];
      const reasons = [absent.mAP, absent.cmc ?? absent.mAP];
      const values: { [column: string]: number } = {};
      const why: { [column: string]: string } = {};
      columns.forEach((column, i) => {
        const score = scores[i];
        if (score === undefined) why[column] = reasons[i];
        else values[column] = 100 * score;
      });
      return { values, absent: why, protocols: { "": protocol } };
    },
    overlap: (others, { signal }) =>
      overlapOf(testImages(test), others, signal),
  };
}

function testImages(
  test: ReidTest | Dataset,
): readonly ImageSet[] | readonly ImageRecord[] {
  if ("records" in test) {
    return test.records.filter(({ split }) =>
      split === "query" || split === "gallery"
    );
  }
  const { query, gallery } = test;
  return "images" in query && "images" in gallery
    ? [query, gallery]
    : [query, gallery].flatMap((side) => "images" in side ? [] : [...side]);
}
