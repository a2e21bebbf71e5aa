import { tf } from "../tf.ts";
import { numbers, wasmKernel } from "./heap.ts";

interface Inputs {
  /** Values, `[rows, ...]`. */
  x: tf.TensorInfo;
  /** Segment of each row, `[rows]`, int32; rows of a negative segment are left out. */
  segmentIds: tf.TensorInfo;
}

interface Attributes {
  numSegments: number;
}

/**
 * `UnsortedSegmentSum` for wasm, which tfjs does not have: adds up the rows of each segment, `[numSegments, ...]`.
 * It is the gradient of `gather`, so of every embedding table.
 */
export const unsortedSegmentSum: tf.KernelConfig = wasmKernel<
  Inputs,
  Attributes
>(
  "UnsortedSegmentSum",
  ({ inputs: { x, segmentIds }, attributes: { numSegments }, backend }) => {
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const width = tf.util.sizeFromShape(rowShape);
    const out = backend.makeOutput([numSegments, ...rowShape], x.dtype);
    const sums = numbers(backend, out).fill(0);
    const values = numbers(backend, x);
    const segments = numbers(backend, segmentIds);
    for (let row = 0; row < segments.length; row++) {
      const segment = segments[row];
      if (segment < 0) continue;
      if (segment >= numSegments) {
        backend.disposeData(out.dataId);
        throw new RangeError(
          `Cannot sum segments as 'segmentIds' must be below ${numSegments}: current value is ${segment}`,
        );
      }
      for (let i = 0; i < width; i++) {
        sums[segment * width + i] += values[row * width + i];
      }
    }
    return out;
  },
);
