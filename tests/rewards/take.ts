import type { tf } from "../../src/engine/mod.ts";

/** Values of a result, which is disposed: what is left over then has leaked. */
export function take(result: tf.Tensor): number[] {
  const values = Array.from(result.dataSync());
  result.dispose();
  return values;
}

/** The same for a record of results. */
export function takeAll<K extends string>(
  results: { [name in K]: tf.Tensor },
): { [name in K]: number[] } {
  const entries = Object.entries<tf.Tensor>(results);
  return Object.fromEntries(
    entries.map(([name, result]) => [name, take(result)]),
  ) as { [name in K]: number[] };
}
