import type { tf } from "../tf.ts";
import { numbers, reshaped, wasmKernel } from "./heap.ts";

interface Inputs {
  x: tf.TensorInfo;
}

interface Attributes {
  dtype: tf.DataType;
}

/**
 * `Cast` for wasm: every number but 0 is `true`. The compiled kernel keeps the low byte, by which 0.5 and 256 are
 * `false`.
 */
export const cast: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "Cast",
  ({ inputs: { x }, attributes: { dtype }, backend }) => {
    if (dtype === x.dtype) return reshaped(backend, x, x.shape);
    const out = backend.makeOutput(x.shape, dtype);
    const from = numbers(backend, x);
    const to = numbers(backend, out);
    if (dtype === "bool") {
      for (let i = 0; i < to.length; i++) to[i] = from[i] !== 0 ? 1 : 0;
    } else to.set(from);
    return out;
  },
);
