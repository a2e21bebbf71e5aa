/**
 * A diffusion transformer as a generator of new identities: what stands in the place of the class is the latent.
 *
 * @module
 */
import { type LatentModel, rowNoise } from "../brownian/mod.ts";
import { checkOneOf, type Params, randomStream } from "../core/mod.ts";
import { stepTensor } from "../diffusion/mod.ts";
import { jit, owned, tf } from "../engine/mod.ts";
import { valueAndGradients } from "../optim/mod.ts";
import type { Generator } from "./generator.ts";
import { type LatentSpread, latentSpread } from "./latent_spread.ts";
import { makeSampler } from "./sampler.ts";

/** Options of {@linkcode conditionLatents}. */
export interface ConditionLatentsOptions {
  /**
   * Transitions of the chain.
   *
   * @default {8}
   */
  samplingSteps?: number;
  /**
   * The noise the chain starts from, which decides pose, light and background, and a good deal of the face: `"fixed"`, the
   * same for all latents, so that little but the condition varies; or `"latent"`, the second part of w, so that variations
   * can differ in it, and every picture still is a function of its latent.
   *
   * @default {"fixed"}
   */
  noise?: "fixed" | "latent";
  /**
   * Seed of the fixed noise.
   *
   * @default {1}
   */
  seed?: number;
}

/** Name of the table of classes in the weights of the transformer. */
export const CLASS_TABLE = "y_embedder.embedding_table.weight";

/**
 * Where the embeddings of a generator's classes lie.
 *
 * @param generator Its transformer's table is used.
 * @returns Mean and spread, to be disposed by the caller.
 * @throws {RangeError} If the generator has fewer than two classes.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { classSpread } from "./condition_latents.ts";
 *
 * await useBackend("auto");
 * using spread = classSpread(await loadGenerator(priorUrl()));
 * console.log(spread.dimensions); // 192
 * ```
 */
export function classSpread(
  generator: Pick<Generator, "config" | "params">,
): LatentSpread {
  const rows = generator.params.dit[CLASS_TABLE] as tf.Tensor2D;
  // Without the last row, the null class of guidance.
  const size = [generator.config.dit.classes, rows.shape[1]];
  using examples = owned(tf.slice(rows, [0, 0], size as [number, number]));
  return latentSpread(examples.value);
}

/**
 * A generator's transformer and decoder: w takes the place of the embedding of a class, measured from the mean of the
 * classes in units of their spread; pictures are drawn by deterministic DDIM from one fixed noise, without guidance.
 *
 * With `noise: "latent"` the noise follows the condition in w. It is brought to the length that normal noise has, so that
 * the forces can turn it, and no pull to the mean makes it fade.
 *
 * Gradients go back one transition at a time, each computed anew from its state: memory does not grow with the length of
 * the chain.
 *
 * @param generator Transformer and autoencoder. Borrowed as long as the model is used.
 * @param options Length of the chain, and which noise.
 * @returns The model, to be disposed by the caller.
 * @throws {RangeError} If the generator has fewer than two classes, or `samplingSteps` is out of range.
 *
 * @example
 * ```ts
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { conditionLatents, loadGenerator, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * using model = conditionLatents(prior, { samplingSteps: 2 });
 * console.log(model.dimensions); // 192
 * console.log(model.decode(tf.zeros([1, 192])).shape); // [1, 64, 64, 3]
 * ```
 */
