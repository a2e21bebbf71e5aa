/**
 * Different update rules for different weights.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { checkRange, type Params } from "../core/mod.ts";
import type { Optimizer } from "./optimizer.ts";

/** Weights that are updated alike. */
export interface ParameterGroup {
  /** What the names of its weights match. A weight belongs to the first group that matches. */
  pattern: RegExp;
  /** The update rule, with its own weight decay and moments. */
  optimizer: Optimizer;
  /**
   * Factor on the learning rate, 0 or more.
   *
   * @default {1}
   */
  rateFactor?: number;
}

/**
 * An optimiser made of several: each updates the weights whose names match its pattern, with its own share of the
 * learning rate, as PyTorch's parameter groups do.
 *
 * State: that of each group's optimiser under `<number of the group>/`.
 *
 * @param groups In the order in which they are tried; the last one's pattern may be `/./` for all the rest.
 * @returns The optimiser. Its `init` and `update` throw a RangeError if a weight belongs to no group, or a group has no
 * weight: a typing error in a pattern must not leave a part of a network untrained.
 * @throws {RangeError} If a `rateFactor` is negative or not finite.
 *
 * @example
 * ```ts
 * import { adam, parameterGroups } from "@outis/outis/optim";
 * import { tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const optimizer = parameterGroups([
 *   { pattern: /^head\./, optimizer: adam(), rateFactor: 10 },
 *   { pattern: /bias$/, optimizer: adam() }, // without decay
 *   { pattern: /./, optimizer: adam({ weightDecay: 0.05 }) },
 * ]);
 * const params = { "head.weight": tf.ones([2]), "fc.weight": tf.ones([2]), "fc.bias": tf.ones([2]) };
 * console.log(Object.keys(optimizer.init(params)).length); // 9: a step and two moments for each
 * ```
 */
export function parameterGroups(groups: readonly ParameterGroup[]): Optimizer {
  groups.forEach(({ rateFactor = 1 }, i) => {
    const name = `groups[${i}].rateFactor`;
    checkRange("make parameter groups", name, rateFactor, { min: 0 });
  });
  return {
    init(params) {
      const members = split(params, groups);
      return join(groups.map(({ optimizer }, i) => optimizer.init(members[i])));
    },
    update: (params, gradients, state, rate) =>
      tf.tidy(() => {
        const results = split(params, groups).map((members, i) => {
          const { optimizer, rateFactor = 1 } = groups[i];
          return optimizer.update(
            members,
            pick(gradients, Object.keys(members)),
            stateOf(state, i),
            rateFactor === 1 ? rate : tf.mul(rate, rateFactor),
          );
        });
        const updated = Object.assign({}, ...results.map((r) => r.params));
        return {
          params: pick(updated, Object.keys(params)), // in the order they came in
          state: join(results.map((r) => r.state)),
        };
      }),
  };
}

/** The weights of each group. */
function split(params: Params, groups: readonly ParameterGroup[]): Params[] {
  const members: Params[] = groups.map(() => ({}));
  for (const [name, tensor] of Object.entries(params)) {
    const i = groups.findIndex(({ pattern }) => name.search(pattern) >= 0);
    if (i < 0) throw refusal("match every weight", `none for '${name}'`);
    members[i][name] = tensor;
  }
  members.forEach((group, i) => {
    if (Object.keys(group).length > 0) return;
    throw refusal("have weights each", `none for ${groups[i].pattern}`);
  });
  return members;
}

function refusal(rule: string, value: string): RangeError {
  return new RangeError(
    `Cannot optimise as 'groups' must ${rule}: current value is ${value}`,
  );
}

function pick(record: Params, names: string[]): Params {
  return Object.fromEntries(names.map((name) => [name, record[name]]));
}

/** States of all groups in one record. */
function join(states: Params[]): Params {
  return Object.fromEntries(
    states.flatMap((state, i) =>
      Object.entries(state).map(([name, tensor]) => [`${i}/${name}`, tensor])
    ),
  );
}

/** The state of one group, under its optimiser's own names. */
function stateOf(state: Params, group: number): Params {
  const prefix = `${group}/`;
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}
