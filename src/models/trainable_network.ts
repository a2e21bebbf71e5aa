/**
 * The networks that recognisers are made of, behind one interface: what training and files need of each.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import {
  imagenetPreprocessing,
  type Params,
  plainPreprocessing,
  preprocess,
  type Preprocessing,
  type RandomStream,
} from "../core/mod.ts";
import { batchNormalization, type Pass, type WeightShapes } from "../nn/mod.ts";
import { insightfaceNames } from "./iresnet_names.ts";
import { iresnet } from "./iresnet.ts";
import type { IresnetConfig } from "./iresnet_sizes.ts";
import { recognizer, type RecognizerConfig } from "./recognizer.ts";
import { resnet } from "./resnet.ts";
import { torchvisionResnetNames } from "./resnet_names.ts";
import type { ResnetConfig } from "./resnet_sizes.ts";
import { vit } from "./vit.ts";
import { timmVitNames } from "./vit_names.ts";
import type { VitConfig } from "./vit_sizes.ts";
import { type NameScheme, pytorchNames } from "./weight_names.ts";

/** What a network is, as plain data: enough to make it again. Classifiers are no part of it. */
export type NetworkDescription =
  & {
    /**
     * The scale of its pixels: this project's [-1, 1], or ImageNet's mean and deviation, as published weights want.
     *
     * @default {"plain"}
     */
    pixels?: "plain" | "imagenet";
  }
  & (
    | {
      /** The small recogniser, with group normalisation. */
      kind: "small";
      /** Its sizes. */
      config: RecognizerConfig;
    }
    | {
      /** A residual network; its neck is part of its sizes. */
      kind: "resnet";
      /** Image height, pixels. */
      height: number;
      /** Image width, pixels. */
      width: number;
      /** Its sizes; `classes` has to be 0. */
      config: ResnetConfig;
    }
    | {
      /** A vision transformer. */
      kind: "vit";
      /** Its sizes; `classes` has to be 0. */
      config: VitConfig;
      /** Whether its features are normalised over the batch before they are classified and compared (BNNeck). */
      neck: boolean;
    }
    | {
      /** insightface's residual network. */
      kind: "iresnet";
      /** Its sizes. */
      config: IresnetConfig;
    }
  );

/** What a {@linkcode TrainableNetwork} gives. Owned by the caller. */
export type NetworkFeatures = {
  /** What is classified and compared, `[B, width]`: behind the neck, where there is one. */
  features: tf.Tensor2D;
  /** Before the neck, `[B, width]`, for losses on distances; without a neck the same. */
  pooled: tf.Tensor2D;
  /** Running statistics after this batch, under their names; empty without training or without batch normalisation. */
  statistics: Params;
};

/** A recogniser's network without a classifier. */
export interface TrainableNetwork {
  /** What it was made from. */
  description: NetworkDescription;
  /** What it does to the pixels first. */
  preprocessing: Preprocessing;
  /** Number of features. */
  width: number;
  /** Shapes of weights and running statistics by name. */
  shapes: WeightShapes;
  /** What published files call them. */
  scheme: NameScheme;
  /** Makes weights and running statistics. Owned by the caller. */
  init: (random: RandomStream) => Params;
  /**
   * Features of images. Nothing is changed in place.
   *
   * @param images `[B, H, W, 3]` in [-1, 1]. Borrowed.
   * @param training Whether batch normalisation takes the statistics of this batch, and renews the running ones.
   */
  apply: (
    params: Params,
    images: tf.Tensor4D,
    training: boolean,
  ) => NetworkFeatures;
}

/** A network as its own room knows it: images are preprocessed, names and sizes are its own. */
type Body = Pick<TrainableNetwork, "width" | "shapes" | "scheme" | "init"> & {
  height: number;
  imageWidth: number;
  apply: TrainableNetwork["apply"];
};

/**
 * Makes a network from its description.
 *
 * @throws {RangeError} If a size is not possible, or the network has a classifier.
 *
 * @example
 * ```ts
 * import { resnet18, trainableNetwork } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const config = resnet18({ channels: 8, neck: true });
 * const network = trainableNetwork({ kind: "resnet", height: 64, width: 32, config });
 * const params = network.init(randomStream(1));
 * const { features } = network.apply(params, tf.zeros([2, 64, 32, 3]), false);
 * console.log(features.shape); // [2, 64]
 * ```
 */
export function trainableNetwork(
  description: NetworkDescription,
): TrainableNetwork {
  const { height, imageWidth, apply, ...body } = bodyOf(description);
  const scale = description.pixels === "imagenet"
    ? imagenetPreprocessing
    : plainPreprocessing;
  const preprocessing = scale(height, imageWidth);
  return {
    ...body,
    description,
    preprocessing,
    apply: (params, images, training) =>
      tf.tidy(() => apply(params, preprocess(images, preprocessing), training)),
  };
}

function bodyOf(description: NetworkDescription): Body {
  switch (description.kind) {
    case "small":
      return smallBody(description.config);
    case "resnet":
      return resnetBody(description);
    case "vit":
      return vitBody(description);
    case "iresnet":
      return iresnetBody(description.config);
  }
}

function smallBody(config: RecognizerConfig): Body {
  const model = recognizer(config);
  return {
    width: config.features,
    height: config.height,
    imageWidth: config.width,
    shapes: model.shapes,
    scheme: pytorchNames({
      name: "the small recogniser",
      shapes: model.shapes,
    }),
    init: model.init,
    apply: (params, images) => alone(model.apply(params, images)),
  };
}

function resnetBody(
  { config, height, width }: NetworkDescription & { kind: "resnet" },
): Body {
  checkClasses(config.classes);
  const model = resnet(config);
  return {
    width: model.width,
    height,
    imageWidth: width,
    shapes: model.shapes,
    scheme: torchvisionResnetNames(config, model.shapes),
    init: model.init,
    apply: (params, images, training) =>
      model.apply(params, images, { training }),
  };
}

function vitBody({ config, neck }: NetworkDescription & { kind: "vit" }): Body {
  checkClasses(config.classes);
  const model = vit(config);
  const norm = neck
    ? batchNormalization<tf.Tensor2D>("neck", {
      channels: config.hidden,
      frozen: "offset",
    })
    : undefined;
  const shapes = { ...model.shapes, ...norm?.shapes };
  return {
    width: model.width,
    height: config.height,
    imageWidth: config.width,
    shapes,
    scheme: timmVitNames(config, shapes),
    init: (random) => ({ ...model.init(random), ...norm?.init(random) }),
    apply(params, images, training) {
      const { features: pooled } = model.apply(params, images); // [B, hidden]
      if (norm === undefined) return alone(pooled);
      const pass: Pass = { params, training, statistics: {} };
      const features = norm.apply(pass, pooled);
      return { features, pooled, statistics: pass.statistics };
    },
  };
}

function iresnetBody(config: IresnetConfig): Body {
  const model = iresnet(config);
  return {
    width: model.width,
    height: config.size,
    imageWidth: config.size,
    shapes: model.shapes,
    scheme: insightfaceNames(model.shapes),
    init: model.init,
    apply(params, images, training) {
      const { features, statistics } = model.apply(params, images, {
        training,
      });
      return { features, pooled: features, statistics };
    },
  };
}

/** Features of a network without neck and statistics. */
function alone(features: tf.Tensor2D): NetworkFeatures {
  return { features, pooled: features, statistics: {} };
}

function checkClasses(classes: number): void {
  if (classes === 0) return;
  throw new RangeError(
    `Cannot make a network to train as 'config.classes' must be 0, the classifier being the training's: current value is ${classes}`,
  );
}
