/**
 * Checks on the labels of a batch. They look at numbers, so they belong outside traced functions.
 *
 * @module
 */
import type { ExpressiveDiversityOptions } from "./expressive_diversity.ts";
import type { MemoryBank } from "./memory_bank.ts";

/** What to do with an identity that has too few samples for a covariance. */
export type SmallGroups = "refuse" | "zeroSpread";

/** Options of {@linkcode checkBatch}: those of {@linkcode scoreBatch} that the labels must agree with. */
export interface CheckBatchOptions {
  /** Options of eq. 9; leave-one-out needs three samples of an identity, else two. */
  expressive?: ExpressiveDiversityOptions;
  /** Whether identities with too few samples are refused. @default "refuse" */
  smallGroups?: SmallGroups;
  /** Promised length of the runs of equal labels. */
  samplesPerIdentity?: number;
  /** Whether a batch of one identity is refused: eq. 10 leaves eq. 9 no signal there. @default true */
  manyIdentities?: boolean;
}

/**
 * Checks that the labels of a batch can be scored.
 *
 * {@linkcode scoreBatch} calls it where labels can be looked at; for a traced function call it before.
 *
 * @param labels Identity of each sample, `[B]`.
 * @param bank The memory bank.
 * @param options What is asked of the batch.
 * @throws {RangeError} If a label is not the bank's, an identity has too few samples, the batch has one identity only,
 * a promised run holds several, or an identity has two runs.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { checkBatch, MemoryBank } from "@outis/outis/rewards";
 *
 * const references = tf.tensor2d([[1, 0], [0, 1], [-1, 0], [-1, 1]]);
 * using bank = MemoryBank.fromFeatures(references, [0, 0, 1, 1], {
 *   fingerprint: "an embedder's",
 * });
 * checkBatch([0, 0, 1, 1], bank, { samplesPerIdentity: 2 });
 * ```
 */
export function checkBatch(
  labels: ArrayLike<number>,
  bank: MemoryBank,
  options: CheckBatchOptions = {},
): void {
  const {
    expressive = {},
    smallGroups = "refuse",
    samplesPerIdentity = 1,
    manyIdentities = true,
  } = options;
  const act = "score a batch";
  const counts = new Map<number, number>();
  const runs = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (bank.identities[label] === undefined) {
      throw new RangeError(
        `Cannot ${act} as 'labels[${i}]' must be one of the bank's 0 to ${
          bank.identities.length - 1
        }: current value is ${label}`,
      );
    }
    const first = i - i % samplesPerIdentity;
    if (label !== labels[first]) {
      throw new RangeError(
        `Cannot ${act} as 'labels[${i}]' must be that of its run of ${samplesPerIdentity}, ${
          labels[first]
        }: current value is ${label}`,
      );
    }
    const run = runs.get(label) ?? first;
    if (options.samplesPerIdentity !== undefined && run !== first) {
      throw new RangeError(
        `Cannot ${act} as 'labels[${i}]' must be an identity without an earlier run of ${samplesPerIdentity}: current value is ${label}, as at ${run}`,
      );
    }
    runs.set(label, first);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  if (manyIdentities && counts.size < 2) {
    throw new RangeError(
      `Cannot ${act} as the number of identities must be at least 2 where eq. 9 is shared and standardised over the batch: current value is ${counts.size}`,
    );
  }
  if (smallGroups === "zeroSpread") return;
  const least = expressive.credit === "leaveOneOut" ? 3 : 2;
  for (const [label, count] of counts) {
    if (count < least) {
      throw new RangeError(
        `Cannot ${act} as the number of samples of '${
          bank.identities[label]
        }' must be at least ${least}: current value is ${count}`,
      );
    }
  }
}

/**
 * The number of samples of each identity, if all have as many and an identity's come in a row.
 *
 * @param labels Identity of each sample, `[B]`.
 * @returns The number, or nothing if the batch is not made like that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { runLength } from "./check_batch.ts";
 *
 * assertEquals(runLength([4, 4, 0, 0, 9, 9]), 2);
 * assertEquals(runLength([4, 0, 4, 0]), undefined);
 * ```
 */
export function runLength(labels: ArrayLike<number>): number | undefined {
  const total = labels.length;
  let length = 1;
  while (length < total && labels[length] === labels[0]) length++;
  const identities = new Set<number>();
  for (let i = 0; i < total; i++) {
    if (labels[i] !== labels[i - i % length]) return undefined;
    identities.add(labels[i]);
  }
  return identities.size * length === total ? length : undefined;
}
