import { tf } from "../tf.ts";
import { wrapKernel } from "./wrap_kernel.ts";

interface PoolInputs {
  dy: tf.TensorInfo;
  input: tf.TensorInfo;
}

interface PoolAttributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: "same" | "valid" | number | tf.backend_util.ExplicitPadding;
}

interface ResizeInputs {
  dy: tf.TensorInfo;
  images: tf.TensorInfo;
}

interface ResizeAttributes {
  halfPixelCenters: boolean;
}

/**
 * Has the gradients that tfjs's webgpu kernels get wrong say so instead: of average pooling, which they divide by the
 * whole window at a padded border, and of bilinear resizing, where they ignore `halfPixelCenters`.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * async function refused() {
 *   await useBackend("webgpu"); // calls refuseWrongGradients()
 *   const pool = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, 3, 1, "same");
 *   tf.grad(pool)(tf.ones([1, 4, 4, 1])); // throws a RangeError
 * }
 * console.log(refused.name); // to be called where there is an adapter
 * ```
 */
export function refuseWrongGradients(): void {
  wrapKernel<PoolInputs, PoolAttributes>("AvgPoolGrad", (call) => {
    const { filterSize, strides, pad } = call.attributes;
    const { padInfo } = tf.backend_util.computePool2DInfo(
      call.inputs.input.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
    );
    const { top, bottom, left, right } = padInfo;
    if (top + bottom + left + right > 0) {
      throw refusal("average pooling", "pad", "without a border", pad);
    }
    return call.compute(call.inputs, call.attributes);
  });
  wrapKernel<ResizeInputs, ResizeAttributes>("ResizeBilinearGrad", (call) => {
    const { halfPixelCenters } = call.attributes;
    if (halfPixelCenters) {
      throw refusal(
        "bilinear resizing",
        "halfPixelCenters",
        "false",
        halfPixelCenters,
      );
    }
    return call.compute(call.inputs, call.attributes);
  });
}

function refusal(
  act: string,
  name: string,
  rule: string,
  value: unknown,
): RangeError {
  return new RangeError(
    `Cannot differentiate ${act} on webgpu as '${name}' must be ${rule}: current value is ${
      JSON.stringify(value)
    }`,
  );
}
