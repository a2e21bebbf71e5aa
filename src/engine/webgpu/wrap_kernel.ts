import { tf } from "../tf.ts";

/** Runs the kernel that was wrapped. */
export type WrappedKernel<Inputs, Attributes> = (
  inputs: Inputs,
  attributes: Attributes,
) => tf.TensorInfo;

/** What a wrapped kernel is called with. */
export interface WrappedCall<Inputs, Attributes> {
  /** Input tensors by the name tfjs gives them. */
  inputs: Inputs;
  /** Settings of the operation. */
  attributes: Attributes;
  /** Where the tensors live. */
  backend: tf.KernelBackend;
  /** The kernel that was wrapped. */
  compute: WrappedKernel<Inputs, Attributes>;
}

/**
 * Registers a kernel for webgpu in the place of the one that is there.
 *
 * @param kernelName The kernel to replace.
 * @param around Computes the output, with or without the kernel that was there.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { wrapKernel } from "./wrap_kernel.ts";
 *
 * async function countCalls() {
 *   await useBackend("webgpu");
 *   let calls = 0;
 *   wrapKernel("Relu", ({ inputs, attributes, compute }) => {
 *     calls++;
 *     return compute(inputs, attributes);
 *   });
 *   tf.relu(tf.tensor1d([1, -1]));
 *   return calls; // 1
 * }
 * console.log(countCalls.name); // to be called where there is an adapter
 * ```
 */
export function wrapKernel<Inputs, Attributes>(
  kernelName: string,
  around: (call: WrappedCall<Inputs, Attributes>) => tf.TensorInfo,
): void {
  const { kernelFunc, ...rest } = tf.getKernel(kernelName, "webgpu");
  tf.unregisterKernel(kernelName, "webgpu");
  tf.registerKernel({
    ...rest,
    kernelName,
    backendName: "webgpu",
    kernelFunc: ({ inputs, attrs, backend }) =>
      around({
        inputs: inputs as Inputs,
        attributes: attrs as Attributes,
        backend: backend as tf.KernelBackend,
        compute: (inputs, attributes) =>
          kernelFunc({
            inputs: inputs as tf.NamedTensorInfoMap,
            attrs: attributes as tf.NamedAttrMap,
            backend,
          }) as tf.TensorInfo,
      }),
  });
}
