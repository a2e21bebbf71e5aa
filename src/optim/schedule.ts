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

/** Options of {@linkcode stepRate}. */
export interface StepRateOptions {
  /** The highest rate. */
  peak: number;
  /** Numbers of the steps at which the rate is stepped down, in any order. */
  milestones: readonly number[];
  /**
   * What each step down leaves.
   *
   * @default {0.1}
   */
  factor?: number;
  /**
   * Steps of linear warm-up from 0.
   *
   * @default {0}
   */
  warmup?: number;
}

/**
 * Linear warm-up, then the peak, stepped down at milestones: `peak · factor^n` after n of them, as PyTorch's
 * `MultiStepLR`. During warm-up that rate is scaled, so a milestone there counts, too.
 *
 * @param step Number of the step, from 0.
 *
 * @example
 * ```ts
 * import { stepRate } from "@outis/outis/optim";
 *
 * const options = { peak: 1, milestones: [40, 70], warmup: 10 };
 * console.log([0, 9, 39, 40, 70].map((step) => stepRate(step, options))); // 0.1, 1, 1, 0.1, 0.01
 * ```
 */
export function stepRate(step: number, options: StepRateOptions): number {
  const { peak, milestones, factor = 0.1, warmup = 0 } = options;
  const passed = milestones.filter((at) => step >= at).length;
  const share = step < warmup ? (step + 1) / warmup : 1;
  return peak * factor ** passed * share;
}
