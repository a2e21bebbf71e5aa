import { tf } from "../tf.ts";
import { wrapKernel, type WrappedCall } from "./wrap_kernel.ts";

interface Inputs {
  x: tf.TensorInfo;
}

interface SliceAttributes {
  begin: number | number[];
  size: number | number[];
}

interface PadAttributes {
  paddings: [number, number][];
  constantValue: number;
}

/**
 * Has `Slice` and `PadV2` take tensors of more than four dimensions one dimension at a time: tfjs's webgpu kernels
 * misread the places of the fifth.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * async function lastOfFive() {
 *   await useBackend("webgpu"); // calls correctHighRank()
 *   const x = tf.reshape(tf.range(0, 3), [1, 1, 1, 1, 3]);
 *   return await tf.slice(x, [0, 0, 0, 0, 2]).data(); // [2]
 * }
 * console.log(lastOfFive.name); // to be called where there is an adapter
 * ```
 */
export function correctHighRank(): void {
  wrapKernel<Inputs, SliceAttributes>("Slice", (call) => {
    const { inputs: { x }, attributes } = call;
    if (x.shape.length <= 4) return call.compute(call.inputs, attributes);
    const [begin, size] = tf.slice_util.parseSliceParams(
      x as tf.Tensor,
      attributes.begin,
      attributes.size,
    );
    return axisByAxis<SliceAttributes>(
      call,
      (axis, [before, , behind]) =>
        size[axis] === x.shape[axis] ? undefined : {
          begin: [0, begin[axis], 0],
          size: [before, size[axis], behind],
        },
    );
  });
  wrapKernel<Inputs, PadAttributes>("PadV2", (call) => {
    const { inputs: { x }, attributes } = call;
    if (x.shape.length <= 4) return call.compute(call.inputs, attributes);
    const { paddings, constantValue } = attributes;
    return axisByAxis<PadAttributes>(
      call,
      (axis) =>
        paddings[axis][0] + paddings[axis][1] === 0
          ? undefined
          : { paddings: [[0, 0], paddings[axis], [0, 0]], constantValue },
    );
  });
}

/** Runs a kernel on one dimension after the other, the tensor seen as `[before, dimension, behind]`. */
function axisByAxis<Attributes>(
  { inputs: { x }, backend, compute }: WrappedCall<Inputs, Attributes>,
  attributesOf: (axis: number, shape: number[]) => Attributes | undefined,
): tf.TensorInfo {
  backend.incRef(x.dataId);
  let out: tf.TensorInfo = { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  for (let axis = 0; axis < x.shape.length; axis++) {
    const before = out.shape.slice(0, axis);
    const behind = out.shape.slice(axis + 1);
    const shape = [
      tf.util.sizeFromShape(before),
      out.shape[axis],
      tf.util.sizeFromShape(behind),
    ];
    const attributes = attributesOf(axis, shape);
    if (attributes === undefined) continue;
    const next = compute({ x: { ...out, shape } }, attributes);
    backend.disposeData(out.dataId);
    out = { ...next, shape: [...before, next.shape[1], ...behind] };
  }
  return out;
}
