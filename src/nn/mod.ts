/**
 * Layers: how to make weights and how to use them, nothing else.
 *
 * @module
 */
export { convolution, type ConvolutionOptions } from "./convolution.ts";
export { dense, type DenseOptions } from "./dense.ts";
export { embedding, type EmbeddingOptions } from "./embedding.ts";
export { normalTensor, uniformTensor } from "./initial.ts";
export { initAll, type Layer } from "./layer.ts";
export {
  groupNormalization,
  type GroupNormalizationOptions,
} from "./normalization.ts";
