/**
 * Preprocessing as free text in a file of weights, so that it travels with them.
 *
 * @module
 */
import { checkOneOf, checkRange } from "./check.ts";
import type { Preprocessing } from "./embedder.ts";

const KEY = "preprocessing";

/**
 * Preprocessing as metadata for `saveWeights` or `writeSafetensors`.
 *
 * @param preprocessing Of the embedder whose weights are saved.
 * @returns One entry, `preprocessing`, JSON.
 *
 * @example
 * ```ts
 * import { plainPreprocessing, preprocessingMetadata, readPreprocessing } from "@outis/outis/core";
 *
 * const metadata = preprocessingMetadata(plainPreprocessing(112, 112));
 * console.log(readPreprocessing(metadata)?.height); // 112
 * ```
 */
export function preprocessingMetadata(
  preprocessing: Preprocessing,
): { [name: string]: string } {
  return { [KEY]: JSON.stringify(preprocessing) };
}

/**
 * The preprocessing that lies in a file of weights.
 *
 * @param metadata The file's free text by name.
 * @returns The preprocessing; `undefined` where the file has none.
 * @throws {SyntaxError} If it cannot be parsed.
 * @throws {TypeError} If a part is of another type.
 * @throws {RangeError} If a part is out of its range.
 *
 * @example
 * ```ts
 * import { readPreprocessing } from "@outis/outis/core";
 *
 * console.log(readPreprocessing({})); // undefined
 * ```
 */
export function readPreprocessing(
  metadata: { readonly [name: string]: string },
): Preprocessing | undefined {
  if (!(KEY in metadata)) return undefined;
  let value: Partial<Preprocessing> | null;
  try {
    value = JSON.parse(metadata[KEY]);
  } catch {
    throw new SyntaxError(
      `Cannot read preprocessing as '${KEY}' must be JSON: current value is ${
        metadata[KEY]
      }`,
    );
  }
  const { height, width, channels, mean, deviation } = value ?? {};
  const act = "read preprocessing";
  const size = { min: 1, integer: true };
  checkRange(act, "height", height as number, size);
  checkRange(act, "width", width as number, size);
  checkOneOf(act, "channels", channels, ["rgb", "bgr"]);
  return {
    height: height!,
    width: width!,
    channels: channels!,
    mean: three(act, "mean", mean, {}),
    deviation: three(act, "deviation", deviation, { min: 0, exclusive: true }),
  };
}

/** A number for each channel. */
function three(
  act: string,
  name: string,
  values: unknown,
  range: { min?: number; exclusive?: boolean },
): [number, number, number] {
  if (!Array.isArray(values) || values.length !== 3) {
    throw new TypeError(
      `Cannot ${act} as '${name}' must be three numbers: current value is ${
        JSON.stringify(values)
      }`,
    );
  }
  values.forEach((value, i) => checkRange(act, `${name}[${i}]`, value, range));
  return values as [number, number, number];
}
