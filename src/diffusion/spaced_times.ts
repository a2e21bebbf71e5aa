/**
 * Which times of a schedule a shorter chain visits.
 *
 * @module
 */
import { checkOneOf, checkRange } from "../core/mod.ts";

/** How a shorter chain's times lie in the schedule. */
export type Spacing = "even" | "leading" | "trailing";

/** Options of {@linkcode spacedTimes}. */
export interface SpacedTimesOptions {
  /**
   * `"even"`: from T - 1 to 0, evenly and rounded, halves to the even neighbour (NumPy's `linspace`, and the respacing of
   * Improved DDPM and DiT, except that adding up strides in floating point sends some halves the other way there).
   * `"leading"`: multiples of ⌊T / count⌋ from 0 on, as DDIM. `"trailing"`: T - i T / count, rounded, less 1, from T - 1
   * down (Lin et al., 2024, table 2).
   *
   * @default {"even"}
   */
  spacing?: Spacing;
}

/**
 * Times of a respaced chain, the noisiest first.
 *
 * A chain of one transition starts at T - 1 with `"even"`, the only time its x_T comes from.
 *
 * @param steps Number of time steps of the schedule, T.
 * @param count Number of times, at most T.
 * @param options How they are spread.
 * @returns Falling whole numbers in [0, T).
 * @throws {RangeError} If T is no whole number above 0, `count` none in [1, T], or there is no such spacing.
 *
 * @example
 * ```ts
 * import { spacedTimes } from "@outis/outis/diffusion";
 *
 * console.log(spacedTimes(1000, 4)); // [999, 666, 333, 0]
 * console.log(spacedTimes(1000, 4, { spacing: "leading" })); // [750, 500, 250, 0]
 * console.log(spacedTimes(1000, 4, { spacing: "trailing" })); // [999, 749, 499, 249]
 * ```
 */
export function spacedTimes(
  steps: number,
  count: number,
  options: SpacedTimesOptions = {},
): number[] {
  const { spacing = "even" } = options;
  const act = "space times";
  checkOneOf(act, "spacing", spacing, ["even", "leading", "trailing"]);
  checkRange(act, "steps", steps, { min: 1, integer: true });
  checkRange(act, "count", count, { min: 1, max: steps, integer: true });
  return Array.from({ length: count }, (_, i) => {
    const left = count - 1 - i;
    if (spacing === "leading") return left * Math.floor(steps / count);
    if (spacing === "trailing") {
      return roundHalfEven(steps - i * (steps / count)) - 1;
    }
    return count === 1
      ? steps - 1
      : roundHalfEven(left * ((steps - 1) / (count - 1)));
  });
}

function roundHalfEven(x: number): number {
  const above = Math.round(x);
  return above - x === 0.5 && above % 2 !== 0 ? above - 1 : above;
}
