/**
 * Checks on values, where there are values: not while `jit` traces a function, nor on a graphics adapter, which hands
 * them over later.
 *
 * @module
 */
import { checkFinite, checkShape } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** Lengths whose square float32 holds. */
const [SHORTEST, LONGEST] = [1e-12, 1e19];

/**
 * Checks that features are finite and that each has a direction.
 *
 * Every reward function does it where values can be looked at. Inside a traced function they cannot: there a zero vector
 * has the cosine 0 with everything, and NaN comes out as NaN. So call this where features enter such a function.
 *
 * @param act What the caller is about to do, as in "build a memory bank".
 * @param name Name of the argument.
 * @param features Feature vectors, `[B, D]`. Borrowed; their values are read.
 * @throws {TypeError} If the tensor has not two axes.
 * @throws {RangeError} If there are no rows, a value is NaN or infinite, or a row is zero, shorter than 1e-12 or longer
 * than 1e19; the sentence names the row.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { checkFeatures } from "@outis/outis/rewards";
 *
 * checkFeatures("score images", "features", tf.tensor2d([[0, 2], [1, 1]]));
 * ```
 */
export function checkFeatures(
  act: string,
  name: string,
  features: tf.Tensor2D,
): void {
  checkShape(act, name, features, [null, null]);
  const [rows, width] = features.shape;
  if (rows === 0 || width === 0) {
    throw new RangeError(
      `Cannot ${act} as '${name}' must be non-empty: current value is of shape [${rows}, ${width}]`,
    );
  }
  checkDirections(act, (row) => `${name}[${row}]`, features);
}

/**
 * Checks that a vector is finite and has a direction, as {@linkcode checkFeatures} does.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param vector Vector, `[D]`. Borrowed; its values are read, where there are values.
 * @throws {RangeError} If it is not finite, zero, shorter than 1e-12 or longer than 1e19.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertThrows } from "@std/assert";
 * import { checkDirection } from "./check_features.ts";
 *
 * checkDirection("score", "prototype", tf.tensor1d([1, 0]));
 * const zero = tf.tensor1d([0, 0]);
 * assertThrows(() => checkDirection("score", "prototype", zero), RangeError);
 * ```
 */
export function checkDirection(
  act: string,
  name: string,
  vector: tf.Tensor1D,
): void {
  tf.tidy(() => checkDirections(act, () => name, tf.expandDims(vector)));
}

function checkDirections(
  act: string,
  name: (row: number) => string,
  vectors: tf.Tensor,
): void {
  if (!hasValues()) return;
  const lengths = tf.tidy(() =>
    tf.sqrt(tf.sum(tf.square(vectors), 1)).dataSync()
  );
  const row = lengths.findIndex((length) =>
    !(length >= SHORTEST && length <= LONGEST)
  );
  if (row < 0) return;
  const { rule, found } = whatIsWrong(
    tf.tidy(() =>
      tf.slice(vectors, [row, 0], [1, vectors.shape[1]!]).dataSync()
    ),
  );
  throw new RangeError(
    `Cannot ${act} as '${
      name(row)
    }' must be ${rule}: current value is ${found}`,
  );
}

/**
 * Checks that values are finite.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param values Any shape. Borrowed; its values are read, where there are values.
 * @throws {RangeError} If one is NaN or infinite; the sentence names the first.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertThrows } from "@std/assert";
 * import { checkFiniteValues } from "./check_features.ts";
 *
 * checkFiniteValues("score", "values", tf.tensor1d([1, 2]));
 * const broken = tf.tensor1d([1, NaN]);
 * assertThrows(() => checkFiniteValues("score", "values", broken), RangeError);
 * ```
 */
export function checkFiniteValues(
  act: string,
  name: string,
  values: tf.Tensor,
): void {
  if (!hasValues()) return;
  // One number to read: 0, or NaN.
  const sum = tf.tidy(() => tf.sum(tf.mul(values, 0)).dataSync()[0]);
  if (sum !== 0) checkFinite(act, name, values.dataSync());
}

/**
 * Whether tensors can be looked at now.
 *
 * @returns `false` while `jit` traces and on webgpu.
 *
 * @example
 * ```ts
 * import { jit, tf } from "@outis/outis/engine";
 * import { assert } from "@std/assert";
 * import { hasValues } from "./check_features.ts";
 *
 * assert(hasValues() || tf.getBackend() === "webgpu");
 * jit((x: tf.Tensor) => {
 *   assert(!hasValues() || tf.getBackend() !== "tensorflow");
 *   return tf.square(x);
 * })(tf.scalar(2)).print(); // 4
 * ```
 */
export function hasValues(): boolean {
  const backend = tf.backend() as { isTracing?: () => boolean };
  return tf.getBackend() !== "webgpu" && backend.isTracing?.() !== true;
}

/** What keeps a vector from having a direction in float32. */
function whatIsWrong(vector: ArrayLike<number>): {
  rule: string;
  found: string;
} {
  const rule = "finite and not zero";
  const values = Array.from(vector);
  if (!values.every(Number.isFinite)) {
    return { rule, found: "a vector with NaN or Infinity" };
  }
  const length = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
  if (length === 0) return { rule, found: "a zero vector" };
  return {
    rule: `of a length from ${SHORTEST} to ${LONGEST.toExponential()}`,
    found: `one of length ${length}`,
  };
}
