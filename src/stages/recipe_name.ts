/**
 * Names for what was made: the same recipe has the same name, and is found again under it.
 *
 * @module
 */
import { digestBytes } from "../core/mod.ts";

/**
 * Names a result after everything that decides it.
 *
 * @param kind What it is, as in "images": the name begins with it.
 * @param recipe Everything that decides it, plain data; the order of the fields and fields that are undefined do not count.
 * @returns The kind and 12 hexadecimal digits of the recipe's SHA-256.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recipeName } from "./recipe_name.ts";
 *
 * assertEquals(
 *   recipeName("images", { seed: 0, steps: 25 }),
 *   recipeName("images", { steps: 25, seed: 0, guidance: undefined }),
 * );
 * ```
 */
export function recipeName(kind: string, recipe: object): string {
  return `${kind}-${digestBytes(JSON.stringify(ordered(recipe))).slice(0, 12)}`;
}

/** The same data with the fields of every record in alphabetical order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(
    entries.map(([name, part]) => [name, ordered(part)]),
  );
}
