/**
 * How much noise at which time.
 *
 * | symbol | here |
 * | --- | --- |
 * | β_t | `betas[t]` |
 * | ᾱ_t = Π (1 - β_s) | `alphaBars[t]` |
 *
 * @module
 */
import { checkOneOf, checkRange } from "../core/mod.ts";

/** A discrete noise schedule, in float64. */
export interface DiffusionSchedule {
  /** Number of time steps, T. Time 0 is almost clean, T - 1 almost pure noise. */
  steps: number;
  /** Variance added at each step, in (0, 1). */
  betas: Float64Array;
  /** Share of the signal's variance left after each step, in (0, 1), falling. */
  alphaBars: Float64Array;
}

/** Options of {@linkcode diffusionSchedule}. */
export interface DiffusionScheduleOptions {
  /**
   * `"linear"`: β from 1e-4 to 0.02 (scaled by 1000 / steps), as the published DiT was trained. `"cosine"`: ᾱ along a
   * squared cosine (Nichol and Dhariwal, 2021), which wastes fewer steps on small images.
   *
   * @default {"linear"}
   */
  kind?: "linear" | "cosine";
  /**
   * Number of time steps.
   *
   * @default {1000}
   */
  steps?: number;
  /** A schedule of one's own, in place of `kind` and `steps`: the variance added at each step, in (0, 1). */
  betas?: ArrayLike<number>;
}

/**
 * Makes a noise schedule: x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε.
 *
 * @throws {RangeError} If the number of steps is no whole number above 1, or above 20 for the linear schedule, whose β
 * reaches 1 there; or one of `betas` is not in (0, 1).
 * @throws {TypeError} If `betas` come together with `kind` or `steps`.
 *
 * @example
 * ```ts
 * import { diffusionSchedule } from "@outis/outis/diffusion";
 *
 * const schedule = diffusionSchedule({ kind: "cosine", steps: 1000 });
 * console.log(schedule.alphaBars[500]); // about 0.49
 * ```
 */
export function diffusionSchedule(
  options: DiffusionScheduleOptions = {},
): DiffusionSchedule {
  const betas = options.betas === undefined
    ? betasOf(options)
    : ownBetas(options.betas, options);
  const steps = betas.length;
  const alphaBars = new Float64Array(steps);
  let product = 1;
  for (let t = 0; t < steps; t++) {
    product *= 1 - betas[t];
    alphaBars[t] = product;
  }
  return { steps, betas, alphaBars };
}

function betasOf(options: DiffusionScheduleOptions): Float64Array {
  const { kind = "linear", steps = 1000 } = options;
  checkOneOf("make a noise schedule", "kind", kind, ["linear", "cosine"]);
  checkRange("make a noise schedule", "steps", steps, {
    min: kind === "linear" ? 21 : 2,
    integer: true,
  });
  return kind === "linear" ? linearBetas(steps) : cosineBetas(steps);
}

function ownBetas(
  betas: ArrayLike<number>,
  { kind, steps }: DiffusionScheduleOptions,
): Float64Array {
  const act = "make a noise schedule";
  if (kind !== undefined || steps !== undefined) {
    throw new TypeError(
      `Cannot ${act} as 'betas' must be without 'kind' and 'steps': current value is beside ${
        kind === undefined ? "'steps'" : "'kind'"
      }`,
    );
  }
  checkRange(act, "number of betas", betas.length, { min: 1 });
  return Float64Array.from(betas, (beta, t) => {
    checkRange(act, `betas[${t}]`, beta, { min: 0, max: 1, exclusive: true });
    return beta;
  });
}

function linearBetas(steps: number): Float64Array {
  const scale = 1000 / steps;
  const [first, last] = [scale * 1e-4, scale * 0.02];
  return Float64Array.from(
    { length: steps },
    (_, t) => first + (last - first) * t / (steps - 1),
  );
}

function cosineBetas(steps: number): Float64Array {
  const alphaBar = (share: number) =>
    Math.cos((share + 0.008) / 1.008 * Math.PI / 2) ** 2;
  return Float64Array.from({ length: steps }, (_, t) =>
    // The bound keeps the last steps from destroying everything at once.
    Math.min(1 - alphaBar((t + 1) / steps) / alphaBar(t / steps), 0.999));
}
