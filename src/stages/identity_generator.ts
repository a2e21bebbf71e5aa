/**
 * Sampled identities as the classes of a generator: where both papers meet.
 *
 * @module
 */
import { checkLength, cloneParams } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { CLASS_TABLE, classSpread } from "./condition_latents.ts";
import { type Generator, makeGenerator } from "./generator.ts";

/** Identities that become classes. */
export interface IdentityClasses {
  /** Reference latents of `conditionLatents`, `[N, D]` in row-major order; what they say of noise is left out. */
  latents: ArrayLike<number>;
  /** Names, `[N]`. */
  names: readonly string[];
}

/**
 * A generator whose classes are sampled identities: each reference latent becomes the embedding of a class. `generate`
 * then draws them in other poses and lights, from other noise than the fixed one; and `reinforce` refines them by the
 * rewards of the main paper, with the features of the sampled images as the memory bank, so that the prototype (eq. 2) is
 * the Langevin reference.
 *
 * @param generator The generator whose latents they are. Stays as it is.
 * @param identities Latents and names.
 * @returns A generator with copies of the weights. To be disposed by the caller.
 * @throws {TypeError} If the number of latents does not fit.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { conditionLatents, generate, identityGenerator, loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = conditionLatents(prior);
 * // In the place of what sampleIdentities() gives: nobody in particular.
 * const latents = new Float32Array(model.dimensions);
 * const nobody = identityGenerator(prior, { latents, names: ["nobody"] });
 * const { paths } = await generate(nobody, { imagesPerIdentity: 2, samplingSteps: 1, chunk: 2 });
 * console.log(paths); // ["nobody/0.png", "nobody/1.png"]
 * ```
 */
export function identityGenerator(
  generator: Generator,
  identities: IdentityClasses,
): Generator {
  const { latents, names } = identities;
  const { config: { privacy: _, retired: __, ...config }, params } = generator;
  using spread = classSpread(generator);
  const { dimensions } = spread;
  const count = names.length;
  const { height, width, channels } = config.dit;
  const size = latents.length / Math.max(1, count);
  // Latents with noise are longer; a class has none of its own.
  const isLong = size === dimensions + height * width * channels;
  const length = isLong ? size : dimensions;
  checkLength(
    "make a generator of identities",
    "latents",
    latents,
    count * length,
  );
  const own = cloneParams(params.dit);
  const table = own[CLASS_TABLE] as tf.Tensor2D;
  own[CLASS_TABLE] = tf.tidy(() => {
    const all = tf.tensor2d(Float32Array.from(latents), [count, length]);
    const w = tf.slice(all, [0, 0], [count, dimensions]);
    // The null class of guidance is the same as before.
    const nobody = tf.slice(table, [config.dit.classes, 0], [1, dimensions]);
    return tf.concat([spread.toOwn(w), nobody], 0);
  });
  table.dispose();
  return makeGenerator({
    ...config,
    dit: { ...config.dit, classes: count },
    identities: [...names],
  }, { autoencoder: cloneParams(params.autoencoder), dit: own });
}
