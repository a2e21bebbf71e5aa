/**
 * What an optimiser is.
 *
 * @module
 */
import type { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";

/**
 * An update rule without state of its own: the state is a record of tensors beside the weights, so that a step can be
 * jitted, saved and resumed like the weights.
 */
export interface Optimizer {
  /** The state before the first step. Owned by the caller. */
  init: (params: Params) => Params;
  /**
   * One step. Everything is borrowed, the results are owned by the caller.
   *
   * @param rate The learning rate of this step, a scalar, so that a schedule needs no new trace.
   */
  update: (
    params: Params,
    gradients: Params,
    state: Params,
    rate: tf.Scalar,
  ) => { params: Params; state: Params };
}
