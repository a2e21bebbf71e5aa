import { tf } from "../tf.ts";
import {
  copyRun,
  type Numbers,
  numbers,
  reshaped,
  wasmKernel,
} from "./heap.ts";

interface Inputs {
  x: tf.TensorInfo;
}

interface Attributes {
  /** Input dimension at each place of the output. */
  perm: number[];
}

/** Edge of the squares a transposition goes by, so that both sides stay in the processor's cache. */
const tileEdge = 16;

/**
 * `Transpose` for wasm: copies runs where the last dimension stays last, and squares where it moves. The compiled
 * kernel goes number by number, from rank 5 on at 50 ns each.
 */
export const transpose: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "Transpose",
  ({ inputs: { x }, attributes: { perm }, backend }) => {
    const shape = perm.map((axis) => x.shape[axis]);
    const axes = joinAxes(x.shape, perm);
    if (axes.length < 2) return reshaped(backend, x, shape);
    const out = backend.makeOutput(shape, x.dtype);
    permute(numbers(backend, x), numbers(backend, out), axes);
    return out;
  },
);

/** A dimension of the output, and where it lies in both tensors. */
interface Axis {
  size: number;
  /** Numbers from one position to the next in the input. */
  from: number;
  /** The same in the output. */
  to: number;
}

/** The output's dimensions without those of size 1, neighbours that stay neighbours joined. */
function joinAxes(shape: number[], perm: number[]): Axis[] {
  const strides = shape.map((_, axis) =>
    tf.util.sizeFromShape(shape.slice(axis + 1))
  );
  const axes: Axis[] = [];
  for (const axis of perm) {
    if (shape[axis] === 1) continue;
    const last = axes.at(-1);
    if (last && last.from === strides[axis] * shape[axis]) {
      last.size *= shape[axis];
      last.from = strides[axis];
    } else axes.push({ size: shape[axis], from: strides[axis], to: 0 });
  }
  let stride = 1;
  for (const axis of axes.toReversed()) {
    axis.to = stride;
    stride *= axis.size;
  }
  return axes;
}

function permute(from: Numbers, to: Numbers, axes: Axis[]): void {
  const inner = axes.at(-1)!;
  // The input's last dimension: the other side of the squares, or the run itself.
  const other = axes.find((axis) => axis.from === 1) ?? inner;
  const outer = axes.filter((axis) => axis !== inner && axis !== other);
  const position = new Array<number>(outer.length).fill(0);
  let source = 0;
  let target = 0;
  for (;;) {
    if (other === inner) copyRun(from, source, to, target, inner.size);
    else copySquares(from, to, source, target, inner, other);
    let k = outer.length - 1;
    for (; k >= 0; k--) {
      source += outer[k].from;
      target += outer[k].to;
      if (++position[k] < outer[k].size) break;
      position[k] = 0;
      source -= outer[k].size * outer[k].from;
      target -= outer[k].size * outer[k].to;
    }
    if (k < 0) return;
  }
}

/** Exchanges two dimensions: `inner` is contiguous in the output, `other` in the input. */
function copySquares(
  from: Numbers,
  to: Numbers,
  source: number,
  target: number,
  inner: Axis,
  other: Axis,
): void {
  const { size: columns, from: step } = inner;
  const { size: rows, to: stride } = other;
  for (let row0 = 0; row0 < rows; row0 += tileEdge) {
    const row1 = Math.min(rows, row0 + tileEdge);
    for (let column0 = 0; column0 < columns; column0 += tileEdge) {
      const column1 = Math.min(columns, column0 + tileEdge);
      for (let row = row0; row < row1; row++) {
        const line = target + row * stride;
        for (let column = column0; column < column1; column++) {
          to[line + column] = from[source + column * step + row];
        }
      }
    }
  }
}
