/**
 * Judges of a table's recognisers: by verification on several sets, and on groups of people.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import type { Dataset, ImageRecord, ImageSet } from "../data/mod.ts";
import {
  checkOverlap,
  imageRecords,
  type TestOverlap,
} from "./check_overlap.ts";
import {
  type EvaluatedVerification,
  evaluateVerification,
} from "./evaluate_verification.ts";
import { evaluateVerificationSets } from "./evaluate_verification_sets.ts";
import type { TableJudge } from "./table_target.ts";

/** What a judge is told beside its images. */
export interface TableJudgeOptions {
  /** What is judged on, one sentence. */
  source: string;
}

/** Test sets by name: images, of whom pairs are chosen, or records with pairs, whose groups are the sets. */
export type VerificationSets = { [name: string]: ImageSet } | Dataset;

/** Names that the official verification sets have in the paper. */
const OFFICIAL: { readonly [plain: string]: string } = {
  lfw: "LFW",
  agedb30: "AgeDB-30",
  agedb: "AgeDB-30",
  cfpfp: "CFP-FP",
  calfw: "CALFW",
  cplfw: "CPLFW",
};

/**
 * Judges faces by 10-fold verification on several sets: a column each, and their average.
 *
 * @param sets The test sets.
 * @param options What they are.
 * @returns The judge.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * import { setsJudge } from "@outis/outis/stages";
 *
 * const strangers = proceduralFaces({ identities: 5, imagesPerIdentity: 3, size: 16 });
 * const judge = setsJudge({ strangers }, { source: "five procedural strangers." });
 * console.log(judge.columns); // strangers, average of 1
 * ```
 */
export function setsJudge(
  sets: VerificationSets,
  options: TableJudgeOptions,
): TableJudge {
  const names = namesOf(sets);
  const average = averageColumn(names.map(columnOf), [
    ...new Set(Object.values(OFFICIAL)),
  ]);
  return {
    columns: [...names.map(columnOf), average],
    headlines: [average],
    source: options.source,
    async judge(embedder, { signal }) {
      const results = await verify(embedder, sets, signal);
      const scores = names.map((name) => 100 * results[name].accuracy.mean);
      return {
        values: {
          ...Object.fromEntries(
            names.map((name, i) => [columnOf(name), scores[i]]),
          ),
          [average]: scores.reduce((sum, score) => sum + score) / scores.length,
        },
        absent: {},
        protocols: Object.fromEntries(
          names.map((name) => [columnOf(name), results[name].protocol]),
        ),
      };
    },
    overlap: (others, { signal }) =>
      overlapOf(
        isDataset(sets) ? usedRecords(sets) : Object.values(sets),
        others,
        signal,
      ),
  };
}

async function verify(
  embedder: Embedder,
  sets: VerificationSets,
  signal: AbortSignal | undefined,
): Promise<{ [name: string]: EvaluatedVerification }> {
  const options = { ...(signal && { signal }) };
  if (isDataset(sets)) {
    return (await evaluateVerificationSets(embedder, sets, options)).sets;
  }
  const results: { [name: string]: EvaluatedVerification } = {};
  for (const [name, set] of Object.entries(sets)) {
    results[name] = await evaluateVerification(embedder, set, options);
  }
  return results;
}

/**
 * Looks for the images of several tests among others.
 *
 * @param tests Images, or records of them.
 * @param others Sets by name.
 * @param signal Ends the work.
 * @returns One entry for each of the others.
 *
 * @example
 * ```ts
 * import { proceduralFaces } from "@outis/outis/world";
 * import { overlapOf } from "./table_judges.ts";
 *
 * const faces = proceduralFaces({ identities: 1, imagesPerIdentity: 2, size: 32 });
 * const [{ affected }] = await overlapOf([faces], { faces });
 * console.log(affected); // 2
 * ```
 */
export async function overlapOf(
  tests: readonly ImageSet[] | readonly ImageRecord[],
  others: { [name: string]: ImageSet },
  signal?: AbortSignal,
): Promise<TestOverlap[]> {
  // Together, so that the others are looked at once.
  const records = (tests as readonly (ImageSet | ImageRecord)[])
    .flatMap((test) => "images" in test ? imageRecords(test) : [test]);
  return await checkOverlap(records, others, { ...(signal && { signal }) });
}

function isDataset(sets: VerificationSets): sets is Dataset {
  return Array.isArray((sets as Dataset).records);
}

function namesOf(sets: VerificationSets): string[] {
  return isDataset(sets)
    ? [...new Set((sets.pairs ?? []).map(({ group = sets.layout }) => group))]
    : Object.keys(sets);
}

function columnOf(name: string): string {
  return OFFICIAL[name.toLowerCase().replaceAll(/[^a-z0-9]/g, "")] ?? name;
}

/**
 * Heading of the mean over sets: one over other sets than the paper's is not its average.
 *
 * @param names Columns of the sets.
 * @param official Those that the paper averages over.
 * @returns The heading.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { averageColumn } from "./table_judges.ts";
 *
 * assertEquals(averageColumn(["LFW"], ["LFW", "CALFW"]), "average of 1");
 * ```
 */
export function averageColumn(
  names: readonly string[],
  official: readonly string[],
): string {
  const isOfficial = names.length === official.length &&
    official.every((name) => names.includes(name));
  return isOfficial ? "average" : `average of ${names.length}`;
}

/**
 * The images that the pairs of a list ask for.
 *
 * @param list Records and pairs.
 * @returns Records, in their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { usedRecords } from "./table_judges.ts";
 *
 * const records = ["a", "b", "c"].map((identity) => ({ path: `${identity}.png`, identity }));
 * const list = { layout: "", protocol: "", problems: [], records, pairs: [{ first: 2, second: 0, same: false }] };
 * assertEquals(usedRecords(list).map(({ identity }) => identity), ["a", "c"]);
 * ```
 */
export function usedRecords({ records, pairs = [] }: Dataset): ImageRecord[] {
  const used = new Set(pairs.flatMap(({ first, second }) => [first, second]));
  return records.filter((_, i) => used.has(i));
}
