/**
 * The Gaussian error linear unit.
 *
 * @module
 */
import { tf } from "../tf.ts";
import { checkDtype } from "./check.ts";
import { native } from "./native.ts";
import { isTakingGradient, withGradient } from "./own_gradient.ts";

/** Options of {@linkcode gelu}. */
export interface GeluOptions {
  /**
   * `"tanh"`: the approximation of DiT and GPT-2, within 5e-4 of the exact one. `"none"`: exact.
   *
   * @default {"none"}
   */
  approximate?: "tanh" | "none";
}

const CUBIC = 0.044715;
const SLOPE = Math.sqrt(2 / Math.PI);
const DENSITY = 1 / Math.sqrt(2 * Math.PI);

/**
 * Gaussian error linear unit, y = x Φ(x).
 *
 * Φ(x) = (1 + erf(x / √2)) / 2, or with `approximate: "tanh"` Φ(x) = (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³).
 * The gradients are Φ + x φ(x) with the normal density φ, and Φ + 2 x Φ (1 - Φ) du/dx. As PyTorch's `gelu`.
 *
 * @param x Any shape, float32. Borrowed.
 * @returns The same shape. Owned by the caller.
 * @throws {TypeError} If `x` is not float32.
 * @throws {RangeError} If `approximate` is neither.
 *
 * @example
 * ```ts
 * import { gelu, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * gelu(tf.tensor([-1, 0, 1])).print(); // [-0.1587, 0, 0.8413]
 * ```
 */
export function gelu<R extends tf.Rank>(
  x: tf.Tensor<R>,
  options: GeluOptions = {},
): tf.Tensor<R> {
  const { approximate = "none" } = options;
  const act = "apply GELU";
  checkDtype(act, "x", x);
  if (approximate !== "none" && approximate !== "tanh") {
    throw new RangeError(
      `Cannot ${act} as 'approximate' must be none or tanh: current value is ${approximate}`,
    );
  }
  return tf.tidy(() => {
    if (!isTakingGradient()) return fusible(x, approximate);
    return approximate === "tanh" ? approximation(x) : exact(x);
  });
}

function exact<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> {
  return withGradient<tf.Tensor<R>>([x], () => {
    const erf = tf.erf(tf.mul(x, Math.SQRT1_2));
    const gate = tf.add(tf.mul(erf, 0.5), 0.5);
    return {
      value: tf.mul(x, gate),
      saved: [x, gate],
      gradient: (slope, [x, gate]) => {
        const density = tf.mul(
          tf.exp(tf.mul(tf.square(x), -0.5)),
          DENSITY,
        );
        return [tf.mul(slope, tf.add(gate, tf.mul(x, density)))];
      },
    };
  });
}

function approximation<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> {
  return withGradient<tf.Tensor<R>>([x], () => {
    const cubic = tf.add(tf.mul(tf.square(x), SLOPE * CUBIC), SLOPE);
    const gate = tf.add(tf.mul(tf.tanh(tf.mul(x, cubic)), 0.5), 0.5);
    return {
      value: tf.mul(x, gate),
      saved: [x, gate],
      gradient: (slope, [x, gate]) => {
        const steepness = tf.add(
          tf.mul(tf.square(x), 6 * SLOPE * CUBIC),
          2 * SLOPE,
        ); // 2 du/dx
        const inner = tf.mul(sigmoidGrad(gate, x), steepness);
        return [tf.mul(slope, tf.add(gate, inner))];
      },
    };
  });
}

/** x Φ (1 - Φ), which TensorFlow has as one operation: the gradient of a sigmoid. */
function sigmoidGrad(gate: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const kernels = native();
  if (kernels !== undefined) return kernels.run("SigmoidGrad", [gate, x])[0];
  return tf.mul(x, tf.sub(gate, tf.square(gate)));
}

/**
 * The same values written the one way TensorFlow's graph optimiser recognises: behind a matrix product with a bias,
 * everything becomes a single operation. A few more passes over memory where it does not, so not while training.
 */
function fusible<R extends tf.Rank>(
  x: tf.Tensor<R>,
  approximate: "tanh" | "none",
): tf.Tensor<R> {
  const width = x.rank === 0 ? 1 : x.shape[x.rank - 1];
  const rows = tf.reshape(x, [-1, width]); // as they come from the product
  let y: tf.Tensor;
  if (approximate === "none") {
    const erf = tf.erf(tf.mul(rows, Math.SQRT1_2));
    y = tf.mul(rows, tf.mul(add(erf, 1), 0.5));
  } else {
    const cube = tf.mul(tf.mul(rows, CUBIC), tf.square(rows));
    const tanh = tf.tanh(tf.mul(add(rows, cube), SLOPE));
    y = tf.mul(tf.mul(rows, 0.5), add(tanh, 1));
  }
  return tf.reshape(y, x.shape);
}

/** TensorFlow.js would emit the older `Add`, which the optimiser does not look for. */
function add(a: tf.Tensor, b: tf.Tensor | number): tf.Tensor {
  const right = typeof b === "number" ? tf.scalar(b) : b;
  return native()?.run("AddV2", [a, right])[0] ?? tf.add(a, right);
}
