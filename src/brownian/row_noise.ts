/**
 * Noise that a row has to itself.
 *
 * @module
 */
import type { RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/**
 * Standard normal numbers, each row from its own stream: what one row gets does not depend on how many others there are.
 *
 * @param streams One a row, drawn from at their present index.
 * @param width Numbers in a row.
 * @returns `[streams.length, width]`. Owned by the caller.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { rowNoise } from "@outis/outis/brownian";
 *
 * const random = randomStream(1);
 * console.log(rowNoise([random.fork(0), random.fork(1)], 3).shape); // [2, 3]
 * ```
 */
export function rowNoise(
  streams: readonly RandomStream[],
  width: number,
): tf.Tensor2D {
  const values = new Float32Array(streams.length * width);
  streams.forEach((stream, i) => values.set(stream.normals(width), i * width));
  return tf.tensor2d(values, [streams.length, width]);
}

/**
 * A stream for each row.
 *
 * @param count Rows.
 * @param streamOf The stream of a row.
 * @returns The streams.
 *
 * @example
 * ```ts
 * import { randomStream } from "@outis/outis/core";
 * import { rowStreams } from "./row_noise.ts";
 *
 * const random = randomStream(1);
 * console.log(rowStreams(2, (i) => random.fork("noise", i)).length); // 2
 * ```
 */
export function rowStreams(
  count: number,
  streamOf: (row: number) => RandomStream,
): RandomStream[] {
  return Array.from({ length: count }, (_, i) => streamOf(i));
}
