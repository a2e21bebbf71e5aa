/**
 * Networks for recognisers by name.
 *
 * @module
 */
import { iresnet100, iresnet18, iresnet50 } from "./iresnet_sizes.ts";
import { smallRecognizer } from "./recognizer.ts";
import { resnet18, resnet50, type ResnetConfig } from "./resnet_sizes.ts";
import type { NetworkDescription } from "./trainable_network.ts";
import { vitB16, type VitConfig, vitS16 } from "./vit_sizes.ts";

/** Names that {@linkcode networkPreset} knows. */
export type NetworkName =
  | "small"
  | "resnet-small"
  | "resnet18"
  | "resnet50"
  | "vit-small"
  | "vit-s16"
  | "vit-b16"
  | "iresnet-small"
  | "iresnet18"
  | "iresnet50"
  | "iresnet100";

/** Options of {@linkcode networkPreset}. */
export interface NetworkPresetOptions {
  /** Image height, pixels. */
  height: number;
  /** Image width, pixels; that of faces for an IResNet is the height. */
  width: number;
  /**
   * Whether features are normalised over the batch before they are classified and compared (BNNeck); for ResNets and
   * vision transformers.
   *
   * @default {false}
   */
  neck?: boolean;
  /**
   * Scale of the pixels, where weights trained elsewhere want ImageNet's.
   *
   * @default {"plain"}
   */
  pixels?: "plain" | "imagenet";
}

type Preset = (options: NetworkPresetOptions) => NetworkDescription;

/** Sizes of the small kinds: a fraction of a million weights, for images of 64 pixels and minutes on a laptop. */
const SMALL = {
  resnet: { channels: 16 },
  vit: { patch: 8, hidden: 96, depth: 4, heads: 4 },
  iresnet: { channels: 16, features: 128 },
};

const PRESETS: { [name in NetworkName]: Preset } = {
  small: ({ height, width }) => ({
    kind: "small",
    config: smallRecognizer({ height, width }),
  }),
  "resnet-small": residual(resnet18(SMALL.resnet)),
  resnet18: residual(resnet18()),
  resnet50: residual(resnet50()),
  "vit-small": transformer(vitS16(SMALL.vit)),
  "vit-s16": transformer(vitS16()),
  "vit-b16": transformer(vitB16()),
  "iresnet-small": forFaces((size) => iresnet18({ ...SMALL.iresnet, size })),
  iresnet18: forFaces((size) => iresnet18({ size })),
  iresnet50: forFaces((size) => iresnet50({ size })),
  iresnet100: forFaces((size) => iresnet100({ size })),
};

/** The names. */
export const NETWORK_NAMES: readonly NetworkName[] = Object.keys(
  PRESETS,
) as NetworkName[];

/**
 * Describes a network by its name and the size of its images. ResNets have a last stage of step 1, as is usual for
 * re-identification.
 *
 * @param name Its name.
 * @param options Size of the images, and what differs.
 * @returns What `trainableNetwork` makes a network from.
 * @throws {RangeError} If there is no such network, or an IResNet's images are not square.
 *
 * @example
 * ```ts
 * import { networkPreset } from "@outis/outis/models";
 *
 * const { kind } = networkPreset("resnet50", { height: 256, width: 128, neck: true });
 * console.log(kind); // resnet
 * ```
 */
export function networkPreset(
  name: NetworkName,
  options: NetworkPresetOptions,
): NetworkDescription {
  if (!Object.hasOwn(PRESETS, name)) {
    throw new RangeError(
      `Cannot describe a network as 'name' must be one of ${
        NETWORK_NAMES.join(", ")
      }: current value is ${name}`,
    );
  }
  const { pixels } = options;
  const description = PRESETS[name](options);
  return pixels === undefined ? description : { ...description, pixels };
}

function residual(sizes: ResnetConfig): Preset {
  return ({ height, width, neck = false }) => ({
    kind: "resnet",
    height,
    width,
    config: { ...sizes, lastStride: 1, neck },
  });
}

function transformer(sizes: VitConfig): Preset {
  return ({ height, width, neck = false }) => ({
    kind: "vit",
    config: { ...sizes, height, width },
    neck,
  });
}

function forFaces(
  sizes: (size: number) => ReturnType<typeof iresnet18>,
): Preset {
  return ({ height, width }) => {
    if (height !== width) {
      throw new RangeError(
        `Cannot describe a network as 'width' must be the height, ${height}, for an IResNet: current value is ${width}`,
      );
    }
    return { kind: "iresnet", config: sizes(height) };
  };
}
