/**
 * What is compared: one piece of work, done here and by the peer.
 *
 * @module
 */
import type { Params } from "../../src/core/mod.ts";
import type { tf } from "../../src/engine/mod.ts";

/** How PyTorch does it. `eager` in its default layout is what ours is compared with. */
export type Variant = "eager" | "channelsLast" | "compile";

/** A piece of work. */
export interface Work {
  /** Name in the output. */
  name: string;
  /** Which of the peer's works is the same, see works.py. */
  peer: string;
  /** What else PyTorch can do to be faster. */
  variants: Exclude<Variant, "eager">[];
  /** How far results may differ, as a share of their root mean square. @default 1e-3 */
  tolerance?: number;
  /** How often it is done in one measurement, so that short work is not lost in the clock's noise. */
  repeats: number;
  /** Weights and inputs, the same on both sides. Owned by the caller. */
  tensors: () => Params;
  /** Makes it ready. */
  start: (tensors: Params) => StartedWork;
}

/** Work that is ready to be done again and again. */
export interface StartedWork {
  /** Does it once, as fast as it can be done. The results are owned by the caller. */
  run: () => tf.Tensor[] | Promise<tf.Tensor[]>;
  /** Frees what it holds. */
  dispose: () => void;
}
