import type { tf } from "../tf.ts";
import {
  matMul,
  type MatMulAttributes,
  type MatMulInputs,
} from "./batch_mat_mul.ts";
import { runKernel, wasmKernel } from "./heap.ts";

interface Inputs extends MatMulInputs {
  bias?: tf.TensorInfo;
  preluActivationWeights?: tf.TensorInfo;
}

interface Attributes extends MatMulAttributes {
  activation:
    | "linear"
    | "relu"
    | "relu6"
    | "elu"
    | "sigmoid"
    | "leakyrelu"
    | "prelu";
  leakyreluAlpha?: number;
}

/**
 * `_FusedMatMul` for wasm, made of product, sum and activation: the compiled one shares the faults that
 * {@linkcode batchMatMul} mends.
 */
export const fusedMatMul: tf.KernelConfig = wasmKernel<Inputs, Attributes>(
  "_FusedMatMul",
  ({ inputs, attributes, backend }) => {
    const { bias, preluActivationWeights } = inputs;
    let out = matMul(backend, inputs, attributes);
    const then = (
      kernelName: string,
      more: tf.NamedTensorInfoMap,
      attrs?: tf.NamedAttrMap,
    ) => {
      const next = runKernel(backend, kernelName, more, attrs);
      backend.disposeData(out.dataId);
      out = next;
    };

    if (bias) then("Add", { a: out, b: bias });
    switch (attributes.activation) {
      case "linear":
        break;
      case "relu":
        then("Relu", { x: out });
        break;
      case "relu6":
        then("Relu6", { x: out });
        break;
      case "elu":
        then("Elu", { x: out });
        break;
      case "sigmoid":
        then("Sigmoid", { x: out });
        break;
      case "leakyrelu":
        then("LeakyRelu", { x: out }, {
          alpha: attributes.leakyreluAlpha ?? 0.2,
        });
        break;
      case "prelu":
        then("Prelu", { x: out, alpha: preluActivationWeights! });
        break;
      default:
        throw new RangeError(
          `Cannot multiply and activate on wasm as 'activation' must be one tfjs knows: current value is ${attributes.activation}`,
        );
    }
    return out;
  },
);
