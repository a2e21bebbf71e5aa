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
 * import { plainPreprocessing } from "@outis/outis/core";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { encodePng } from "@outis/outis/io";
 * import { evaluateVerificationSets } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * // Four people who are a colour each, twice; two short lists in the place of LFW and CFP-FP.
 * const records = Array.from({ length: 8 }, (_, i) => ({
 *   path: `${i}.png`,
 *   identity: `person ${i >> 1}`,
 *   bytes: () => {
 *     const [red, green] = [(i >> 1) & 1, i >> 2].map((bit) => 2 * bit - 1);
 *     const pixels = Float32Array.from({ length: 8 * 8 * 3 }, (_, k) => [red, green, i % 2][k % 3]);
 *     return encodePng({ pixels, height: 8, width: 8 });
 *   },
 * }));
 * const pairs = ["lfw", "cfp_fp"].flatMap((group) =>
 *   [0, 1, 2, 3].flatMap((person) => [
 *     { first: 2 * person, second: 2 * person + 1, same: true, fold: person, group },
 *     { first: 2 * person, second: (2 * person + 2) % 8, same: false, fold: person, group },
 *   ])
 * );
 * const embedder = {
 *   embed: (images: tf.Tensor4D) => tf.slice(tf.mean(images, [1, 2]), [0, 0], [-1, 2]) as tf.Tensor2D,
 *   width: 2,
 *   preprocessing: plainPreprocessing(8, 8),
 *   fingerprint: "red and green",
 * };
 * const { sets, average } = await evaluateVerificationSets(embedder, {
 *   layout: "pairs",
 *   protocol: "four people",
 *   records,
 *   pairs,
 *   problems: [],
 * });
 * console.log(Object.keys(sets), average); // ["lfw", "cfp_fp"] 1
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
