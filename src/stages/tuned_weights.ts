/**
 * Which weights of a transformer are trained: a group of them, or low-rank adapters beside them.
 *
 * @module
 */
import {
  cloneParams,
  type Params,
  type RandomStream,
  selectParams,
} from "../core/mod.ts";
import { lowRankAdapters, withLowRank } from "../nn/mod.ts";
import { type Trainable, trainablePattern } from "./cold_start.ts";
import type { TunedChain } from "./objective.ts";
import { divide } from "./training_state.ts";

/** Low-rank adapters (LoRA) in the place of whole kernels. */
export interface LowRankTrainable {
  /** Rank of the change of a kernel. */
  rank: number;
  /**
   * Names of the kernels, as a pattern or its source.
   *
   * @default {"attn|mlp\\.fc", attention and feed-forward of all blocks}
   */
  pattern?: RegExp | string;
  /**
   * Factor on the change.
   *
   * @default {1}
   */
  scale?: number;
}

/** A transformer's weights in two parts. */
export interface TunedWeights {
  /** What stays. Borrowed from the transformer. */
  frozen: Params;
  /** What is trained, as it starts. Owned by the caller. */
  start: Params;
  /** Puts both together, see {@linkcode TunedChain}. */
  merge: TunedChain["merge"];
}

const KERNELS = /attn|mlp\.fc/;

/**
 * Divides a transformer's weights.
 *
 * @param dit All weights of the transformer. Borrowed.
 * @param trainable A named group, a pattern of names, or adapters.
 * @param random Where the adapters' first weights come from.
 * @returns What stays, what is trained, and how they go together.
 * @throws {RangeError} If the pattern matches no weight, or the rank does not fit a kernel.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { randomStream } from "@outis/outis/core";
 * import { tunedWeights } from "./tuned_weights.ts";
 *
 * const dit = { "blocks.0.attn.qkv.weight": tf.ones([8, 24]) };
 * const { start } = tunedWeights(dit, { rank: 2 }, randomStream(1));
 * console.log(Object.keys(start).length); // 2: down and up
 * ```
 */
export function tunedWeights(
  dit: Params,
  trainable: Trainable | RegExp | LowRankTrainable,
  random: RandomStream,
): TunedWeights {
  if (typeof trainable === "object" && !(trainable instanceof RegExp)) {
    const { rank, pattern = KERNELS, scale = 1 } = trainable;
    return {
      frozen: dit,
      start: lowRankAdapters(dit, {
        pattern: new RegExp(pattern),
        rank,
        random: random.fork("adapters"),
      }),
      merge: (frozen, adapters) => withLowRank(frozen, adapters, { scale }),
    };
  }
  const pattern = typeof trainable === "string"
    ? trainablePattern(trainable)
    : trainable;
  const start = selectParams(dit, pattern);
  return {
    frozen: divide(dit, (name) => !(name in start)).chosen,
    start: cloneParams(start),
    merge: (frozen, trained) => ({ ...frozen, ...trained }),
  };
}
