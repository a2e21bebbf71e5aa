/**
 * What all angles of this room share: κ, the directions of embeddings, and cosines whose arccos has a derivative.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/** κ of the source: keeps the derivative of arccos finite. */
export const KAPPA = 0.999999;

/** Largest |cosine| in float32 whose arccos has a derivative. */
const LARGEST_COSINE = 1 - 2 ** -23;

/**
 * Cosines short of 1 and -1: parallel vectors are off by rounding, to either side.
 *
 * @param cosine Any shape. Borrowed.
 * @returns The same shape. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { boundedCosine } from "./angular_distance.ts";
 *
 * boundedCosine(tf.tensor1d([0.5, 1.0000001])).print(); // [0.5, 0.9999999]
 * ```
 */
export function boundedCosine(cosine: tf.Tensor): tf.Tensor {
  return tf.clipByValue(cosine, -LARGEST_COSINE, LARGEST_COSINE);
}

/**
 * Slope of the angle, up to its sign: κ / √(1 - c²).
 *
 * @param cosine c, bounded. Borrowed.
 * @param kappa κ.
 * @returns The same shape. Owned by the caller.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { angleSlope } from "./angular_distance.ts";
 *
 * angleSlope(tf.scalar(0.6), tf.scalar(1)).print(); // 1.25
 * ```
 */
export function angleSlope(
  cosine: tf.Tensor,
  kappa: tf.Tensor | number,
): tf.Tensor {
  return tf.tidy(() =>
    tf.div(kappa, tf.sqrt(tf.sub(1, tf.square(cosine)))) as tf.Tensor
  );
}

/**
 * Unit vectors and lengths.
 *
 * @param act What is being done, for the message.
 * @param name Of the argument, for the message.
 * @param vectors `[N, E]`. Borrowed.
 * @returns `[N, E]` and `[N, 1]`. Owned by the caller.
 * @throws {RangeError} If a vector is zero or not finite: it has no direction.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { directions } from "./angular_distance.ts";
 *
 * const [units] = directions("look", "embeddings", tf.tensor2d([[3, 4]]));
 * units.print(); // [[0.6, 0.8]]
 * ```
 */
export function directions(
  act: string,
  name: string,
  vectors: tf.Tensor2D,
): [units: tf.Tensor2D, lengths: tf.Tensor2D] {
  return tf.tidy(() => {
    const lengths = tf.norm(vectors, 2, 1, true) as tf.Tensor2D;
    const values = lengths.dataSync();
    const row = values.findIndex((length) =>
      !(length > 0 && length < Infinity)
    );
    if (row >= 0) {
      throw new RangeError(
        `Cannot ${act} as '${name}[${row}]' must be finite and not zero: current value is a vector of length ${
          values[row]
        }`,
      );
    }
    return [tf.div(vectors, lengths) as tf.Tensor2D, lengths];
  });
}
