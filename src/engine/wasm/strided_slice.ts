import { tf } from "../tf.ts";
import { type Numbers, numbers, wasmKernel } from "./heap.ts";

interface Inputs {
  x: tf.TensorInfo;
}

interface Attributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

/**
 * `StridedSlice` for wasm: the compiled kernel returns whole numbers and conditions as float32 without converting them.
 */
export const stridedSlice: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "StridedSlice",
  ({ inputs: { x }, attributes, backend }) => {
    const slice = tf.slice_util.sliceInfo(
      x.shape,
      attributes.begin,
      attributes.end,
      attributes.strides,
      attributes.beginMask,
      attributes.endMask,
      attributes.ellipsisMask,
      attributes.newAxisMask,
      attributes.shrinkAxisMask,
    );
    const out = backend.makeOutput(slice.finalShape, x.dtype);
    const steps = tf.util.computeStrides(x.shape).concat(1);
    copySlice(
      numbers(backend, x),
      numbers(backend, out),
      tf.slice_util.computeOutShape(slice.begin, slice.end, slice.strides),
      slice.begin.map((start, axis) => start * steps[axis]),
      slice.strides.map((stride, axis) => stride * steps[axis]),
    );
    return out;
  },
);

/** Copies a box of the sizes given, its corner and steps as distances in the input, in the order of the output. */
function copySlice(
  from: Numbers,
  to: Numbers,
  sizes: number[],
  starts: number[],
  steps: number[],
): void {
  let source = starts.reduce((sum, start) => sum + start, 0);
  const position = sizes.map(() => 0);
  for (let target = 0; target < to.length; target++) {
    to[target] = from[source];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      source += steps[axis];
      if (++position[axis] < sizes[axis]) break;
      position[axis] = 0;
      source -= steps[axis] * sizes[axis];
    }
  }
}
