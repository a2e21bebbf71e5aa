/**
 * Batches that the accountant's amplification by sampling holds for.
 *
 * @module
 */
import { checkRange, type RandomStream } from "../core/mod.ts";

/** Options of {@linkcode poissonBatches}. */
export interface PoissonBatchesOptions {
  /** q, the chance of each unit to be in a batch, in (0, 1]. */
  sampleRate: number;
  /** Decides who is in; secret, where the result is to be published. */
  random: RandomStream;
}

/**
 * Batches by Poisson sampling: every unit is in a step's batch with chance q, whoever else is. Sizes vary around q · count,
 * and a batch may be empty.
 *
 * @param count Number of units.
 * @param options Rate and seed.
 * @returns The units of a step's batch, ascending; the same step always has the same.
 * @throws {RangeError} If the count is no whole number above 0, or the rate is out of range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { randomStream } from "@outis/outis/core";
 * import { poissonBatches } from "@outis/outis/privacy";
 *
 * const all = poissonBatches(3, { sampleRate: 1, random: randomStream(1, "batches") });
 * assertEquals(Array.from(all(0)), [0, 1, 2]);
 * ```
 */
export function poissonBatches(
  count: number,
  options: PoissonBatchesOptions,
): (step: number) => Int32Array<ArrayBuffer> {
  const { sampleRate, random } = options;
  const act = "make Poisson batches";
  checkRange(act, "count", count, { min: 1, integer: true });
  checkRange(act, "sampleRate", sampleRate, {
    min: 0,
    max: 1,
    exclusive: "min",
  });
  return (step) => {
    checkRange(act, "step", step, { min: 0, integer: true });
    const draw = random.fork("batch", step);
    const high = draw.fork("high").uniforms(count);
    // One uniform has 24 bits, which a small rate would be rounded to.
    const low = draw.fork("low").uniforms(count);
    const chosen: number[] = [];
    for (let i = 0; i < count; i++) {
      if (high[i] + low[i] * 2 ** -24 < sampleRate) chosen.push(i);
    }
    return Int32Array.from(chosen);
  };
}
