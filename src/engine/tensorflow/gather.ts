/**
 * The kernel `GatherV2`.
 *
 * @module
 */
import { tf } from "../tf.ts";
import type { TensorFlowBackend } from "./backend.ts";

/**
 * Puts a kernel of our own in the place of the package's GatherV2, which reads the indices to check them. No trace
 * allows that, and TensorFlow checks them itself.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { assertEquals } from "@std/assert";
 * import { registerGather } from "./gather.ts";
 *
 * const { name } = await useBackend("auto");
 * if (name === "tensorflow") registerGather(); // starting the backend did that
 * assertEquals(tf.gather([10, 20, 30], [2, 0]).arraySync(), [30, 10]);
 * ```
 */
export function registerGather(): void {
  tf.unregisterKernel("GatherV2", "tensorflow");
  tf.registerKernel({
    kernelName: "GatherV2",
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, indices } = inputs as Record<string, tf.TensorInfo>;
      const { axis, batchDims } = attrs as unknown as {
        axis: number;
        batchDims: number;
      };
      const engine = backend as TensorFlowBackend;
      const { TF_ATTR_INT, TF_ATTR_TYPE } = engine.binding;
      const type = (name: string, dtype: tf.DataType) => ({
        name,
        type: TF_ATTR_TYPE,
        value: engine.getDTypeInteger(dtype),
      });
      return tf.tidy(() =>
        engine.executeSingleOutput("GatherV2", [
          { name: "batch_dims", type: TF_ATTR_INT, value: batchDims },
          type("Tparams", x.dtype),
          type("Tindices", indices.dtype),
          type("Taxis", "int32"),
        ], [x, indices, tf.scalar(axis, "int32")])
      );
    },
  });
}
