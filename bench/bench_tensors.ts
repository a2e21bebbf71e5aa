/**
 * One benchmark of a function of tensors.
 *
 * @module
 */
import { tf } from "../src/engine/mod.ts";

/** Options of {@linkcode benchTensors}. */
export interface BenchTensorsOptions {
  /** Benchmarks of one group are shown together. */
  group: string;
  /** Whether the others of the group are compared with this one. @default {false} */
  baseline?: boolean;
  /** How often it runs; without it, until its time is known well. */
  n?: number;
}

/**
 * Registers a benchmark.
 *
 * Operations run synchronously, so their time is all there is; reading one number makes sure of it.
 *
 * @param name What is done.
 * @param fn Does it. Its results are freed.
 */
export function benchTensors(
  name: string,
  fn: () => tf.TensorContainer,
  { n, ...options }: BenchTensorsOptions,
): void {
  Deno.bench({
    name,
    ...options,
    ...(n === undefined ? {} : { n, warmup: 1 }),
    fn() {
      tf.dispose(tf.tidy(fn));
    },
  });
}
