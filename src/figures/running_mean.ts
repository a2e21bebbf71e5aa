/**
 * A running mean for noisy curves.
 *
 * @module
 */
/**
 * Running mean over a centred window: m_i = mean of the finite y_j with |j - i| <= (window - 1) / 2.
 *
 * Near the ends the window is cut off, so nothing is shifted and nothing is invented; a value that is not finite is
 * left out.
 *
 * @param values Values in order, any unit.
 * @param window Number of values averaged: odd, at least 1; 1 changes nothing.
 * @returns As many values, in the same unit; NaN where the window holds no finite value.
 * @throws {RangeError} If the window is no odd whole number.
 *
 * @example
 * ```ts
 * import { runningMean } from "@outis/outis/figures";
 *
 * runningMean([0, 3, 6, 9], 3); // [1.5, 3, 6, 7.5]
 * ```
 */
export function runningMean(
  values: ArrayLike<number>,
  window: number,
): number[] {
  if (!Number.isInteger(window) || window < 1 || window % 2 === 0) {
    throw new RangeError(
      `Cannot average a curve as 'window' must be an odd whole number: current value is ${window}`,
    );
  }
  const reach = (window - 1) / 2;
  return Array.from(values, (_, i) => {
    let sum = 0;
    let count = 0;
    const last = Math.min(values.length - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= last; j++) {
      if (!Number.isFinite(values[j])) continue;
      sum += values[j];
      count++;
    }
    return count === 0 ? NaN : sum / count;
  });
}
