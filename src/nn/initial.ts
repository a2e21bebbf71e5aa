/**
 * First values of weights.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { RandomStream } from "../core/mod.ts";

/**
 * Draws a tensor uniformly from [-bound, bound]; the draw depends on `random` and `name` only.
 *
 * @returns Owned by the caller.
 *
 * @example
 * ```ts
 * import { uniformTensor } from "@outis/outis/nn";
 * import { useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * console.log(uniformTensor(randomStream(1), "fc.weight", [2, 3], 0.1).shape); // [2, 3]
 * ```
 */
export function uniformTensor(
  random: RandomStream,
  name: string,
  shape: number[],
  bound: number,
): tf.Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = random.fork(name).uniforms(count);
  for (let i = 0; i < count; i++) values[i] = (2 * values[i] - 1) * bound;
  return tf.tensor(values, shape);
}

/**
 * Draws a tensor from a normal distribution with mean 0; the draw depends on `random` and `name` only.
 *
 * @returns Owned by the caller.
 *
 * @example
 * ```ts
 * import { normalTensor } from "@outis/outis/nn";
 * import { useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * console.log(normalTensor(randomStream(1), "table.weight", [2, 3], 0.02).shape); // [2, 3]
 * ```
 */
export function normalTensor(
  random: RandomStream,
  name: string,
  shape: number[],
  standardDeviation: number,
): tf.Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = random.fork(name).normals(count);
  for (let i = 0; i < count; i++) values[i] *= standardDeviation;
  return tf.tensor(values, shape);
}
