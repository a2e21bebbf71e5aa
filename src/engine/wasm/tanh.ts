import type { tf } from "../tf.ts";
import { numbers, wasmKernel } from "./heap.ts";

/** tanh is 1 in float32 from here on. */
const limit = 9.05;

/**
 * `Tanh` for wasm, by a rational function of x² instead of the compiled kernel's library call: 5 times faster.
 *
 * The coefficients are a minimax fit of tanh(x) / x on [0, 9.05], relative error 2.2e-8, under half a float32 step.
 */
export const tanh: tf.KernelConfig = wasmKernel<
  { x: tf.TensorInfo },
  unknown
>("Tanh", ({ inputs: { x }, backend }) => {
  const out = backend.makeOutput(x.shape, x.dtype);
  const from = numbers(backend, x);
  const to = numbers(backend, out);
  for (let i = 0; i < to.length; i++) {
    const value = from[i];
    const v = value > limit ? limit : value < -limit ? -limit : value;
    const t = v * v;
    to[i] = v *
      ((((1.326571974e-8 * t + 2.054501084e-5) * t + 3.491696995e-3) * t +
            0.1337774955) * t + 0.9999999784) /
      ((((7.740195316e-7 * t + 3.279270034e-4) * t + 2.586217976e-2) * t +
            0.4671106426) * t + 1);
  }
  return out;
});
