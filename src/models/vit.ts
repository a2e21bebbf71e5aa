/**
 * The vision transformer (Dosovitskiy et al., 2021).
 *
 * Weights bear timm's names; torchvision's differ by names only.
 *
 * @module
 */
import { gelu, tf } from "../engine/mod.ts";
import { checkShape, type Params, type RandomStream } from "../core/mod.ts";
import {
  convolution,
  dense,
  initAll,
  layerNormalization,
  normalTensor,
  selfAttention,
  type ShapedLayer,
  shapesOf,
  type WeightShapes,
} from "../nn/mod.ts";
import type { VitConfig } from "./vit_sizes.ts";

/** What {@linkcode Vit}'s `apply` returns. Owned by the caller. */
export type VitResult = {
  /** The class token after the last normalisation, `[B, hidden]`. */
  features: tf.Tensor2D;
  /** The classifier's output, `[B, classes]`; nothing without a classifier. */
  logits: tf.Tensor2D | undefined;
};

/** A vision transformer: how to make its weights and how to use them. */
export interface Vit {
  /** The sizes it was made with. */
  config: VitConfig;
  /** Number of features. */
  width: number;
  /** Shapes of the weights by name. */
  shapes: WeightShapes;
  /** Makes the weights. Owned by the caller. */
  init: (random: RandomStream) => Params;
  /**
   * Features of images.
   *
   * @param images `[B, height, width, 3]`, float32.
   */
  apply: (params: Params, images: tf.Tensor4D) => VitResult;
}

/** Spread of the first class token and positions. */
const SPREAD = 0.02;

/**
 * A vision transformer with a class token, learned positions, normalisation before each branch (ε = 1e-6) and the exact
 * GELU, without dropout. For weights of another image size see `resizePositions`.
 *
 * @throws {RangeError} If `patch` does not divide height and width, or `heads` not `hidden`.
 * @throws {TypeError} At a call with images of another size.
 *
 * @example
 * ```ts
 * import { vit, vitS16 } from "@outis/outis/models";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const model = vit(vitS16({ height: 64, width: 32, hidden: 12, depth: 1, classes: 5 }));
 * const params = model.init(randomStream(1));
 * const { features, logits } = model.apply(params, tf.zeros([2, 64, 32, 3]));
 * console.log(features.shape, logits?.shape); // [2, 12] [2, 5]
 * ```
 */
export function vit(config: VitConfig): Vit {
  const { height, width, patch, hidden, depth, heads, classes } = config;
  for (const [name, size] of [["height", height], ["width", width]] as const) {
    if (!(size > 0 && size % patch === 0)) {
      throw new RangeError(
        `Cannot make a vision transformer as '${name}' must be a multiple of the patch (${patch}): current value is ${size}`,
      );
    }
  }
  const count = (height / patch) * (width / patch);
  const tokens = positionsAndToken(count, hidden);
  const embed = convolution("patch_embed.proj", {
    inputs: 3,
    outputs: hidden,
    kernel: patch,
    stride: patch,
    padding: 0,
  });
  const blocks = Array.from(
    { length: depth },
    (_, i) => vitBlock(`blocks.${i}`, hidden, heads),
  );
  const norm = layerNormalization("norm", { width: hidden });
  const classifier = classes > 0
    ? dense("head", { inputs: hidden, outputs: classes })
    : undefined;
  const parts = [tokens, embed, ...blocks, norm, classifier]
    .filter((part) => part !== undefined);

  return {
    config,
    width: hidden,
    shapes: shapesOf(parts),
    init: (random) => initAll(parts, random),
    apply(params, images) {
      const batch = images.shape[0];
      checkShape("apply a vision transformer", "images", images, [
        batch,
        height,
        width,
        3,
      ]);
      return tf.tidy(() => {
        const patches = embed.apply(params, images); // [B, H/patch, W/patch, hidden]
        let x = tokens.apply(
          params,
          tf.reshape(patches, [batch, count, hidden]),
        ); // [B, 1 + count, hidden]
        for (const block of blocks) x = block.apply(params, x);
        // Of the last block only the class token is looked at; normalisation is for each token alone.
        const token = tf.reshape(tf.slice(x, [0, 0, 0], [batch, 1, hidden]), [
          batch,
          hidden,
        ]);
        const features = norm.apply(params, token) as tf.Tensor2D; // [B, hidden]
        const logits = classifier?.apply(params, features) as
          | tf.Tensor2D
          | undefined; // [B, classes]
        return { features, logits };
      });
    },
  };
}

/** The class token before the patches, and a learned vector added at each place. */
function positionsAndToken(
  count: number,
  hidden: number,
): ShapedLayer<tf.Tensor3D, tf.Tensor3D> {
  const shapes = {
    cls_token: [1, 1, hidden],
    pos_embed: [1, 1 + count, hidden],
  };
  return {
    shapes,
    init: (random) =>
      Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [
          name,
          normalTensor(random, name, shape, SPREAD),
        ]),
      ),
    apply(params, patches) {
      const batch = patches.shape[0];
      const token = tf.tile(params.cls_token, [batch, 1, 1]) as tf.Tensor3D;
      return tf.add(tf.concat([token, patches], 1), params.pos_embed);
    },
  };
}

/** x + attention(norm(x)), then x + mlp(norm(x)), the mlp four times as wide inside. */
function vitBlock(
  name: string,
  width: number,
  heads: number,
): ShapedLayer<tf.Tensor3D, tf.Tensor3D> {
  const norm1 = layerNormalization(`${name}.norm1`, { width });
  const attention = selfAttention(`${name}.attn`, { width, heads });
  const norm2 = layerNormalization(`${name}.norm2`, { width });
  const fc1 = dense(`${name}.mlp.fc1`, { inputs: width, outputs: 4 * width });
  const fc2 = dense(`${name}.mlp.fc2`, { inputs: 4 * width, outputs: width });
  const parts = [norm1, attention, norm2, fc1, fc2];
  return {
    shapes: shapesOf(parts as Pick<ShapedLayer, "shapes">[]),
    init: (random) => initAll(parts as Pick<ShapedLayer, "init">[], random),
    apply(params, x) {
      const normal = norm1.apply(params, x) as tf.Tensor3D;
      const y = tf.add(x, attention.apply(params, normal)); // [B, T, width]
      const h = gelu(fc1.apply(params, norm2.apply(params, y))); // [B, T, 4 width]
      return tf.add(y, fc2.apply(params, h)) as tf.Tensor3D;
    },
  };
}
