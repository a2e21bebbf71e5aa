import { tf } from "../tf.ts";

/** Kernels behind the operations this project uses and their gradients, by tfjs's names. */
export const usedKernels: readonly string[] = [
  "Abs",
  "Add",
  "AddN",
  "All",
  "Any",
  "ArgMax",
  "AvgPool",
  "AvgPoolGrad",
  "BatchMatMul",
  "Cast",
  "ClipByValue",
  "Concat",
  "Conv2D",
  "Conv2DBackpropFilter",
  "Conv2DBackpropInput",
  "Cos",
  "Cumsum",
  "DepthToSpace",
  "Equal",
  "Erf",
  "Exp",
  "Fill",
  "FusedBatchNorm",
  "GatherV2",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "Log",
  "LogicalAnd",
  "LogicalNot",
  "LogicalOr",
  "Max",
  "MaxPool",
  "MaxPoolGrad",
  "Maximum",
  "Mean",
  "Min",
  "Minimum",
  "MirrorPad",
  "Multiply",
  "Neg",
  "NotEqual",
  "OneHot",
  "PadV2",
  "Pow",
  "Prod",
  "Range",
  "RealDiv",
  "Relu",
  "Reshape",
  "ResizeBilinear",
  "ResizeBilinearGrad",
  "ResizeNearestNeighbor",
  "ResizeNearestNeighborGrad",
  "Reverse",
  "Rsqrt",
  "Select",
  "Sigmoid",
  "Sign",
  "Sin",
  "Slice",
  "Softmax",
  "Softplus",
  "SplitV",
  "Sqrt",
  "Square",
  "SquaredDifference",
  "Step",
  "StridedSlice",
  "Sub",
  "Sum",
  "Tanh",
  "Tile",
  "TopK",
  "Transpose",
  "Unpack",
  "UnsortedSegmentSum",
  "ZerosLike",
];

/**
 * The kernels a backend lacks.
 *
 * @param names Names of the kernels wanted, as tfjs calls them. Default: {@linkcode usedKernels}.
 * @param backendName Name of a backend whose package was loaded.
 * @returns Those that are not registered for it, in the order given; none for a backend that can do everything wanted.
 *
 * @example
 * ```ts
 * import { missingKernels } from "./missing_kernels.ts";
 *
 * missingKernels(["Add", "Unique"]); // ["Unique"] once the package is loaded
 * ```
 */
export function missingKernels(
  names: readonly string[] = usedKernels,
  backendName = "webgpu",
): string[] {
  const registered = new Set(
    tf.getKernelsForBackend(backendName).map(({ kernelName }) => kernelName),
  );
  return names.filter((name) => !registered.has(name));
}
