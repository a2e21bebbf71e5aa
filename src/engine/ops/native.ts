/**
 * TensorFlow operations that TensorFlow.js has no name for, or does not pass all attributes to.
 *
 * @module
 */
import { tf } from "../tf.ts";
import type { TensorFlowBackend } from "../tensorflow/backend.ts";

/** Attributes by name: a number is a float, a list of numbers are integers. */
export type NativeAttributes = Readonly<
  Record<string, string | boolean | number | readonly number[]>
>;

/** Runs TensorFlow operations by name. */
export interface Native {
  /**
   * Runs an operation on float32 tensors, whose type is its attribute `T`.
   *
   * @param name TensorFlow's name of it.
   * @param inputs Its inputs. Borrowed.
   * @param attributes Its other attributes.
   * @param options Number of outputs (default 1), and further type attributes that are float32.
   * @returns Its outputs. Owned by the caller.
   */
  run: (
    name: string,
    inputs: tf.Tensor[],
    attributes?: NativeAttributes,
    options?: { outputs?: number; types?: readonly string[] },
  ) => tf.Tensor[];
}

/**
 * TensorFlow's own operations.
 *
 * @returns What runs them; `undefined` where another backend computes.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { native } from "./native.ts";
 *
 * await useBackend("auto");
 * const [square] = native()?.run("Square", [tf.scalar(3)]) ?? [];
 * square?.print(); // 9
 * ```
 */
export function native(): Native | undefined {
  if (tf.getBackend() !== "tensorflow") return undefined;
  const backend = tf.backend() as TensorFlowBackend;
  const { binding } = backend;

  function attribute(name: string, value: NativeAttributes[string]) {
    switch (typeof value) {
      case "string":
        return { name, type: binding.TF_ATTR_STRING, value };
      case "boolean":
        return { name, type: binding.TF_ATTR_BOOL, value };
      case "number":
        return { name, type: binding.TF_ATTR_FLOAT, value };
      default:
        return { name, type: binding.TF_ATTR_INT, value: [...value] };
    }
  }

  return {
    run(name, inputs, attributes = {}, { outputs = 1, types = [] } = {}) {
      const value = binding.TF_FLOAT;
      const all = [
        ...["T", ...types].map((type) => ({
          name: type,
          type: binding.TF_ATTR_TYPE,
          value,
        })),
        ...Object.entries(attributes).map(([key, of]) => attribute(key, of)),
      ];
      return backend.executeMultipleOutputs(name, all, inputs, outputs);
    },
  };
}
