/**
 * Verification on several official sets, and their average.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import type { Dataset } from "../data/mod.ts";
import { type ProtocolRecord, protocolRecord } from "../metrics/mod.ts";
import {
  type EvaluatedVerification,
  evaluateVerification,
  type EvaluateVerificationOptions,
} from "./evaluate_verification.ts";
import { datasetGroups, datasetTask } from "./verification_task.ts";

/** Result of {@linkcode evaluateVerificationSets}. */
export interface EvaluatedVerificationSets {
  /** Result of each set, by name, in the order of the list. */
  sets: { [name: string]: EvaluatedVerification };
  /** Mean over the sets of their mean accuracies, as in the field's tables; each set counts the same. */
  average: number;
  /** What was done, and how much there was in all. */
  protocol: ProtocolRecord;
}

/**
 * 10-fold verification on each set of a list (LFW, AgeDB-30, CFP-FP, CALFW, CPLFW in insightface's `.bin` files, or several
 * lists put together), and the average accuracy. One set after another: the images of one at most are in memory.
 *
 * @param embedder The recogniser to be judged.
 * @param test Records and pairs; a pair's `group` is the name of its set.
 * @param options As for {@linkcode evaluateVerification}.
 * @returns A result per set, and the average.
 * @throws {RangeError} If there are no pairs, or one set cannot be judged: the set is named.
 * @throws {SyntaxError} If an image is broken.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import type { Embedder } from "@outis/outis/core";
 * import { readVerificationBins } from "@outis/outis/data";
 * import { evaluateVerificationSets } from "@outis/outis/stages";
 *
 * // A folder with lfw.bin, agedb_30.bin, cfp_fp.bin, calfw.bin and cplfw.bin.
 * async function average(embedder: Embedder, folder: string): Promise<number> {
 *   const test = await readVerificationBins(folder);
 *   const { sets, average } = await evaluateVerificationSets(embedder, test);
 *   for (const [name, { accuracy }] of Object.entries(sets)) {
 *     console.log(name, accuracy.mean);
 *   }
 *   return average;
 * }
 * console.log(average.length); // 2
 * ```
 */
export async function evaluateVerificationSets(
  embedder: Embedder,
  test: Dataset,
  options: EvaluateVerificationOptions = {},
): Promise<EvaluatedVerificationSets> {
  const groups = datasetGroups(test);
  const total = groups.values().reduce(
    (sum, { pairs }) => sum + imagesOf(pairs!),
    0,
  );
  if (groups.size === 0) datasetTask(test, "test"); // refuses it
  const sets: EvaluatedVerificationSets["sets"] = {};
  let before = 0;
  for (const [name, list] of groups) {
    try {
      sets[name] = await evaluateVerification(embedder, list, {
        ...options,
        onProgress: (done) => options.onProgress?.(before + done, total),
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(`${error.message} (in the set ${name})`, {
        cause: error,
      });
    }
    before += imagesOf(list.pairs!);
  }
  const results = Object.entries(sets);
  return {
    sets,
    average: results.reduce((sum, [, { accuracy }]) => sum + accuracy.mean, 0) /
      results.length,
    protocol: protocolRecord({
      name: "verification over sets",
      parameters: {
        sets: Object.fromEntries(
          results.map(([name, { protocol }]) => [name, protocol.hash]),
        ),
        average: "mean of the sets' mean accuracies",
      },
      counts: {
        sets: results.length,
        pairs: results.reduce(
          (sum, [, { protocol }]) => sum + protocol.counts.pairs,
          0,
        ),
        images: total,
      },
    }),
  };
}

function imagesOf(pairs: NonNullable<Dataset["pairs"]>): number {
  return new Set(pairs.flatMap(({ first, second }) => [first, second])).size;
}
