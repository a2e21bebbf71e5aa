import type { tf } from "../tf.ts";
import { numbers, wasmKernel } from "./heap.ts";

/** erf is 1 in float32 from here on. */
const limit = 3.95;

/**
 * `Erf` for wasm, by a rational function of x² instead of the compiled kernel's library call.
 *
 * The coefficients are a minimax fit of erf(x) / x on [0, 3.95], relative error 2.1e-8, under half a float32 step; the
 * compiled kernel's formula has an absolute error of 1.5e-7, which is all of a small value.
 */
export const erf: tf.KernelConfig = wasmKernel<
  { x: tf.TensorInfo },
  unknown
>("Erf", ({ inputs: { x }, backend }) => {
  const out = backend.makeOutput(x.shape, x.dtype);
  const from = numbers(backend, x);
  const to = numbers(backend, out);
  for (let i = 0; i < to.length; i++) {
    const value = from[i];
    const v = value > limit ? limit : value < -limit ? -limit : value;
    const t = v * v;
    to[i] = v *
      (((((2.025896233e-6 * t + 2.846867068e-4) * t + 3.808158218e-3) * t +
                5.287543634e-2) * t + 0.1915503772) * t + 1.128379144) /
      (((((3.783162254e-5 * t + 1.170723088e-3) * t + 1.505508501e-2) * t +
                0.114559634) * t + 0.5030897776) * t + 1);
  }
  return out;
});