export function conditionLatents(
  generator: Generator,
  options: ConditionLatentsOptions = {},
): LatentModel & Disposable {
  const { samplingSteps = 8, seed = 1, noise: kind = "fixed" } = options;
  checkOneOf("make latents of conditions", "noise", kind, ["fixed", "latent"]);
  const { height, width, channels } = generator.config.dit;
  const weights = generator.params.dit;
  const spread = classSpread(generator);
  const sampler = makeSampler(generator, { samplingSteps, eta: 0 });
  const size = height * width * channels;
  const random = randomStream(seed, "condition latents");
  const fixed = tf.tensor4d(random.normals(size), [1, height, width, channels]);
  const { dimensions: own } = spread;
  const isLatent = kind === "latent";
  const dimensions = isLatent ? own + size : own;

  // Each latent is a class of its own, in a table that holds nothing else.
  const transition = (
    weights: Params,
    table: tf.Tensor2D,
    state: tf.Tensor4D,
    step: tf.Tensor1D,
    labels: tf.Tensor1D,
  ) => sampler.mean({ ...weights, [CLASS_TABLE]: table }, state, step, labels);
  const forward = jit(transition);
  const back = jit((
    weights: Params,
    table: tf.Tensor2D,
    state: tf.Tensor4D,
    step: tf.Tensor1D,
    labels: tf.Tensor1D,
    slope: tf.Tensor4D,
  ) =>
    valueAndGradients(
      ({ table, state }) =>
        tf.sum(tf.mul(
          slope,
          transition(
            weights,
            table as tf.Tensor2D,
            state as tf.Tensor4D,
            step,
            labels,
          ),
        )),
      { table, state },
    ).gradients
  );
  const backThroughDecoder = jit((state: tf.Tensor4D, slope: tf.Tensor4D) =>
    tf.grad((x: tf.Tensor) =>
      tf.sum(tf.mul(generator.decode(x as tf.Tensor4D), slope))
    )(state) as tf.Tensor4D
  );

  /** The part of latents that stands in the place of the class, in the generator's units. */
  const conditionOf = (latents: tf.Tensor2D) =>
    spread.toOwn(tf.slice(latents, [0, 0], [-1, own]));

  /** x_T of latents. */
  function start(latents: tf.Tensor2D): tf.Tensor4D {
    const count = latents.shape[0];
    if (!isLatent) return tf.tile(fixed, [count, 1, 1, 1]);
    const rest = tf.slice(latents, [0, own], [count, size]);
    const length = tf.maximum(tf.norm(rest, 2, 1, true), 1e-6);
    const noise = tf.mul(rest, tf.div(Math.sqrt(size), length));
    return tf.reshape(noise, [count, height, width, channels]);
  }

  /** Jᵀg of x_T, as long as latents are. */
  const throughStart = (latents: tf.Tensor2D, slope: tf.Tensor4D) =>
    tf.grad((w: tf.Tensor) => tf.sum(tf.mul(start(w as tf.Tensor2D), slope)))(
      latents,
    );

  /** All states of the chain, x_T first. */
  function chain(
    latents: tf.Tensor2D,
    table: tf.Tensor2D,
    labels: tf.Tensor1D,
  ): tf.Tensor4D[] {
    const states = [start(latents)];
    for (const [i, step] of sampler.steps.entries()) {
      states.push(
        tf.tidy(() =>
          forward(weights, table, states[i], stepTensor(step), labels)
        ),
      );
    }
    return states;
  }

  return {
    dimensions,
    mean: () => tf.zeros([dimensions]),
    sample: (streams) =>
      tf.tidy(() => {
        const condition = spread.sample(streams);
        if (!isLatent) return condition;
        const noise = rowNoise(streams.map((one) => one.fork("noise")), size);
        return tf.concat([condition, noise], 1);
      }),
    decode: (latents) =>
      tf.tidy(() => {
        const labels = tf.range(0, latents.shape[0], 1, "int32");
        const states = chain(latents, conditionOf(latents), labels);
        return generator.decode(states[states.length - 1]);
      }),
    pullBack: (latents, gradients) =>
      tf.tidy(() => {
        const labels = tf.range(0, latents.shape[0], 1, "int32");
        const table = conditionOf(latents);
        const states = chain(latents, table, labels);
        const last = sampler.steps.length;
        let slope = backThroughDecoder(states[last], gradients);
        let sum: tf.Tensor = tf.zerosLike(table);
        for (let i = last - 1; i >= 0; i--) {
          const found = tf.tidy(() => {
            const step = stepTensor(sampler.steps[i]);
            const one = back(weights, table, states[i], step, labels, slope);
            return { state: one.state, sum: tf.add(sum, one.table) };
          });
          tf.dispose([slope, sum]);
          slope = found.state as tf.Tensor4D;
          sum = found.sum;
        }
        const condition = spread.pullBack(sum as tf.Tensor2D);
        if (!isLatent) return condition;
        const noise = throughStart(latents, slope as tf.Tensor4D);
        return tf.concat([
          condition,
          tf.slice(noise, [0, own], [-1, size]) as tf.Tensor2D,
        ], 1);
      }),
    [Symbol.dispose]() {
      for (const part of [sampler, forward, back, backThroughDecoder]) {
        part.dispose();
      }
      fixed.dispose();
      spread[Symbol.dispose]();
    },
  };
}
