/**
 * Which weights a private training has, and gradients of single samples with respect to them.
 *
 * | symbol | here |
 * | --- | --- |
 * | a_b | `inputs`, SiLU of sample b's condition, the same for all adaLN layers |
 * | e_b | `rows`, the embedding of its class |
 * | s_b | `slopes`, the loss of sample b differentiated by the output of an adaLN layer |
 *
 * ∂W = a ⊗ s and ∂bias = s for a kernel; a ⊗ (s upᵀ) and (a down) ⊗ s for the two halves of an adapter; for the table of
 * classes, the slope of e in the row of the class.
 *
 * @module
 */
import { cloneParams, type Params, type RandomStream } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { lowRankAdapters, withLowRank } from "../nn/mod.ts";
import type { OuterGradients } from "../privacy/mod.ts";
import { CLASS_TABLE } from "./condition_latents.ts";
import { divide } from "./training_state.ts";

/** What gradients are made from. A `type`, to go through `jit`. */
export type SampleSlopes = {
  /** a, `[B, hidden]`. */
  inputs: tf.Tensor2D;
  /** Classes, `[B]`, int32. */
  labels: tf.Tensor1D;
  /** Slopes of e, `[B, hidden]`. */
  rows: tf.Tensor2D;
  /** s of each layer, `[B, outputs]`, by the layer's name. */
  slopes: { [layer: string]: tf.Tensor2D };
};

/** The weights of a private training. */
export interface PrivateWeights {
  /** What is trained, as it starts. Owned by the caller. */
  start: Params;
  /** What stays. Borrowed from the transformer. */
  frozen: Params;
  /** Widths of the layers whose slopes are needed, by name. */
  layers: { [layer: string]: number };
  /** All weights of the transformer; what is not among the arguments is new. */
  merge: (frozen: Params, weights: Params) => Params;
  /** Gradients of single samples with respect to `weights`. Arguments borrowed, results owned. */
  gradients: (
    weights: Params,
    slopes: SampleSlopes,
  ) => { [name: string]: OuterGradients };
}

/** Options of {@linkcode privateWeights}. */
export interface PrivateWeightsOptions {
  /** The class table alone, or adaLN, too. */
  trainable: "labelEmbedding" | "labelEmbedding+adaLN";
  /** Rank of adapters in the place of the adaLN kernels. */
  rank?: number;
  /** Where the adapters' first weights come from. */
  random: RandomStream;
}

const KERNEL = /^(.*adaLN_modulation\.1)\.weight$/;

/**
 * Divides a transformer's weights for a private training.
 *
 * @param dit All weights of the transformer. Borrowed.
 * @param options What is trained.
 * @returns What stays, what is trained, and how its gradients are made.
 * @throws {RangeError} If the rank does not fit a kernel.
 *
 * @example
 * ```ts
 * import { loadGenerator, priorUrl } from "@outis/outis/stages";
 * import { randomStream } from "@outis/outis/core";
 * import { useBackend } from "@outis/outis/engine";
 * import { privateWeights } from "./private_weights.ts";
 *
 * await useBackend("auto");
 * const { params } = await loadGenerator(priorUrl());
 * const { start } = privateWeights(params.dit, { trainable: "labelEmbedding", random: randomStream(1) });
 * console.log(Object.keys(start)); // ["y_embedder.embedding_table.weight"]
 * ```
 */
export function privateWeights(
  dit: Params,
  options: PrivateWeightsOptions,
): PrivateWeights {
  const { trainable, rank, random } = options;
  const layers: { [layer: string]: number } = {};
  if (trainable === "labelEmbedding+adaLN") {
    for (const [name, { shape }] of Object.entries(dit)) {
      const layer = KERNEL.exec(name)?.[1];
      if (layer !== undefined) layers[layer] = shape[1]!;
    }
  }
  const names = Object.keys(layers);
  const ofTable = (
    weights: Params,
    { labels, rows }: SampleSlopes,
  ): OuterGradients => ({
    left: tf.cast(
      tf.oneHot(labels, weights[CLASS_TABLE].shape[0]),
      "float32",
    ) as tf.Tensor2D,
    right: tf.clone(rows),
  });

  if (rank !== undefined && names.length > 0) {
    const kernels = lowRankAdapters(dit, { pattern: KERNEL, rank, random });
    return {
      start: { [CLASS_TABLE]: tf.clone(dit[CLASS_TABLE]), ...kernels },
      frozen: divide(dit, (name) => name === CLASS_TABLE).rest,
      layers,
      merge(frozen, { [CLASS_TABLE]: table, ...adapters }) {
        return { ...withLowRank(frozen, adapters), [CLASS_TABLE]: table };
      },
      gradients: (weights, given) =>
        tf.tidy(() => {
          const found: { [name: string]: OuterGradients } = {
            [CLASS_TABLE]: ofTable(weights, given),
          };
          const { inputs, slopes } = given;
          for (const layer of names) {
            const down = weights[`${layer}.weight.down`] as tf.Tensor2D;
            const up = weights[`${layer}.weight.up`] as tf.Tensor2D;
            const slope = slopes[layer];
            found[`${layer}.weight.down`] = {
              left: tf.clone(inputs),
              right: tf.matMul(slope, up, false, true),
            };
            found[`${layer}.weight.up`] = {
              left: tf.matMul(inputs, down),
              right: tf.clone(slope),
            };
          }
          return found;
        }),
    };
  }

  const trained = new Set([
    CLASS_TABLE,
    ...names.flatMap((layer) => [`${layer}.weight`, `${layer}.bias`]),
  ]);
  const { chosen, rest } = divide(dit, (name) => trained.has(name));
  return {
    start: cloneParams(chosen),
    frozen: rest,
    layers,
    merge: (frozen, weights) => ({ ...frozen, ...weights }),
    gradients: (weights, given) =>
      tf.tidy(() => {
        const found: { [name: string]: OuterGradients } = {
          [CLASS_TABLE]: ofTable(weights, given),
        };
        const { inputs, slopes } = given;
        for (const layer of names) {
          const slope = slopes[layer];
          found[`${layer}.weight`] = {
            left: tf.clone(inputs),
            right: tf.clone(slope),
          };
          found[`${layer}.bias`] = {
            left: tf.ones([inputs.shape[0], 1]),
            right: tf.clone(slope),
          };
        }
        return found;
      }),
  };
}
