/**
 * Sampled identities as the references of the rewards.
 *
 * @module
 */
import type { Embedder } from "../core/mod.ts";
import { owned, tf } from "../engine/mod.ts";
import { MemoryBank } from "../rewards/mod.ts";
import { identityName, type SavedIdentity } from "./save_identity.ts";

/**
 * A memory bank of sampled identities. Their features are moved as a whole, so that their mean, and with it the class
 * prototype of eq. 2, is the Langevin reference; how they spread about it stays.
 *
 * @param identities Identities with at least one variation each.
 * @param embedder The embedder whose features they are.
 * @returns The bank, under the names of `identityName`. To be disposed by the caller.
 * @throws {RangeError} If an identity has no variations: one image has no covariance.
 *
 * @example
 * ```ts
 * import { plainPreprocessing } from "@outis/outis/core";
 * import { tf } from "@outis/outis/engine";
 * import { identityBank } from "@outis/outis/stages";
 *
 * const embedder = {
 *   embed: (images: tf.Tensor4D) => tf.reshape(images, [-1, 2]) as tf.Tensor2D,
 *   width: 2,
 *   preprocessing: plainPreprocessing(1, 1),
 *   fingerprint: "an embedder's",
 * };
 * const identity = (number: number, features: number[]) => ({
 *   number,
 *   latents: new Float32Array(),
 *   embeddings: Float32Array.from(features),
 *   redrawn: false,
 *   drawnBack: 0,
 * });
 * using bank = identityBank([identity(0, [1, 0, 1, 1]), identity(1, [0, 1, 1, 1])], embedder);
 * bank.view("identity-00000").prototype.print(); // [1, 0]
 * ```
 */
export function identityBank(
  identities: readonly SavedIdentity[],
  { width, fingerprint }: Embedder,
): MemoryBank {
  const rows: number[] = [];
  const labels: number[] = [];
  identities.forEach(({ embeddings }, label) => {
    const count = embeddings.length / width;
    const mean = new Float64Array(width);
    embeddings.forEach((value, k) => mean[k % width] += value / count);
    embeddings.forEach((value, k) =>
      rows.push(value - mean[k % width] + embeddings[k % width])
    );
    for (let i = 0; i < count; i++) labels.push(label);
  });
  using features = owned(tf.tensor2d(rows, [labels.length, width]));
  return MemoryBank.fromFeatures(features.value, labels, {
    identities: identities.map(({ number }) => identityName(number)),
    fingerprint,
  });
}
