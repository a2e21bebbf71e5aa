/**
 * Operations models are made of, each with its own gradient.
 *
 * @module
 */
export { attention } from "./attention.ts";
export {
  batchNorm,
  type BatchNormOptions,
  type BatchNormResult,
} from "./batch_norm.ts";
export { conv2d, type Conv2dOptions } from "./conv2d.ts";
export { crossEntropy, type CrossEntropyOptions } from "./cross_entropy.ts";
export {
  type DoubleProducts,
  doubleProducts,
  type DoubleVectors,
} from "./double_products.ts";
export { embeddingLookup } from "./embedding_lookup.ts";
export { gelu, type GeluOptions } from "./gelu.ts";
export { groupNorm, type GroupNormOptions } from "./group_norm.ts";
export { l2Normalize, type L2NormalizeOptions } from "./l2_normalize.ts";
export { layerNorm, type LayerNormOptions } from "./layer_norm.ts";
export { linear } from "./linear.ts";
export { stopGradient } from "./own_gradient.ts";
export { relu } from "./relu.ts";
export { silu } from "./silu.ts";
export { tensorOfBytes } from "./tensor_of_bytes.ts";
export { upsampleNearest2x } from "./upsample_nearest_2x.ts";
