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
 * @throws {TypeError} If it differs.
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
 * @param rule What it has to be, as the sentence says it.
 * @param holds Whether it is.
 * @throws {RangeError} If not.
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
 * @throws {RangeError} If it is not positive and finite.
 */
export function checkEpsilon(act: string, epsilon: number): void {
  const holds = epsilon > 0 && epsilon < Infinity;
  checkNumber(act, "epsilon", epsilon, "positive and finite", holds);
}

/** The error of a tensor that does not fit. */
export function refusal(
  act: string,
  name: string,
  rule: string,
  value: string,
): TypeError {
  return new TypeError(sentence(act, name, rule, value));
}

/** The shape of a tensor, for a sentence. */
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
