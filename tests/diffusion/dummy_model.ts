/**
 * What the tests of diffusers' schedulers sample with (huggingface/diffusers,
 * tests/schedulers/test_schedulers.py): a network x t / (t + 1), and grids of
 * equally spaced numbers, 4 pictures of 8 x 8 with 3 channels.
 *
 * The published sums of test_scheduler_ddim.py and test_scheduler_ddpm.py
 * stand in the tests that use them; their tolerance, 0.01, too. Order is
 * theirs, [4, 3, 8, 8]: everything but the noise is element by element.
 */
import { tf } from "../../src/engine/mod.ts";

/** Shape of the grids, in diffusers' order of axes. */
export const SHAPE: [number, number, number, number] = [4, 3, 8, 8];

const COUNT = 4 * 3 * 8 * 8;

/** The network. */
export function dummyModel(x: tf.Tensor4D, times: tf.Tensor1D): tf.Tensor4D {
  return tf.tidy(() => {
    const t = tf.reshape(times, [-1, 1, 1, 1]);
    return tf.div(tf.mul(x, t), tf.add(t, 1)) as tf.Tensor4D;
  });
}

/** 0 to 767 in steps of 1 / 768, the last axis of [3, 8, 8, 4] being the picture. */
export function dummySample(): tf.Tensor4D {
  return grid((i) => i / COUNT);
}

/** The same backwards. */
export function dummyNoise(): tf.Tensor4D {
  return grid((i) => (COUNT - 1 - i) / COUNT);
}

/** Sum of magnitudes. */
export function sumOf(x: tf.Tensor): number {
  return tf.tidy(() => tf.sum(tf.abs(x)).dataSync()[0]);
}

function grid(value: (index: number) => number): tf.Tensor4D {
  return tf.tidy(() => {
    const values = Float32Array.from({ length: COUNT }, (_, i) => value(i));
    const channelFirst = tf.tensor4d(values, [3, 8, 8, 4]);
    return tf.transpose(channelFirst, [3, 0, 1, 2]);
  });
}
