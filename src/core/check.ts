/**
 * Checks for public boundaries, all with one sentence: what cannot be done, which argument, the rule, the value.
 *
 * @module
 */

/** Anything with a shape: a tensor, or a plain record of a typed array. */
export interface Shaped {
  /** Length along each axis. */
  readonly shape: readonly number[];
}

/** Options of {@linkcode checkRange}. */
export interface CheckRangeOptions {
  /** Smallest value. @default -Infinity */
  min?: number;
  /** Largest value. @default Infinity */
  max?: number;
  /** Whether the value must be a whole number. @default false */
  integer?: boolean;
  /** Bounds that are not allowed themselves: `true` for both. @default false */
  exclusive?: boolean | "min" | "max";
}

/**
 * Checks a shape.
 *
 * @param act What the caller is about to do, as in "score semantic consistency".
 * @param name Name of the argument.
 * @param value Tensor or record with a shape.
 * @param shape Expected length of each axis; `null` allows any.
 * @throws {TypeError} If the number of axes or a length differs.
 *
 * @example
 * ```ts
 * import { checkShape } from "@outis/outis/core";
 *
 * checkShape("show an image", "pixels", { shape: [64, 48, 3] }, [null, null, 3]);
 * ```
 */
export function checkShape(
  act: string,
  name: string,
  value: Shaped,
  shape: readonly (number | null)[],
): void {
  const fits = value.shape.length === shape.length &&
    shape.every((length, axis) =>
      length === null || length === value.shape[axis]
    );
  if (!fits) {
    const wanted = shape.map((length) => length ?? "any").join(", ");
    throw new TypeError(
      sentence(
        act,
        name,
        `of shape [${wanted}]`,
        `[${value.shape.join(", ")}]`,
      ),
    );
  }
}

/**
 * Checks a number.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param value Number to check; without options it must be finite.
 * @param options Bounds.
 * @throws {TypeError} If the value is no number.
 * @throws {RangeError} If it is not finite, not whole where it must be, or out of bounds.
 *
 * @example
 * ```ts
 * import { checkRange } from "@outis/outis/core";
 *
 * checkRange("train", "momentum", 0.9, { min: 0, max: 1, exclusive: "max" });
 * ```
 */
export function checkRange(
  act: string,
  name: string,
  value: number,
  options: CheckRangeOptions = {},
): void {
  const {
    min = -Infinity,
    max = Infinity,
    integer = false,
    exclusive = false,
  } = options;
  if (typeof value !== "number") {
    throw new TypeError(sentence(act, name, "a number", show(value)));
  }
  const noMin = exclusive === true || exclusive === "min";
  const noMax = exclusive === true || exclusive === "max";
  const fits = Number.isFinite(value) &&
    (!integer || Number.isInteger(value)) &&
    (noMin ? value > min : value >= min) &&
    (noMax ? value < max : value <= max);
  if (!fits) {
    const bounds = [
      ...(min > -Infinity ? [`${noMin ? "above" : "at least"} ${min}`] : []),
      ...(max < Infinity ? [`${noMax ? "below" : "at most"} ${max}`] : []),
    ].join(" and ");
    const kind = integer ? "a whole number" : "a finite number";
    throw new RangeError(
      sentence(act, name, bounds ? `${kind} ${bounds}` : kind, `${value}`),
    );
  }
}

/**
 * Checks that all values are finite.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param values Numbers.
 * @throws {RangeError} If one is NaN or infinite; the sentence names the first.
 *
 * @example
 * ```ts
 * import { checkFinite } from "@outis/outis/core";
 *
 * checkFinite("average losses", "losses", [0.5, 0.25]);
 * ```
 */
export function checkFinite(
  act: string,
  name: string,
  values: ArrayLike<number>,
): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(
        sentence(act, `${name}[${i}]`, "a finite number", `${values[i]}`),
      );
    }
  }
}

/**
 * Checks a length.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param values Array of any kind.
 * @param length Expected length.
 * @throws {TypeError} If the length differs.
 *
 * @example
 * ```ts
 * import { checkLength } from "@outis/outis/core";
 *
 * checkLength("compare two methods", "scores", [0.9, 0.8], 2);
 * ```
 */
export function checkLength(
  act: string,
  name: string,
  values: ArrayLike<unknown>,
  length: number,
): void {
  if (values.length !== length) {
    throw new TypeError(
      sentence(act, name, `of length ${length}`, `of length ${values.length}`),
    );
  }
}

/**
 * Checks that a value is one of a few.
 *
 * @param act What the caller is about to do.
 * @param name Name of the argument.
 * @param value Value to check.
 * @param allowed Values it may have.
 * @throws {RangeError} If it has another.
 *
 * @example
 * ```ts
 * import { checkOneOf } from "@outis/outis/core";
 *
 * checkOneOf("open a backend", "backend", "wasm", ["tensorflow", "wasm"]);
 * ```
 */
export function checkOneOf<T>(
  act: string,
  name: string,
  value: T,
  allowed: readonly T[],
): void {
  if (!allowed.includes(value)) {
    const list = allowed.map(show).join(", ");
    throw new RangeError(
      sentence(act, name, `one of ${list}`, show(value)),
    );
  }
}

function sentence(
  act: string,
  name: string,
  rule: string,
  value: string,
): string {
  return `Cannot ${act} as '${name}' must be ${rule}: current value is ${value}`;
}

function show(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}
