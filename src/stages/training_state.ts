/**
 * Records of weights taken apart and put together for training.
 *
 * @module
 */
import type { Params } from "../core/mod.ts";

/** Splits a record in two by name. */
export function divide(
  params: Params,
  isChosen: (name: string) => boolean,
): { chosen: Params; rest: Params } {
  const entries = Object.entries(params);
  return {
    chosen: Object.fromEntries(entries.filter(([name]) => isChosen(name))),
    rest: Object.fromEntries(entries.filter(([name]) => !isChosen(name))),
  };
}

/** Weights and optimiser state in one record, as checkpoints keep them; {@linkcode part} takes them apart. */
export function join(weights: Params, optimizer: Params): Params {
  const entries = [
    ...Object.entries(weights).map(([name, w]) => [`weights/${name}`, w]),
    ...Object.entries(optimizer).map(([name, s]) => [`optimizer/${name}`, s]),
  ];
  return Object.fromEntries(entries);
}

/** The inverse of {@linkcode join}. */
export function part(state: Params): { weights: Params; optimizer: Params } {
  const weights: Params = {};
  const optimizer: Params = {};
  for (const [name, tensor] of Object.entries(state)) {
    const at = name.indexOf("/");
    const own = name.slice(at + 1);
    (name.slice(0, at) === "weights" ? weights : optimizer)[own] = tensor;
  }
  return { weights, optimizer };
}
