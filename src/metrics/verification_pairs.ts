/**
 * Pairs of images to verify.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";

/** Pairs of images. */
export interface VerificationPairs {
  /** Index of the first image of each pair. */
  first: Int32Array;
  /** Index of the second image of each pair. */
  second: Int32Array;
  /** 1 where both show the same identity, else 0. */
  same: Uint8Array;
}

/** Options of {@linkcode verificationPairs}. */
export interface VerificationPairsOptions {
  /** Chooses and orders the pairs. */
  random: RandomStream;
  /** Number of folds the pairs are arranged for. @default 10 */
  folds?: number;
  /** Same pairs to use at most; as many different ones are added. @default 3000, as in LFW */
  samePairs?: number;
}

/** Pairs and how they were chosen. */
export interface ChosenPairs extends VerificationPairs {
  /** How they were chosen, in one sentence. */
  rule: string;
}

/**
 * Chooses pairs for a set of one's own, in the layout of LFW: contiguous folds, each half same, half different.
 *
 * Same pairs are all there are, or a random choice of them; different pairs are drawn at random, none twice. At most
 * folds - 1 same pairs are dropped to make the folds equal. Unlike LFW, an identity may appear in several folds, so the
 * folds are not independent and their spread understates the error of the mean.
 *
 * @param labels Identity of each image.
 * @param options Seed, folds and number.
 * @returns The pairs and the rule.
 * @throws {RangeError} If there are fewer same pairs than folds, or fewer different pairs than same ones.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 * import { verificationPairs } from "@outis/outis/metrics";
 *
 * const labels = [0, 0, 0, 1, 1, 1];
 * const random = randomStream(1, "pairs");
 * const { same } = verificationPairs(labels, { random, folds: 2 });
 * assert(same.join() === "1,1,1,0,0,0,1,1,1,0,0,0");
 * ```
 */
export function verificationPairs(
  labels: ArrayLike<number>,
  options: VerificationPairsOptions,
): ChosenPairs {
  const { random, folds = 10, samePairs = 3000 } = options;
  checkRange("choose pairs", "folds", folds, { min: 2, integer: true });
  const groups = [
    ...Map.groupBy(
      Array.from({ length: labels.length }, (_, i) => i),
      (i) => labels[i],
    ).values(),
  ];
  const choose2 = (n: number) => n * (n - 1) / 2;
  const possible = groups.reduce((sum, { length }) => sum + choose2(length), 0);
  const perFold = Math.floor(Math.min(possible, samePairs) / folds);
  const count = perFold * folds;
  const possibleDifferent = choose2(labels.length) - possible;
  if (count === 0 || possibleDifferent < count) {
    throw new RangeError(
      `Cannot choose pairs as 'labels' must be at least ${folds} same pairs and as many different ones: current value is ${possible} same, ${possibleDifferent} different`,
    );
  }

  const allSame = groups.flatMap((group) =>
    group.flatMap((a, i) =>
      group.slice(i + 1).map((b): [number, number] => [a, b])
    )
  );
  const order = random.fork("same").permutation(allSame.length);
  const same = Array.from(order.subarray(0, count), (k) => allSame[k]);
  const different = drawDifferent(labels, count, {
    random: random.fork("different"),
    possible: possibleDifferent,
  });
  const arranged = Array.from({ length: folds }, (_, fold) => {
    const part = [fold * perFold, (fold + 1) * perFold];
    return [...same.slice(...part), ...different.slice(...part)];
  }).flat();
  return {
    first: Int32Array.from(arranged, ([a]) => a),
    second: Int32Array.from(arranged, ([, b]) => b),
    same: Uint8Array.from(
      arranged,
      ([a, b]) => labels[a] === labels[b] ? 1 : 0,
    ),
    rule:
      `${count} of ${possible} same pairs and ${count} of ${possibleDifferent} different pairs of ${labels.length} images of ${groups.length} identities, chosen by seed, ${folds} balanced folds.`,
  };
}

function drawDifferent(
  labels: ArrayLike<number>,
  count: number,
  { random, possible }: { random: RandomStream; possible: number },
): [number, number][] {
  const n = labels.length;
  // Where most pairs are wanted, drawing would meet known ones again and again.
  if (possible < 2 * count) {
    const all: [number, number][] = [];
    for (let a = 0; a < n; a++) {
      for (let b = a + 1; b < n; b++) {
        if (labels[a] !== labels[b]) all.push([a, b]);
      }
    }
    const order = random.permutation(all.length).subarray(0, count);
    return Array.from(order, (k) => all[k]);
  }
  const seen = new Set<number>();
  const pairs: [number, number][] = [];
  while (pairs.length < count) {
    const [i, j] = [random.integer(n), random.integer(n)];
    const [a, b] = [Math.min(i, j), Math.max(i, j)];
    if (labels[a] === labels[b] || seen.has(a * n + b)) continue;
    seen.add(a * n + b);
    pairs.push([a, b]);
  }
  return pairs;
}
