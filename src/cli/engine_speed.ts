/**
 * How fast the engine is here and now.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { tf } from "../engine/mod.ts";
import { processorTime } from "./study_files.ts";

/**
 * What kept times refer to: 2 idle cores of an AMD EPYC (Zen 4) under TensorFlow 2.21 do so many of the rounds below in a
 * second.
 */
const REFERENCE_ROUNDS = 170;
/** Its cores. */
const REFERENCE_CORES = 2;

/** How long is measured, ms. */
const SPAN = 400;

/**
 * Measures for half a second how fast the engine does what training does most: convolutions and products of matrices.
 *
 * Where other work keeps the cores busy, the clock says little about half a second: then the processor time counts, as if
 * two cores were free.
 *
 * @param now Clock, ms.
 * @returns Times as fast as the machine of reference: 2 idle cores of an AMD EPYC under TensorFlow.
 *
 * @example
 * ```ts
 * import { engineSpeed } from "./engine_speed.ts";
 *
 * console.log(engineSpeed.length); // 0; engineSpeed() takes half a second
 * ```
 */
export async function engineSpeed(
  now: () => number = () => performance.now(),
): Promise<number> {
  const [images, kernel, rows, weights] = tf.tidy(() => [
    tf.ones([16, 32, 32, 48]) as tf.Tensor4D,
    tf.ones([3, 3, 48, 48]) as tf.Tensor4D,
    tf.ones([1024, 192]),
    tf.ones([192, 768]),
  ]);
  const round = async () => {
    const sum = tf.tidy(() =>
      tf.add(
        tf.mean(
          tf.conv2d(images as tf.Tensor4D, kernel as tf.Tensor4D, 1, "same"),
        ),
        tf.mean(tf.matMul(rows, weights)),
      )
    );
    await sum.data();
    sum.dispose();
  };
  try {
    await round(); // the first one pays for what is set up once
    const times: number[] = [];
    const before = processorTime();
    for (let last = now(), end = last + SPAN; last < end;) {
      await round();
      const time = now();
      times.push(time - last);
      last = time;
    }
    const usual = times.sort((a, b) => a - b)[times.length >> 1];
    const work = (processorTime() - before) / times.length;
    const cores = Math.min(availableParallelism(), REFERENCE_CORES);
    return 1000 / Math.min(usual, work / cores) / REFERENCE_ROUNDS;
  } finally {
    tf.dispose([images, kernel, rows, weights]);
  }
}
