/**
 * Work done ahead of the one who needs it.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";

/** Options of {@linkcode prefetch}. */
export interface PrefetchOptions<T> {
  /** First step. @default 0 */
  from?: number;
  /** The step after the last. @default without end */
  to?: number;
  /** Steps that are begun before they are asked for. @default 2 */
  ahead?: number;
  /** Called with what was loaded and nobody took. @default nothing */
  dispose?: (value: T) => void;
  /** Ends it, also while it is waited for, by throwing the reason. */
  signal?: AbortSignal;
}

/**
 * Loads what the next steps need while the present one computes.
 *
 * Values come in the order of the steps, a few of them ahead and never more. Where loading fails, the error comes out at
 * its step, after all steps before. Leaving the loop, an error or the signal ends all: loads that are under way are told
 * by their signal and waited for, and what they bring is disposed.
 *
 * @param load Loads what a step needs.
 * @param options Steps, how far ahead.
 * @returns The values, for one `for await`.
 * @throws {RangeError} If a step or `ahead` is no whole number of at least 0.
 * @throws What `load` throws, or the signal's reason.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prefetch } from "@outis/outis/data";
 *
 * const squares = [];
 * for await (const value of prefetch((step) => step * step, { from: 3, to: 6 })) {
 *   squares.push(value);
 * }
 * assertEquals(squares, [9, 16, 25]);
 * ```
 */
export async function* prefetch<T>(
  load: (step: number, signal: AbortSignal) => T | Promise<T>,
  options: PrefetchOptions<T> = {},
): AsyncGenerator<T, void> {
  const { from = 0, to = Infinity, ahead = 2, dispose, signal } = options;
  const whole = { min: 0, integer: true };
  checkRange("prefetch", "from", from, whole);
  if (to !== Infinity) checkRange("prefetch", "to", to, whole);
  checkRange("prefetch", "ahead", ahead, whole);
  const own = new AbortController();
  const forward = () => own.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", forward, { once: true });
  const stopped = new Promise<never>((_, reject) => {
    own.signal.addEventListener("abort", () => reject(own.signal.reason));
  });
  stopped.catch(() => {});
  const loads: Promise<T>[] = [];
  let next = from;
  const begin = () => {
    const step = next++;
    const loading = Promise.resolve().then(() => load(step, own.signal));
    // Looked at when its step comes; until then its failure is no one's.
    loading.catch(() => {});
    loads.push(loading);
  };
  try {
    for (let step = from; step < to; step++) {
      while (next < to && next <= step + ahead) begin();
      const value = await Promise.race([loads[0], stopped]);
      loads.shift();
      yield value;
    }
  } finally {
    signal?.removeEventListener("abort", forward);
    own.abort(new DOMException("Nobody waits for it any more", "AbortError"));
    for (const result of await Promise.allSettled(loads)) {
      if (result.status === "fulfilled") dispose?.(result.value);
    }
  }
}
