/**
 * Low-rank adapters (LoRA; Hu et al., 2022) on the kernels of dense layers: few weights to train beside frozen ones.
 *
 * | symbol | here |
 * | --- | --- |
 * | W₀ | a kernel, `<name>` `[in, out]` |
 * | A, B (transposed: ours multiply from the right) | `<name>.down` `[in, rank]`, `<name>.up` `[rank, out]` |
 * | r, α / r | `rank`, `scale` |
 *
 * @module
 */
import { linear, tf } from "../engine/mod.ts";
import {
  checkRange,
  checkShape,
  cloneParams,
  type Params,
  type RandomStream,
  selectParams,
} from "../core/mod.ts";
import { normalTensor } from "./initial.ts";

/** Options of {@linkcode lowRankAdapters}. */
export interface LowRankAdaptersOptions {
  /** What the names of the kernels to adapt must match. Of these, tensors that are no matrices are left alone. */
  pattern: RegExp;
  /** Rank of the change, from 1 to the smaller side of the smallest matched kernel. */
  rank: number;
  /** Where the draws come from. */
  random: RandomStream;
}

/** Options of {@linkcode withLowRank}. */
export interface WithLowRankOptions {
  /**
   * Factor on the change, the paper's α / r; finite.
   *
   * @default {1}
   */
  scale?: number;
}

/**
 * Makes adapters for the dense kernels of any network: of each `<name>` `[in, out]`, `<name>.down` `[in, rank]` with
 * deviation 1 / √in, and `<name>.up` `[rank, out]` of zeros, so that the adapted network begins as the old one.
 *
 * Gradients and optimisers are for this record alone; {@linkcode withLowRank} puts it to use.
 *
 * @param params Weights of the network. Borrowed.
 * @returns The adapters. Owned by the caller.
 * @throws {RangeError} If no matrix has a matching name, or the rank does not fit one of them.
 *
 * @example
 * ```ts
 * import { lowRankAdapters } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const params = { "attn.qkv.weight": tf.ones([8, 24]), "attn.qkv.bias": tf.zeros([24]) };
 * const adapters = lowRankAdapters(params, { pattern: /qkv/, rank: 2, random: randomStream(1) });
 * console.log(Object.keys(adapters)); // attn.qkv.weight.down, attn.qkv.weight.up
 * ```
 */
export function lowRankAdapters(
  params: Params,
  options: LowRankAdaptersOptions,
): Params {
  const { pattern, rank, random } = options;
  const kernels = Object.entries(selectParams(params, pattern))
    .filter(([, kernel]) => kernel.rank === 2);
  if (kernels.length === 0) {
    throw new RangeError(
      `Cannot make low-rank adapters as 'pattern' must be matched by the name of at least one matrix: current value is ${pattern}`,
    );
  }
  const max = Math.min(...kernels.flatMap(([, { shape }]) => shape));
  checkRange("make low-rank adapters", "rank", rank, {
    min: 1,
    max,
    integer: true,
  });
  const adapters: Params = {};
  for (const [name, { shape: [inputs, outputs] }] of kernels) {
    const down = `${name}.down`;
    const deviation = 1 / Math.sqrt(inputs);
    adapters[down] = normalTensor(random, down, [inputs, rank], deviation);
    adapters[`${name}.up`] = tf.zeros([rank, outputs]);
  }
  return adapters;
}

/**
 * The weights with their changes: W₀ + scale · down · up for each adapted kernel.
 *
 * Differentiable with respect to `adapters`: take gradients of a loss of `withLowRank(params, adapters)` there only, and
 * `params` stay frozen.
 *
 * @param params Weights of the network. Borrowed.
 * @param adapters Of {@linkcode lowRankAdapters}. Borrowed.
 * @returns A record for the same network: adapted kernels are new tensors, owned by the caller, all others are the
 * tensors of `params`.
 * @throws {RangeError} If an adapter belongs to no kernel of `params`, lacks its other half, or `scale` is not finite.
 * @throws {TypeError} If the shapes of an adapter do not fit its kernel.
 *
 * @example
 * ```ts
 * import { lowRankAdapters, withLowRank } from "@outis/outis/nn";
 * import { valueAndGradients } from "@outis/outis/optim";
 * import { linear, tf, useBackend } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 *
 * await useBackend("auto");
 * const params = { "fc.weight": tf.ones<tf.Rank.R2>([4, 3]) };
 * const adapters = lowRankAdapters(params, { pattern: /fc/, rank: 1, random: randomStream(1) });
 * const { gradients } = valueAndGradients((adapters) => {
 *   const { "fc.weight": weight } = withLowRank(params, adapters);
 *   return tf.mean(linear(tf.ones([2, 4]), weight as tf.Tensor2D));
 * }, adapters);
 * console.log(Object.keys(gradients)); // fc.weight.down, fc.weight.up: the kernel is frozen
 * ```
 */
export function withLowRank(
  params: Params,
  adapters: Params,
  options: WithLowRankOptions = {},
): Params {
  const { scale = 1 } = options;
  const act = "apply low-rank adapters";
  checkRange(act, "scale", scale);
  const adapted = { ...params };
  for (const name of kernelNames(adapters)) {
    const kernel = params[name];
    const [down, up] = [adapters[`${name}.down`], adapters[`${name}.up`]];
    if (kernel === undefined || down === undefined || up === undefined) {
      throw new RangeError(
        `Cannot ${act} as 'adapters' must be a '.down' and an '.up' for kernels of the network: current value is one for '${name}'`,
      );
    }
    const [inputs, outputs] = kernel.shape;
    checkShape(act, `${name}.down`, down, [inputs, null]);
    checkShape(act, `${name}.up`, up, [down.shape[1]!, outputs]);
    adapted[name] = tf.tidy(() => {
      const change = linear(down, up as tf.Tensor2D); // [in, out]
      return tf.add(kernel, scale === 1 ? change : tf.mul(change, scale));
    });
  }
  return adapted;
}

/**
 * Makes the change permanent: weights of the plain network, which need no adapters any more and cost what they did.
 *
 * @param params Weights of the network. Borrowed.
 * @param adapters Of {@linkcode lowRankAdapters}. Borrowed.
 * @param options The factor they were trained with.
 * @returns All weights under their own names. Owned by the caller.
 * @throws As {@linkcode withLowRank}.
 *
 * @example
 * ```ts
 * import { mergeLowRank } from "@outis/outis/nn";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const params = { w: tf.zeros([2, 2]), b: tf.ones([2]) };
 * const adapters = { "w.down": tf.tensor2d([[1], [2]]), "w.up": tf.tensor2d([[3, 4]]) };
 * mergeLowRank(params, adapters).w.print(); // [[3, 4], [6, 8]]
 * ```
 */
export function mergeLowRank(
  params: Params,
  adapters: Params,
  options: WithLowRankOptions = {},
): Params {
  return tf.tidy(() => cloneParams(withLowRank(params, adapters, options)));
}

/** Names of the adapted kernels, each once. */
function kernelNames(adapters: Params): string[] {
  const names = Object.keys(adapters).map((name) =>
    name.replace(/\.(down|up)$/, "")
  );
  return [...new Set(names)];
}
