/**
 * Layers: how to make weights and how to use them, nothing else.
 *
 * @module
 */
export {
  batchNormalization,
  type BatchNormalizationOptions,
  type Pass,
  type PassLayer,
} from "./batch_normalization.ts";
export { convolution, type ConvolutionOptions } from "./convolution.ts";
export { dense, type DenseOptions } from "./dense.ts";
export { embedding, type EmbeddingOptions } from "./embedding.ts";
export { normalTensor, uniformTensor } from "./initial.ts";
export {
  initAll,
  type Layer,
  type ShapedLayer,
  shapesOf,
  type WeightShapes,
} from "./layer.ts";
export {
  layerNormalization,
  type LayerNormalizationOptions,
} from "./layer_normalization.ts";
export {
  lowRankAdapters,
  type LowRankAdaptersOptions,
  mergeLowRank,
  withLowRank,
  type WithLowRankOptions,
} from "./low_rank.ts";
export {
  groupNormalization,
  type GroupNormalizationOptions,
} from "./normalization.ts";
export {
  parametricRelu,
  type ParametricReluOptions,
} from "./parametric_relu.ts";
export { selfAttention, type SelfAttentionOptions } from "./self_attention.ts";
