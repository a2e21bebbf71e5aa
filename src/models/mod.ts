/**
 * Networks, one file each, in the order of their papers.
 *
 * @module
 */
export {
  type Autoencoder,
  autoencoder,
  type AutoencoderConfig,
  type LatentSizes,
  smallAutoencoder,
} from "./autoencoder.ts";
export {
  type AutoencoderKl,
  autoencoderKl,
  type AutoencoderKlConfig,
  stableDiffusionAutoencoder,
} from "./autoencoder_kl.ts";
export {
  autoencoderKlNames,
  latentDiffusionNames,
  type LatentDiffusionNamesOptions,
  oldAutoencoderKlNames,
} from "./autoencoder_kl_names.ts";
export { samplePosterior } from "./sample_posterior.ts";
export { decodeTiled, type DecodeTiledOptions } from "./decode_tiled.ts";
export { type Dit, dit } from "./dit.ts";
export { diffusersDitNames, ditConfigFrom, ditNames } from "./dit_names.ts";
export {
  ditB2,
  ditB4,
  ditB8,
  type DitConfig,
  ditL2,
  ditL4,
  ditL8,
  ditS2,
  ditS4,
  ditS8,
  ditXL2,
  ditXL4,
  ditXL8,
  smallDit,
} from "./dit_sizes.ts";
export {
  generalizedMean,
  type GeneralizedMeanOptions,
} from "./generalized_mean.ts";
export {
  type Iresnet,
  iresnet,
  type IresnetApplyOptions,
  type IresnetResult,
} from "./iresnet.ts";
export { insightfaceNames } from "./iresnet_names.ts";
export {
  iresnet100,
  iresnet18,
  iresnet50,
  type IresnetConfig,
} from "./iresnet_sizes.ts";
export {
  NETWORK_NAMES,
  type NetworkName,
  networkPreset,
  type NetworkPresetOptions,
} from "./network_presets.ts";
export {
  type NetworkDescription,
  type NetworkFeatures,
  type TrainableNetwork,
  trainableNetwork,
} from "./trainable_network.ts";
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
export { torchvisionResnetNames } from "./resnet_names.ts";
export {
  resnet101,
  resnet18,
  resnet34,
  resnet50,
  type ResnetConfig,
} from "./resnet_sizes.ts";
export {
  resizePositions,
  type ResizePositionsOptions,
} from "./resize_positions.ts";
export { residualBlock, type ResidualBlockOptions } from "./residual_block.ts";
export { type Vit, vit, type VitResult } from "./vit.ts";
export { timmVitNames, torchvisionVitNames } from "./vit_names.ts";
export { vitB16, type VitConfig, vitS16 } from "./vit_sizes.ts";
export { fromLayout, layoutShape, toLayout } from "./weight_layout.ts";
export {
  type FixedTensor,
  type NameScheme,
  pytorchNames,
  type PytorchNamesOptions,
  type WeightLayout,
} from "./weight_names.ts";
export { splitStatistics } from "./split_statistics.ts";
