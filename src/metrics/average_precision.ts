/**
 * What the ranks of the right images say about one search.
 *
 * @module
 */

/** How precision is averaged over recall. */
export type AveragePrecisionRule = "step" | "trapezoidal";

/**
 * Average precision of one search. With n right images at the ranks r_1 < ... < r_n, the precision at the i-th is i / r_i.
 *
 * - `"step"`: AP = 1/n sum_i i / r_i, as in torchreid and fast-reid.
 * - `"trapezoidal"`: AP = 1/n sum_i (p_i + i / r_i) / 2, where p_i = (i - 1) / (r_i - 1) is the precision just before,
 *   and 1 before the first rank, as in the MATLAB code that came with Market-1501.
 *
 * @param ranks Ranks of the right images, from 1, ascending, at least one.
 * @param rule Which of the two.
 * @returns In (0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { averagePrecision } from "@outis/outis/metrics";
 *
 * assertEquals(averagePrecision([1, 4], "step"), (1 / 1 + 2 / 4) / 2);
 * assertEquals(averagePrecision([1, 4], "trapezoidal"), (1 + (1 / 3 + 2 / 4) / 2) / 2);
 * ```
 */
export function averagePrecision(
  ranks: ArrayLike<number>,
  rule: AveragePrecisionRule,
): number {
  let sum = 0;
  for (let i = 0; i < ranks.length; i++) {
    const precision = (i + 1) / ranks[i];
    if (rule === "step") {
      sum += precision;
    } else {
      const before = ranks[i] === 1 ? 1 : i / (ranks[i] - 1);
      sum += (before + precision) / 2;
    }
  }
  return sum / ranks.length;
}
