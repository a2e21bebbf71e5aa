import type { tf } from "../tf.ts";
import {
  type Conv2DAttributes,
  conv2DInfo,
  explicitPadding,
} from "./conv2d_info.ts";
import { wasmKernel } from "./heap.ts";

interface Inputs {
  x: tf.TensorInfo;
  filter: tf.TensorInfo;
}

/**
 * `Conv2D` or `FusedConv2D` for wasm: the compiled kernel, kept from writing past its output. tfjs makes the output too small when the
 * filter is not square and the padding a number.
 *
 * @param compiled The compiled kernel.
 * @returns The kernel to register in its place.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { safeConv2D } from "./conv2d.ts";
 *
 * await useBackend("wasm");
 * const safe = safeConv2D(tf.getKernel("Conv2D", "wasm"));
 * tf.unregisterKernel("Conv2D", "wasm");
 * tf.registerKernel(safe);
 * ```
 */
export function safeConv2D(compiled: tf.KernelConfig): tf.KernelConfig {
  return wasmKernel<Inputs, Conv2DAttributes>(
    compiled.kernelName,
    ({ inputs, attributes, backend }) => {
      conv2DInfo(inputs.x.shape, inputs.filter.shape, attributes);
      return compiled.kernelFunc({
        inputs: { ...inputs },
        attrs: { ...attributes, pad: explicitPadding(attributes) },
        backend,
      }) as tf.TensorInfo;
    },
  );
}
