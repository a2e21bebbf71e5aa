/**
 * Moving averages of weights.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";

/**
 * One step of an exponential moving average of weights: a ← decay · a + (1 - decay) · w.
 *
 * @param average The average so far. Borrowed.
 * @param params The weights after a training step, under the same names. Borrowed.
 * @param decay In [0, 1); a scalar tensor where it follows a schedule.
 * @returns The new average. Owned by the caller.
 *
 * @example
 * ```ts
 * import { averageStep } from "@outis/outis/optim";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const average = averageStep({ w: tf.scalar(1) }, { w: tf.scalar(2) }, 0.9);
 * console.log(average.w.arraySync()); // 1.1
 * ```
 */
export function averageStep(
  average: Params,
  params: Params,
  decay: number | tf.Scalar,
): Params {
  return tf.tidy(() => {
    const share = tf.sub(1, decay);
    return Object.fromEntries(
      Object.entries(average).map(([name, a]) => [
        name,
        tf.add(a, tf.mul(share, tf.sub(params[name], a))),
      ]),
    );
  });
}
