/**
 * Bytes as a tensor of numbers.
 *
 * @module
 */
import { tf } from "../tf.ts";
import type { TensorFlowBackend } from "../tensorflow/backend.ts";

/**
 * Makes a float32 tensor of bytes: 0 to 255.
 *
 * TensorFlow.js has no tensors of bytes. Where the backend is TensorFlow, they are handed over as they are and widened
 * there, by all threads: five times as fast as in JavaScript, and a quarter of the memory to copy.
 *
 * @param bytes Values in row-major order. Copied.
 * @param shape Length of each axis.
 * @returns The tensor. Owned by the caller.
 * @throws {TypeError} If the number of bytes does not fit the shape.
 *
 * @example
 * ```ts
 * import { tensorOfBytes, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const pixels = tensorOfBytes(new Uint8Array([0, 128, 255]), [1, 1, 3]);
 * console.log(pixels.dtype, pixels.arraySync()); // float32 [[[0, 128, 255]]]
 * pixels.dispose();
 * ```
 */
export function tensorOfBytes(bytes: Uint8Array, shape: number[]): tf.Tensor {
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== count) {
    throw new TypeError(
      `Cannot make a tensor as 'bytes' must be of length ${count} for shape [${shape}]: current value is of length ${bytes.length}`,
    );
  }
  if (tf.getBackend() !== "tensorflow") {
    return tf.tensor(Float32Array.from(bytes), shape);
  }
  const backend = tf.backend() as TensorFlowBackend;
  const { binding } = backend;
  const id = binding.createTensor(shape, binding.TF_UINT8, bytes);
  try {
    const [widened] = binding.executeOp(
      "Cast",
      [
        { name: "SrcT", type: binding.TF_ATTR_TYPE, value: binding.TF_UINT8 },
        { name: "DstT", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: "Truncate", type: binding.TF_ATTR_BOOL, value: false },
      ],
      [id],
      1,
    );
    return backend.createOutputTensor(widened);
  } finally {
    binding.deleteTensor(id);
  }
}
