/**
 * Learning rates over time.
 *
 * @module
 */

/** Options of {@linkcode cosineRate}. */
export interface CosineRateOptions {
  /** The highest rate. */
  peak: number;
  /** Number of steps of the whole training. */
  steps: number;
  /**
   * Steps of linear warm-up from 0.
   *
   * @default {0}
   */
  warmup?: number;
  /**
   * Rate at the end, as a share of the peak.
   *
   * @default {0}
   */
  floor?: number;
}

/**
 * Linear warm-up, then half a cosine down to `floor · peak`.
 *
 * @param step Number of the step, from 0.
 *
 * @example
 * ```ts
 * import { cosineRate } from "@outis/outis/optim";
 *
 * console.log(cosineRate(50, { peak: 1, steps: 100 })); // 0.5
 * ```
 */
export function cosineRate(step: number, options: CosineRateOptions): number {
  const { peak, steps, warmup = 0, floor = 0 } = options;
  if (step < warmup) return peak * (step + 1) / warmup;
  const share = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * share)));
}
