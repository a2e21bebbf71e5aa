/**
 * Which candidates stay, by their utility (section 4.3 of the paper).
 *
 * @module
 */
import { checkFinite, checkRange } from "../core/mod.ts";

/** Options of {@linkcode selectLookahead}: how many to keep, as a fraction or as a number. */
export interface SelectLookaheadOptions {
  /** Fraction of the candidates to keep, in [0, 1]; their number is rounded to the nearest. @default 0.5 */
  keepFraction?: number;
  /** Number of candidates to keep, at most all. Not together with `keepFraction`. */
  keepCount?: number;
}

/**
 * Selects the candidates with the smallest utility Δl (eq. 12): those whose loss the coming step lowers most.
 *
 * @param utility Utility of each candidate, `[C]`, in nats.
 * @param options How many to keep.
 * @returns Indices of the kept candidates, smallest utility first; among equal ones the lower index first.
 * @throws {TypeError} If both a fraction and a number are given.
 * @throws {RangeError} If a utility is not finite, or an option is out of range.
 *
 * @example
 * ```ts
 * import { selectLookahead } from "@outis/outis/selection";
 *
 * selectLookahead([0.3, -0.2, 0.1, -0.2]); // [1, 3]
 * ```
 */
export function selectLookahead(
  utility: ArrayLike<number>,
  options: SelectLookaheadOptions = {},
): Uint32Array {
  const { keepFraction = 0.5, keepCount } = options;
  const act = "select candidates";
  checkFinite(act, "utility", utility);
  if (keepCount !== undefined && options.keepFraction !== undefined) {
    throw new TypeError(
      `Cannot ${act} as 'keepCount' must be given without 'keepFraction': current value is ${keepCount} beside ${options.keepFraction}`,
    );
  }
  checkRange(act, "keepFraction", keepFraction, { min: 0, max: 1 });
  if (keepCount !== undefined) {
    checkRange(act, "keepCount", keepCount, {
      min: 0,
      max: utility.length,
      integer: true,
    });
  }
  const kept = keepCount ?? Math.round(keepFraction * utility.length);
  return Uint32Array.from({ length: utility.length }, (_, i) => i)
    .sort((a, b) => utility[a] - utility[b] || a - b)
    .slice(0, kept);
}
