/**
 * How published networks become embedders: their sizes, their names, and what they want of pixels.
 *
 * @module
 */
import type { tf } from "../engine/mod.ts";
import {
  imagenetPreprocessing,
  type Params,
  plainPreprocessing,
  type Preprocessing,
} from "../core/mod.ts";
import {
  insightfaceNames,
  iresnet,
  iresnet100,
  iresnet18,
  iresnet50,
  type IresnetConfig,
  type NameScheme,
  resizePositions,
  resnet,
  resnet101,
  resnet18,
  resnet34,
  resnet50,
  type ResnetConfig,
  timmVitNames,
  torchvisionResnetNames,
  torchvisionVitNames,
  vit,
  vitB16,
  type VitConfig,
  vitS16,
} from "../models/mod.ts";

/** Networks that are published with weights. */
export type PublishedModel =
  | "resnet18"
  | "resnet34"
  | "resnet50"
  | "resnet101"
  | "vitS16"
  | "vitB16"
  | "iresnet18"
  | "iresnet50"
  | "iresnet100";

/** Whose names the weights have. */
export type PublishedNames = "torchvision" | "timm" | "insightface";

/** What a published network may differ in. */
export interface PublishedSizes {
  /** Whose names the weights have. @default torchvision for ResNets, timm for ViTs, insightface for IResNets */
  names?: PublishedNames;
  /** Image height, pixels. @default 224, for faces 112 */
  height?: number;
  /** Image width, pixels. @default 224, for faces 112 */
  width?: number;
  /** Options of a ResNet. @default {} */
  resnet?: Partial<Pick<ResnetConfig, "lastStride" | "pooling" | "neck">>;
}

/** A network without weights, ready to become an embedder. */
export interface PublishedEmbedder {
  /** Number of features. */
  width: number;
  /** What the weights were trained with. */
  preprocessing: Preprocessing;
  /** The names in its files. */
  scheme: NameScheme;
  /**
   * Shapes of the weights in a file, by our names: those of the network, but for positions of another grid.
   *
   * @param found Shapes in the file, by its names.
   */
  shapesIn: (
    found: ReadonlyMap<string, readonly number[]>,
  ) => { [name: string]: readonly number[] };
  /**
   * Makes the network's weights from a file's, in place of them; tensors that are not kept are disposed of.
   *
   * @param isOwn Whether the file was saved for images of this size, as its preprocessing tells.
   */
  adapt: (weights: Params, isOwn: boolean) => Params;
  /** Features `[B, width]` of preprocessed images. */
  features: (weights: Params, images: tf.Tensor4D) => tf.Tensor2D;
}

const MODELS: {
  [model in PublishedModel]: (sizes: PublishedSizes) => PublishedEmbedder;
} = {
  resnet18: (sizes) => ofResnet(resnet18, sizes),
  resnet34: (sizes) => ofResnet(resnet34, sizes),
  resnet50: (sizes) => ofResnet(resnet50, sizes),
  resnet101: (sizes) => ofResnet(resnet101, sizes),
  vitS16: (sizes) => ofVit(vitS16, sizes),
  vitB16: (sizes) => ofVit(vitB16, sizes),
  iresnet18: (sizes) => ofIresnet(iresnet18, sizes),
  iresnet50: (sizes) => ofIresnet(iresnet50, sizes),
  iresnet100: (sizes) => ofIresnet(iresnet100, sizes),
};

/** The networks by name. */
export const PUBLISHED_MODELS: readonly PublishedModel[] = Object.keys(
  MODELS,
) as PublishedModel[];

/**
 * A published network as an embedder without weights.
 *
 * @param model Its name.
 * @param sizes What differs.
 * @throws {RangeError} If there is no such network, it is not published under such names, or it does not take such
 * images.
 *
 * @example
 * ```ts
 * import { publishedEmbedder } from "@outis/outis/stages";
 *
 * const { width } = publishedEmbedder("vitB16", { height: 256, width: 128 });
 * console.log(width); // 768
 * ```
 */
