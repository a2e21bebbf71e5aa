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
export { residualBlock, type ResidualBlockOptions } from "./residual_block.ts";
