/**
 * Different update rules for matrices and for vectors.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@linkcode byRank}. */
export interface ByRankOptions {
  /** For weights with two axes and more: those of convolutions and dense layers. */
  matrices: Optimizer;
  /** For scalars and vectors: scales and offsets of norms, biases, slopes. */
  vectors: Optimizer;
}

/**
 * An optimiser that updates matrices and vectors apart, as is usual where weight decay is meant for the first alone: a
 * scale pulled to zero is no simpler network. The layout of names does not matter.
 *
 * State: that of each under `matrices/` and `vectors/`.
 *
 * @param options The two update rules.
 * @returns The optimiser.
 *
 * @example
 * ```ts
 * import { byRank, sgd } from "@outis/outis/optim";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const optimizer = byRank({ matrices: sgd({ weightDecay: 0.5 }), vectors: sgd() });
 * const params = { "fc.weight": tf.ones([1, 1]), "norm.weight": tf.ones([1]) };
 * const flat = { "fc.weight": tf.zeros([1, 1]), "norm.weight": tf.zeros([1]) };
 * const next = optimizer.update(params, flat, optimizer.init(params), tf.scalar(1));
 * console.log(next.params["fc.weight"].dataSync()[0]); // 0.5: decayed
 * console.log(next.params["norm.weight"].dataSync()[0]); // 1
 * ```
 */
export function byRank(options: ByRankOptions): Optimizer {
  const kinds = [
    { kind: "matrices", optimizer: options.matrices },
    { kind: "vectors", optimizer: options.vectors },
  ] as const;
  const kindOf = (weight: tf.Tensor) =>
    weight.rank < 2 ? "vectors" : "matrices";
  /** Those of a record whose weight is of the kind. */
  const own = (record: Params, params: Params, kind: string): Params =>
    Object.fromEntries(
      Object.entries(record).filter(([name]) => kindOf(params[name]) === kind),
    );
  return {
    init: (params) =>
      Object.assign(
        {},
        ...kinds.map(({ kind, optimizer }) =>
          prefixed(kind, optimizer.init(own(params, params, kind)))
        ),
      ),
    update: (params, gradients, state, rate) =>
      tf.tidy(() => {
        const updated: Params = {};
        const nextState: Params = {};
        for (const { kind, optimizer } of kinds) {
          const next = optimizer.update(
            own(params, params, kind),
            own(gradients, params, kind),
            unprefixed(kind, state),
            rate,
          );
          Object.assign(updated, next.params);
          Object.assign(nextState, prefixed(kind, next.state));
        }
        const inOrder = Object.keys(params).map((
          name,
        ) => [name, updated[name]]);
        return { params: Object.fromEntries(inOrder), state: nextState };
      }),
  };
}

function prefixed(kind: string, state: Params): Params {
  return Object.fromEntries(
    Object.entries(state).map(([name, x]) => [`${kind}/${name}`, x]),
  );
}

function unprefixed(kind: string, state: Params): Params {
  const prefix = `${kind}/`;
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, x]) => [name.slice(prefix.length), x]),
  );
}