export function publishedEmbedder(
  model: PublishedModel,
  sizes: PublishedSizes = {},
): PublishedEmbedder {
  const make = Object.hasOwn(MODELS, model) ? MODELS[model] : undefined;
  if (make === undefined) {
    throw refusal("model", `one of ${PUBLISHED_MODELS.join(", ")}`, model);
  }
  return make(sizes);
}

function ofResnet(
  size: (options: Partial<ResnetConfig>) => ResnetConfig,
  sizes: PublishedSizes,
): PublishedEmbedder {
  // timm has kept torchvision's names.
  checkNames(sizes.names, ["torchvision", "timm"]);
  const { height = 224, width = 224 } = sizes;
  const model = resnet(size(sizes.resnet ?? {}));
  return {
    width: model.width,
    preprocessing: imagenetPreprocessing(height, width),
    scheme: torchvisionResnetNames(model.config, model.shapes),
    shapesIn: () => model.shapes,
    adapt: (weights) => weights,
    features(weights, images) {
      const { features } = model.apply(weights, images);
      return features;
    },
  };
}

function ofVit(
  size: (options: Partial<VitConfig>) => VitConfig,
  sizes: PublishedSizes,
): PublishedEmbedder {
  const { names = "timm", height = 224, width = 224 } = sizes;
  checkNames(names, ["timm", "torchvision"]);
  const model = vit(size({ height, width }));
  const { config, shapes } = model;
  const isTimm = names === "timm";
  const scheme = (isTimm ? timmVitNames : torchvisionVitNames)(config, shapes);
  const grid = [height / config.patch, width / config.patch] as const;
  const count = grid[0] * grid[1];
  return {
    width: model.width,
    // timm's are trained with a mean and deviation of 0.5, which is this project's scale.
    preprocessing: (isTimm ? plainPreprocessing : imagenetPreprocessing)(
      height,
      width,
    ),
    scheme,
    shapesIn(found) {
      const theirs = found.get(scheme.toTheirs("pos_embed") as string);
      const length = theirs?.[1] ?? 0;
      const isSquare = Number.isInteger(Math.sqrt(length - 1));
      if (theirs === undefined || !isSquare) return shapes; // what is wrong is told with all else
      return { ...shapes, pos_embed: [1, length, config.hidden] };
    },
    adapt(weights, isOwn) {
      const positions = weights.pos_embed as tf.Tensor3D;
      const patches = positions.shape[1] - 1;
      const side = Math.sqrt(patches);
      // As many patches in a square are another grid, unless the file tells that they are not in a square.
      const isSquare = Number.isInteger(side) && !isOwn;
      if (patches === count && (!isSquare || grid[0] === grid[1])) {
        return weights;
      }
      const resized = resizePositions(positions, {
        from: [side, side],
        to: grid,
      });
      positions.dispose();
      return { ...weights, pos_embed: resized };
    },
    features: (weights, images) => model.apply(weights, images).features,
  };
}

function ofIresnet(
  size: (options: Partial<IresnetConfig>) => IresnetConfig,
  sizes: PublishedSizes,
): PublishedEmbedder {
  checkNames(sizes.names, ["insightface"]);
  const model = iresnet(size({}));
  const side = model.config.size;
  const { height = side, width = side } = sizes;
  if (height !== side || width !== side) {
    throw refusal("height, width", `${side}, ${side}`, `${height}, ${width}`);
  }
  return {
    width: model.width,
    preprocessing: plainPreprocessing(side, side), // (x - 127.5) / 127.5
    scheme: insightfaceNames(model.shapes),
    shapesIn: () => model.shapes,
    adapt: (weights) => weights,
    features: (weights, images) => model.apply(weights, images).features,
  };
}

function checkNames(
  names: PublishedNames | undefined,
  known: PublishedNames[],
): void {
  if (names === undefined || known.includes(names)) return;
  throw refusal("names", `one of ${known.join(", ")} for this model`, names);
}

function refusal(name: string, rule: string, value: string): RangeError {
  return new RangeError(
    `Cannot load an embedder as '${name}' must be ${rule}: current value is ${value}`,
  );
}
