import { AssertionError } from "@std/assert";
import type { tf } from "../../src/engine/mod.ts";

/** Numbers in any of the forms a test has them in. */
export type Numbers =
  | number
  | ArrayLike<number>
  | readonly NestedNumbers[]
  | tf.Tensor;

type NestedNumbers = number | readonly NestedNumbers[];

/**
 * Asserts that numbers are close: `|a - e| <= tolerance * max(1, |e|)` for
 * each, infinities equal, never NaN. Shapes have to agree exactly where both
 * sides have one (tensors and nested arrays; nothing is broadcast), else the
 * counts.
 *
 * @param actual Tensor (borrowed), array, typed array or number.
 * @param expected The same, in any of these forms.
 * @param tolerance Largest difference. Default: 1e-5.
 */
export function assertClose(
  actual: Numbers,
  expected: Numbers,
  tolerance = 1e-5,
): void {
  const [a, e] = [flatten(actual), flatten(expected)];
  const hasShapes = a.shape !== undefined && e.shape !== undefined;
  if (
    a.values.length !== e.values.length ||
    (hasShapes && String(a.shape) !== String(e.shape))
  ) {
    throw new AssertionError(
      `Expected shape [${e.shape ?? e.values.length}], ` +
        `got [${a.shape ?? a.values.length}]`,
    );
  }
  let worst = -1;
  let excess = 1;
  for (let i = 0; i < e.values.length; i++) {
    const [x, y] = [a.values[i], e.values[i]];
    if (x === y) continue;
    const ratio = Math.abs(x - y) / (tolerance * Math.max(1, Math.abs(y)));
    // Written so that NaN on either side counts as the worst of all.
    if (ratio <= excess) continue;
    worst = i;
    excess = Number.isNaN(ratio) ? Infinity : ratio;
  }
  if (worst >= 0) {
    throw new AssertionError(
      `Expected ${e.values[worst]}, got ${a.values[worst]} at index ${worst} ` +
        `of ${e.values.length}: ${excess.toPrecision(3)} times the ` +
        `tolerance ${tolerance}`,
    );
  }
}

interface Flat {
  values: ArrayLike<number>;
  shape?: number[];
}

function flatten(numbers: Numbers): Flat {
  if (typeof numbers === "number") return { values: [numbers], shape: [] };
  if ("dataSync" in numbers) {
    return { values: numbers.dataSync(), shape: numbers.shape };
  }
  if (!Array.isArray(numbers)) return { values: numbers as ArrayLike<number> };
  const shape: number[] = [];
  let level: NestedNumbers = numbers as NestedNumbers;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0];
  }
  const values = numbers.flat(Infinity) as number[];
  // A plain list may stand for a tensor of any shape; a nested one may not.
  return shape.length > 1 ? { values, shape } : { values };
}
