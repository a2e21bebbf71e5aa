/**
 * The parameters of procedural people as numbers that a class table learns from.
 *
 * @module
 */
import { populationIdentity, populationPedestrian } from "../world/mod.ts";
import type { ClassFeatures } from "./class_features.ts";
import type { WorldName } from "./render_person.ts";

/**
 * Standardised features of the first people of a population: each parameter a column, colours as red, green and blue, words
 * as a column for each word. The key of a person's texture says nothing and is left out.
 *
 * @param world Which world.
 * @param options How many people, and the seed of the population.
 * @returns A row per person; columns have mean 0 and deviation 1, or are 0 where all people agree.
 *
 * @example
 * ```ts
 * import { identityFeatures } from "./identity_features.ts";
 *
 * const { data, width } = identityFeatures("faces", { identities: 3, seed: 0 });
 * console.log(data.length === 3 * width); // true
 * ```
 */
export function identityFeatures(
  world: WorldName,
  { identities, seed }: { identities: number; seed: number },
): ClassFeatures {
  const people = Array.from(
    { length: identities },
    (_, number): { [name: string]: unknown } =>
      world === "faces"
        ? populationIdentity(seed, number)
        : populationPedestrian(seed, number),
  );
  const columns = Object.keys(people[0])
    .filter((name) => name !== "textureSeed")
    .flatMap((name) => columnsOf(people.map((person) => person[name])))
    .map(standardised);
  const width = columns.length;
  const data = new Float32Array(identities * width);
  columns.forEach((column, c) =>
    column.forEach((x, i) => data[i * width + c] = x)
  );
  return { data, width };
}

/** One parameter of all people as columns. */
function columnsOf(values: unknown[]): number[][] {
  if (typeof values[0] === "number") return [values as number[]];
  if (typeof values[0] === "string") {
    const words = [...new Set(values)].sort();
    return words.map((word) => values.map((value) => value === word ? 1 : 0));
  }
  // Hues go round; what they look like does not.
  const colors = values.map((value) => redGreenBlue(value as number[]));
  return [0, 1, 2].map((channel) => colors.map((color) => color[channel]));
}

function redGreenBlue([hue, saturation, value]: number[]): number[] {
  return [5, 3, 1].map((n) => {
    const k = (n + hue * 6) % 6;
    return value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
  });
}

function standardised(column: number[]): number[] {
  const mean = column.reduce((a, b) => a + b) / column.length;
  const squares = column.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / column.length);
  return column.map((x) => deviation > 0 ? (x - mean) / deviation : 0);
}
