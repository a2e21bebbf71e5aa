/**
 * Forces between all pairs of identities: eq. B4 of Langevin.
 *
 * @module
 */
import { angularRepulsion } from "../../src/brownian/mod.ts";
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import type { Work } from "./work.ts";

/** Gradient and energy of identities with 512 features, crowded about a common direction so that most pairs act. */
export function pairForces({ count }: { count: number }): Work {
  return {
    name: `pair forces of ${count} identities`,
    peer: "pairForces",
    variants: [],
    repeats: 1,
    tensors(): Params {
      return tf.tidy(() => {
        const random = randomStream(1);
        const noise = normalTensor(random, "identities", [count, 512], 1);
        const common = normalTensor(random, "common", [1, 512], 1);
        return { embeddings: tf.add(noise, tf.mul(0.8, common)) };
      });
    },
    start: ({ embeddings }) => ({
      run() {
        const { gradient, energy } = angularRepulsion(
          embeddings as tf.Tensor2D,
          { distance: 1.4 },
        );
        return [gradient, tf.scalar(energy)];
      },
      dispose() {},
    }),
  };
}
