/**
 * Which candidates stay, by their utility (section 4.3 of the paper).
 *
 * @module
 */
import { checkFinite, checkLength, checkRange } from "../core/mod.ts";

/** Options of {@linkcode selectLookahead}: how many to keep, as a fraction or as a number. */
export interface SelectLookaheadOptions {
  /** Fraction of the candidates to keep, in [0, 1]; their number is rounded to the nearest. @default 0.5 */
  keepFraction?: number;
  /** Number of candidates to keep, at most all. Not together with `keepFraction`. */
  keepCount?: number;
  /**
   * Identity of each candidate, `[C]`. With it fraction or number are those of each identity, so that none is left out
   * because its images are hard; an identity with fewer candidates than `keepCount` keeps all of its own.
   * @default over the batch, whatever the identities
   */
  labels?: ArrayLike<number>;
}

/**
 * Selects the candidates with the smallest utility Δl (eq. 12): those whose loss the coming step lowers most.
 *
 * @param utility Utility of each candidate, `[C]`, in nats.
 * @param options How many to keep, of the batch or of each identity.
 * @returns Indices of the kept candidates, smallest utility first; among equal ones the lower index first.
 * @throws {TypeError} If both a fraction and a number are given, or the number of labels differs from C.
 * @throws {RangeError} If a utility is not finite, or an option is out of range.
 *
 * @example
 * ```ts
 * import { selectLookahead } from "@outis/outis/selection";
 *
 * const utility = [0.3, -0.2, 0.1, -0.2];
 * selectLookahead(utility); // [1, 3]
 * selectLookahead(utility, { labels: [0, 1, 0, 1] }); // [1, 2]
 * ```
 */
export function selectLookahead(
  utility: ArrayLike<number>,
  options: SelectLookaheadOptions = {},
): Uint32Array {
  const { keepFraction = 0.5, keepCount, labels } = options;
  const act = "select candidates";
  const total = utility.length;
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
      max: total,
      integer: true,
    });
  }
  if (labels !== undefined) checkLength(act, "labels", labels, total);
  const left = new Map<number | undefined, number>();
  const sizes = new Map<number | undefined, number>();
  for (let i = 0; i < total; i++) {
    sizes.set(labels?.[i], (sizes.get(labels?.[i]) ?? 0) + 1);
  }
  for (const [label, size] of sizes) {
    left.set(label, keepCount ?? Math.round(keepFraction * size));
  }
  return Uint32Array.from({ length: total }, (_, i) => i)
    .sort((a, b) => utility[a] - utility[b] || a - b)
    .filter((i) => {
      const places = left.get(labels?.[i])!;
      left.set(labels?.[i], places - 1);
      return places > 0;
    });
}
