/**
 * The state of a training as records by group, and as the one record that checkpoints keep.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";

/** Records by the name of their group, which holds no "/". */
export type StateGroups = { [group: string]: Params };

/**
 * Puts groups into one record.
 *
 * @param groups Records by group. Borrowed.
 * @returns The same tensors as `<group>/<name>`.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { groupsOf, joinGroups } from "./state_groups.ts";
 *
 * const state = joinGroups({ weights: { bias: tf.zeros([2]) }, statistics: {} });
 * console.log(Object.keys(state)); // ["weights/bias"]
 * console.log(Object.keys(groupsOf(state))); // ["weights"]
 * ```
 */
export function joinGroups(groups: StateGroups): Params {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([group, params]) =>
      Object.entries(params).map(([name, x]) => [`${group}/${name}`, x])
    ),
  );
}

/**
 * The inverse of {@linkcode joinGroups}; empty groups are not there.
 *
 * @param state What it made. Borrowed.
 * @returns The same tensors by group.
 *
 * @example
 * ```ts
 * import { tf } from "@outis/outis/engine";
 * import { groupsOf } from "./state_groups.ts";
 *
 * const { optimizer } = groupsOf({ "optimizer/m/bias": tf.zeros([2]) });
 * console.log(Object.keys(optimizer)); // ["m/bias"]
 * ```
 */
export function groupsOf(state: Params): StateGroups {
  const groups: StateGroups = {};
  for (const [name, x] of Object.entries(state)) {
    const at = name.indexOf("/");
    (groups[name.slice(0, at)] ??= {})[name.slice(at + 1)] = x;
  }
  return groups;
}
