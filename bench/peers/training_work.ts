/**
 * A step of training as work: loss and gradients in one jitted function, the update in another.
 *
 * @module
 */
import { cloneParams, disposeParams, type Params } from "../../src/core/mod.ts";
import { jit, tf } from "../../src/engine/mod.ts";
import { type Optimizer, valueAndGradients } from "../../src/optim/mod.ts";
import type { StartedWork } from "./work.ts";

/** What is trained, and how. */
export interface TrainingWorkOptions {
  /** What the loss reads besides weights and statistics. Borrowed. */
  inputs: Params;
  /** Running statistics. Borrowed. @default {} */
  statistics?: Params;
  /** The update rule. */
  optimizer: Optimizer;
  /** Learning rate. */
  rate: number;
  /** The loss, and the running statistics renewed. `params` are weights and statistics. */
  loss: (params: Params, inputs: Params) => {
    loss: tf.Tensor;
    statistics: Params;
  };
}

/**
 * Makes a step of training ready. Every run goes on from the weights of the one before, and returns the loss.
 *
 * @param weights First weights. Borrowed.
 */
export function trainingWork(
  weights: Params,
  options: TrainingWorkOptions,
): StartedWork {
  const { inputs, optimizer, loss } = options;
  const differentiate = jit(
    (weights: Params, statistics: Params, inputs: Params) =>
      valueAndGradients((weights) => {
        const result = loss({ ...weights, ...statistics }, inputs);
        return { loss: result.loss, ...result.statistics };
      }, weights),
  );
  // Nothing but passes over memory, which XLA makes one of.
  const update = jit(optimizer.update, { compiler: "xla" });
  const rate = tf.scalar(options.rate);
  let state: State = {
    weights: cloneParams(weights),
    statistics: cloneParams(options.statistics ?? {}),
    optimizer: optimizer.init(weights),
  };
  const free = ({ weights, statistics, optimizer }: State) =>
    [weights, statistics, optimizer].forEach(disposeParams);
  return {
    run() {
      const { weights, statistics } = state;
      const { value, parts, gradients } = differentiate(
        weights,
        statistics,
        inputs,
      );
      const next = update(weights, gradients, state.optimizer, rate);
      disposeParams(gradients);
      free(state);
      state = {
        weights: next.params,
        statistics: parts,
        optimizer: next.state,
      };
      return [value];
    },
    dispose() {
      free(state);
      rate.dispose();
      differentiate.dispose();
      update.dispose();
    },
  };
}

type State = { weights: Params; statistics: Params; optimizer: Params };
