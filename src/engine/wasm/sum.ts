import { tf } from "../tf.ts";
import {
  type Numbers,
  numbers,
  runKernel,
  type WasmBackend,
  wasmKernel,
} from "./heap.ts";

interface Inputs {
  x: tf.TensorInfo;
}

interface Attributes {
  axis: number | number[];
  keepDims: boolean;
}

/**
 * `Sum` for wasm, accumulated in float64: the compiled kernel adds in float32, so that the sum of 20 million ones is
 * 16,777,216, and transposes the tensor where an outer dimension is summed.
 */
export const sum: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "Sum",
  ({ inputs: { x }, attributes, backend }) =>
    reduce(backend, x, attributes, x.dtype, 1),
);

/** `Mean` for wasm: {@linkcode sum} divided by the number of summands. */
export const mean: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "Mean",
  ({ inputs: { x }, attributes, backend }) => {
    const axes = tf.util.parseAxisParam(attributes.axis, x.shape);
    const count = tf.util.sizeFromShape(axes.map((axis) => x.shape[axis]));
    return reduce(backend, x, attributes, "float32", 1 / count);
  },
);

function reduce(
  backend: WasmBackend,
  x: tf.TensorInfo,
  { axis, keepDims }: Attributes,
  dtype: tf.DataType,
  scale: number,
): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const shape = x.shape.map((size, i) => axes.includes(i) ? 1 : size);
  const extent = contiguousExtent(x.shape, axes);
  if (!extent) {
    const perm = tf.backend_util.getAxesPermutation(axes, x.shape.length)!;
    const inner = runKernel(backend, "Transpose", { x }, { perm });
    const innermost = tf.backend_util.getInnerMostAxes(
      axes.length,
      x.shape.length,
    );
    const out = reduce(
      backend,
      inner,
      { axis: innermost, keepDims: false },
      dtype,
      scale,
    );
    backend.disposeData(inner.dataId);
    return keepDims ? { ...out, shape } : out;
  }
  const out = backend.makeOutput(
    keepDims ? shape : x.shape.filter((_, i) => !axes.includes(i)),
    dtype,
  );
  const from = numbers(backend, x);
  const to = numbers(backend, out);
  if (extent.inner === 1) sumRows(from, to, extent.length, scale);
  else sumColumns(from, to, extent, scale);
  return out;
}

interface Extent {
  /** Numbers summed into one. */
  length: number;
  /** Numbers between one summand and the next. */
  inner: number;
}

/** The summed axes as one run, or undefined if a kept axis lies between them. */
function contiguousExtent(shape: number[], axes: number[]): Extent | undefined {
  const summed = axes.filter((axis) => shape[axis] !== 1).sort((a, b) => a - b);
  const first = summed[0] ?? shape.length;
  const last = summed.at(-1) ?? shape.length;
  for (let i = first; i <= last && i < shape.length; i++) {
    if (shape[i] !== 1 && !axes.includes(i)) return undefined;
  }
  return {
    length: tf.util.sizeFromShape(summed.map((axis) => shape[axis])),
    inner: tf.util.sizeFromShape(shape.slice(last + 1)),
  };
}

/** `[outer, length] -> [outer]`, in four running sums so that additions overlap. */
function sumRows(
  from: Numbers,
  to: Numbers,
  length: number,
  scale: number,
): void {
  const whole = length - length % 4;
  for (let row = 0; row < to.length; row++) {
    const start = row * length;
    let a = 0, b = 0, c = 0, d = 0;
    for (let i = start; i < start + whole; i += 4) {
      a += from[i];
      b += from[i + 1];
      c += from[i + 2];
      d += from[i + 3];
    }
    for (let i = start + whole; i < start + length; i++) a += from[i];
    to[row] = (a + b + (c + d)) * scale;
  }
}

/** `[outer, length, inner] -> [outer, inner]`. */
function sumColumns(
  from: Numbers,
  to: Numbers,
  { length, inner }: Extent,
  scale: number,
): void {
  const sums = new Float64Array(inner);
  let at = 0;
  for (let target = 0; target < to.length; target += inner) {
    sums.fill(0);
    let k = 0;
    // Four rows at a time: a quarter of the loads and stores of the running sums.
    for (; k + 4 <= length; k += 4, at += 4 * inner) {
      for (let i = 0, row = at; i < inner; i++, row++) {
        sums[i] += from[row] + from[row + inner] +
          (from[row + 2 * inner] + from[row + 3 * inner]);
      }
    }
    for (; k < length; k++) {
      for (let i = 0; i < inner; i++) sums[i] += from[at++];
    }
    for (let i = 0; i < inner; i++) to[target + i] = sums[i] * scale;
  }
}
