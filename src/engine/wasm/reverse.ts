import { tf } from "../tf.ts";
import { copyRun, numbers, reshaped, wasmKernel } from "./heap.ts";

interface Inputs {
  x: tf.TensorInfo;
}

interface Attributes {
  /** Dimensions to turn round. */
  dims: number | number[];
}

/**
 * `Reverse` for wasm, as in the flip of images: copies the runs behind the last turned dimension, the compiled kernel
 * number by number.
 */
export const reverse: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "Reverse",
  ({ inputs: { x }, attributes: { dims }, backend }) => {
    const turned = tf.util.parseAxisParam(dims, x.shape);
    if (turned.length === 0) return reshaped(backend, x, x.shape);
    const last = Math.max(...turned);
    const outer = x.shape.slice(0, last + 1);
    const run = tf.util.sizeFromShape(x.shape.slice(last + 1));
    const out = backend.makeOutput(x.shape, x.dtype);
    const from = numbers(backend, x);
    const to = numbers(backend, out);
    const strides = outer.map((_, axis) =>
      tf.util.sizeFromShape(outer.slice(axis + 1))
    );
    const runs = tf.util.sizeFromShape(outer);
    for (let target = 0; target < runs; target++) {
      let source = target;
      for (const axis of turned) {
        const position = Math.floor(target / strides[axis]) % outer[axis];
        source += (outer[axis] - 1 - 2 * position) * strides[axis];
      }
      copyRun(from, source * run, to, target * run, run);
    }
    return out;
  },
);
