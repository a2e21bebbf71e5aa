/**
 * Networks, one file each, in the order of their papers.
 *
 * @module
 */
export {
  type Autoencoder,
  autoencoder,
  type AutoencoderConfig,
  smallAutoencoder,
} from "./autoencoder.ts";
export { type Dit, dit, type DitConfig, ditS, ditXL, smallDit } from "./dit.ts";
export {
  type Recognizer,
  recognizer,
  type RecognizerConfig,
  smallRecognizer,
} from "./recognizer.ts";
export {
  type Resnet,
  resnet,
  type ResnetApplyOptions,
  type ResnetResult,
} from "./resnet.ts";
export {
  resnet101,
  resnet18,
  resnet34,
  resnet50,
  type ResnetConfig,
} from "./resnet_sizes.ts";
export { residualBlock, type ResidualBlockOptions } from "./residual_block.ts";
export { splitStatistics } from "./split_statistics.ts";
