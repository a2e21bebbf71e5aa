/**
 * Changes of colour, as torchvision defines them, for batches of images.
 *
 * | here | torchvision           |
 * | ---- | --------------------- |
 * | x    | (image in [0, 1])     |
 * | f    | `*_factor`, per image |
 *
 * @module
 */
import { tf } from "../engine/mod.ts";

/** A factor per image and kind, `[B]` each; what is left out is not changed. A `type`, so that it can go through `jit`. */
export type ColourFactors = {
  /** 0 black, 1 unchanged. */
  brightness?: tf.Tensor1D;
  /** 0 the mean grey, 1 unchanged. */
  contrast?: tf.Tensor1D;
  /** 0 grey scale, 1 unchanged. */
  saturation?: tf.Tensor1D;
  /** In turns of the colour circle: -0.5 to 0.5, 0 unchanged. */
  hue?: tf.Tensor1D;
};

/** Weights of red, green and blue in grey, as torchvision rounds them. */
const GREY = [0.2989, 0.587, 0.114];

/**
 * Changes brightness, contrast, saturation and hue, in this order.
 *
 * Each is torchvision's `adjust_*` on float images: brightness clip(f · x); contrast clip(f · x + (1 - f) · mean of the
 * grey image); saturation clip(f · x + (1 - f) · grey); hue turns the H of HSV by f. torchvision's `ColorJitter` draws
 * another order for every image; here the order is fixed, so that a batch is one pass.
 *
 * @param images `[B, H, W, 3]`, RGB in [-1, 1]. Borrowed.
 * @param factors What to change, by how much. Borrowed.
 * @returns `[B, H, W, 3]` in [-1, 1]. Owned by the caller.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { jitterColours } from "@outis/outis/data";
 *
 * await useBackend("auto");
 * const white = tf.ones<tf.Rank.R4>([1, 2, 2, 3]);
 * const brightness = tf.tensor1d([0.5]);
 * const grey = jitterColours(white, { brightness });
 * assert(Math.abs(grey.dataSync()[0]) < 1e-6); // half of 1 on the scale from 0
 * tf.dispose([white, brightness, grey]);
 * ```
 */
export function jitterColours(
  images: tf.Tensor4D,
  factors: ColourFactors,
): tf.Tensor4D {
  const { brightness, contrast, saturation, hue } = factors;
  const perImage = (factor: tf.Tensor1D) => tf.reshape(factor, [-1, 1, 1, 1]);
  return tf.tidy(() => {
    let x: tf.Tensor = tf.mul(tf.add(images, 1), 0.5);
    if (brightness) x = tf.clipByValue(tf.mul(x, perImage(brightness)), 0, 1);
    if (contrast) {
      x = blend(x, tf.mean(greyOf(x), [1, 2, 3], true), perImage(contrast));
    }
    if (saturation) x = blend(x, greyOf(x), perImage(saturation));
    if (hue) x = turnHue(x, perImage(hue));
    return tf.sub(tf.mul(x, 2), 1) as tf.Tensor4D;
  });
}

function greyOf(x: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(x, GREY), 3, true); // [B, H, W, 1]
}

function blend(x: tf.Tensor, other: tf.Tensor, factor: tf.Tensor): tf.Tensor {
  const mixed = tf.add(tf.mul(x, factor), tf.mul(other, tf.sub(1, factor)));
  return tf.clipByValue(mixed, 0, 1);
}

function turnHue(x: tf.Tensor, turn: tf.Tensor): tf.Tensor {
  const [red, green, blue] = tf.split(x, 3, 3);
  const value = tf.max(x, 3, true);
  const chroma = tf.sub(value, tf.min(x, 3, true));
  // Grey has no hue: 0 / 1 instead of 0 / 0.
  const divisor = tf.where(tf.equal(chroma, 0), tf.onesLike(chroma), chroma);
  const sixths = tf.where(
    tf.equal(value, red),
    tf.div(tf.sub(green, blue), divisor),
    tf.where(
      tf.equal(value, green),
      tf.add(tf.div(tf.sub(blue, red), divisor), 2),
      tf.add(tf.div(tf.sub(red, green), divisor), 4),
    ),
  );
  const hue = tf.add(sixths, tf.mul(turn, 6)); // in sixths of a turn
  // Channel n is V - C · max(0, min(k, 4 - k, 1)) with k = (n + hue) mod 6.
  const channel = (n: number) => {
    const k = tf.mod(tf.add(hue, n), 6);
    const slope = tf.clipByValue(tf.minimum(k, tf.sub(4, k)), 0, 1);
    return tf.sub(value, tf.mul(chroma, slope));
  };
  return tf.concat([channel(5), channel(3), channel(1)], 3);
}
