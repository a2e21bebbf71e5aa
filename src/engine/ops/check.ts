/**
 * Checks of the operations' arguments, all with one sentence: what cannot be done, which argument, the rule, the value.
 *
 * @module
 */
import type { tf } from "../tf.ts";

/**
 * Checks shape and number type of a tensor.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param tensor The argument.
 * @param shape Expected length of each axis; `null` allows any.
 * @param dtype Expected number type. Default: float32.
 * @throws {TypeError} If one differs.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertThrows } from "@std/assert";
 * import { checkTensor } from "./check.ts";
 *
 * const rows = [null, 3]; // any number of rows of three
 * checkTensor("score", "features", tf.zeros([5, 3]), rows);
 * assertThrows(
 *   () => checkTensor("score", "features", tf.zeros([5]), rows),
 *   TypeError,
 *   "Cannot score as 'features' must be of shape [any, 3]",
 * );
 * ```
 */
export function checkTensor(
  act: string,
  name: string,
  tensor: tf.Tensor,
  shape: readonly (number | null)[],
  dtype: tf.DataType = "float32",
): void {
  const fits = tensor.shape.length === shape.length &&
    shape.every((size, axis) => size === null || size === tensor.shape[axis]);
  if (!fits) {
    const wanted = shape.map((size) => size ?? "any").join(", ");
    throw refusal(act, name, `of shape [${wanted}]`, shapeOf(tensor));
  }
  checkDtype(act, name, tensor, dtype);
}

/**
 * Checks the number type of a tensor.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param tensor The argument.
 * @param dtype Expected number type. Default: float32.
 * @throws {TypeError} If it differs.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { checkDtype } from "./check.ts";
 *
 * checkDtype("look up rows", "ids", tf.tensor1d([2, 0], "int32"), "int32");
 * ```
 */
export function checkDtype(
  act: string,
  name: string,
  tensor: tf.Tensor,
  dtype: tf.DataType = "float32",
): void {
  if (tensor.dtype !== dtype) throw refusal(act, name, dtype, tensor.dtype);
}

/**
 * Checks a number.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param value The argument.
 * @param rule What it has to be, as the sentence says it.
 * @param holds Whether it is.
 * @throws {RangeError} If not.
 *
 * @example
 * ```ts
 * import { checkNumber } from "./check.ts";
 *
 * const stride = 2;
 * checkNumber("convolve", "stride", stride, "at least 1", stride >= 1);
 * ```
 */
export function checkNumber(
  act: string,
  name: string,
  value: number,
  rule: string,
  holds: boolean,
): void {
  if (!holds) throw new RangeError(sentence(act, name, rule, `${value}`));
}

/**
 * Checks a small number that is added or compared to keep a division finite.
 *
 * @param act What the caller is about to do.
 * @param epsilon The number.
 * @throws {RangeError} If it is not positive and finite.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkEpsilon } from "./check.ts";
 *
 * checkEpsilon("normalise", 1e-6);
 * assertThrows(() => checkEpsilon("normalise", 0), RangeError);
 * ```
 */
export function checkEpsilon(act: string, epsilon: number): void {
  const holds = epsilon > 0 && epsilon < Infinity;
  checkNumber(act, "epsilon", epsilon, "positive and finite", holds);
}

/**
 * The error of a tensor that does not fit.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param rule What it has to be.
 * @param value What it is.
 * @returns The error, to be thrown.
 *
 * @example
 * ```ts
 * import { refusal } from "./check.ts";
 *
 * const error = refusal("add", "x", "float32", "int32");
 * error.message; // Cannot add as 'x' must be float32: current value is int32
 * ```
 */
export function refusal(
  act: string,
  name: string,
  rule: string,
  value: string,
): TypeError {
  return new TypeError(sentence(act, name, rule, value));
}

/**
 * The shape of a tensor, for a sentence.
 *
 * @param tensor The tensor.
 * @returns As in `"shape [2, 3]"`.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { shapeOf } from "./check.ts";
 *
 * assertEquals(shapeOf(tf.zeros([2, 3])), "shape [2, 3]");
 * ```
 */
export function shapeOf(tensor: tf.Tensor): string {
  return `shape [${tensor.shape.join(", ")}]`;
}

function sentence(
  act: string,
  name: string,
  rule: string,
  value: string,
): string {
  return `Cannot ${act} as '${name}' must be ${rule}: current value is ${value}`;
}
