/**
 * A published checkpoint as weights of one of our models.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { disposeParams, type Params } from "../core/mod.ts";
import { fromLayout, layoutShape, type NameScheme } from "../models/mod.ts";

/** What weights are read from; a `WeightsFile` of io/ is one. */
export interface WeightsSource {
  /** The tensors in it. */
  entries: readonly { name: string; shape: readonly number[] }[];
  /** Reads the values of one of them, row-major. */
  read: (name: string) => Promise<{ data: ArrayLike<number | bigint> }>;
}

/** Options of {@linkcode loadWeights}. */
export interface LoadWeightsOptions {
  /**
   * Names of ours whose number of rows may be another than the model's, such as the class table that a cold start
   * replaces anyway; they come as the file has them.
   *
   * @default none
   */
  anyRows?: RegExp;
  /** What the file is called in messages. @default "file" */
  source?: string;
  /** Called after every weight. */
  onProgress?: (done: number, total: number) => void;
  /** Stops the reading. */
  signal?: AbortSignal;
}

/** Numbers of a fixed tensor may differ by this from ours: single precision in another order. */
const CONSTANT_TOLERANCE = 1e-4;
/** Names that a message lists of each kind. */
const LISTED = 8;

/**
 * Reads all weights of a model from a checkpoint, one by one, so that no more than one is in memory twice.
 *
 * Names and shapes are compared before anything is read.
 *
 * @param file The checkpoint. Borrowed.
 * @param model Shapes of the weights by our names.
 * @param scheme Their names.
 * @param options What may differ.
 * @returns The weights under our names in our order of axes, float32. Owned by the caller.
 * @throws {TypeError} If weights are missing, unexpected or of other shapes, all of them in one message.
 * @throws {RangeError} If tensors that have to be equal are not: copies of one weight, or fixed positions.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { pytorchNames } from "@outis/outis/models";
 * import { loadWeights } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const shapes = { "fc.weight": [3, 2] };
 * // As `openWeights("classifier.pth")` would give it.
 * const file = {
 *   entries: [{ name: "fc.weight", shape: [2, 3] }],
 *   read: () => Promise.resolve({ data: new Float32Array([1, 2, 3, 4, 5, 6]) }),
 * };
 * const scheme = pytorchNames({ name: "a classifier", shapes });
 * const params = await loadWeights(file, { shapes }, scheme);
 * params["fc.weight"].print(); // [[1, 4], [2, 5], [3, 6]]
 * ```
 */
export async function loadWeights(
  file: WeightsSource,
  model: { shapes: { readonly [name: string]: readonly number[] } },
  scheme: NameScheme,
  options: LoadWeightsOptions = {},
): Promise<Params> {
  const { onProgress, signal } = options;
  const found = new Map(file.entries.map(({ name, shape }) => [name, shape]));
  checkNames(found, model.shapes, scheme, options);
  await checkConstants(file, found, scheme, options);
  const names = Object.keys(model.shapes);
  const params: Params = {};
  try {
    for (const [i, name] of names.entries()) {
      signal?.throwIfAborted();
      params[name] = await loadOne(file, found, name, scheme, options);
      onProgress?.(i + 1, names.length);
    }
  } catch (error) {
    disposeParams(params);
    throw error;
  }
  return params;
}

/** One weight of ours from one tensor of theirs or several. */
async function loadOne(
  file: WeightsSource,
  found: Map<string, readonly number[]>,
  name: string,
  scheme: NameScheme,
  options: LoadWeightsOptions,
): Promise<tf.Tensor> {
  const layout = scheme.layout(name);
  const theirs = theirNames(scheme, name);
  const read = async (theirName: string) => {
    const { data } = await file.read(theirName);
    return toFloats(data);
  };
  const shape = found.get(theirs[0])!;
  if (isCopies(scheme, name)) {
    const values = await read(theirs[0]);
    for (const other of theirs.slice(1)) {
      if (!isEqual(values, await read(other))) {
        throw new RangeError(
          `Cannot load weights as '${other}' of ${
            options.source ?? "file"
          } must be equal to ${theirs[0]}: its values differ`,
        );
      }
    }
    return inLayout(layout, values, shape);
  }
  if (theirs.length === 1) {
    return inLayout(layout, await read(theirs[0]), shape);
  }
  // Outputs are their first axis, so that parts lie behind each other in memory, too.
  const parts: Float32Array[] = [];
  for (const part of theirs) parts.push(await read(part));
  const values = new Float32Array(parts.length * parts[0].length);
  parts.forEach((part, i) => values.set(part, i * part.length));
  return inLayout(layout, values, [shape[0] * parts.length, ...shape.slice(1)]);
}

function inLayout(
  layout: ReturnType<NameScheme["layout"]>,
  values: Float32Array,
  shape: readonly number[],
): tf.Tensor {
  return tf.tidy(() => {
    const theirs = tf.tensor(values, [...shape]);
    // A product moves the values into the engine's memory, so that JavaScript's are not held any longer.
    return layout === "same" ? tf.mul(theirs, 1) : fromLayout(layout, theirs);
  });
}

/** Compares names and shapes, and names everything that is wrong. */
function checkNames(
  found: Map<string, readonly number[]>,
  shapes: { readonly [name: string]: readonly number[] },
  scheme: NameScheme,
  { anyRows, source = "file" }: LoadWeightsOptions,
): void {
  const [missing, misshaped]: [string[], string[]] = [[], []];
  const constants = scheme.constants?.() ?? {};
  for (const [name, shape] of Object.entries(shapes)) {
    const theirs = theirNames(scheme, name);
    const expected = layoutShape(scheme.layout(name), shape);
    if (!isCopies(scheme, name)) expected[0] /= theirs.length;
    for (const theirName of theirs) {
      const actual = found.get(theirName);
      if (actual === undefined) missing.push(theirName);
      else if (!fits(actual, expected, anyRows?.test(name) ?? false)) {
        misshaped.push(
          `${theirName} of [${actual.join(", ")}] instead of [${
            expected.join(", ")
          }]`,
        );
      }
    }
  }
  for (const [name, { shape }] of Object.entries(constants)) {
    const actual = found.get(name);
    if (actual !== undefined && !fits(actual, shape, false)) {
      misshaped.push(
        `${name} of [${actual.join(", ")}] instead of [${shape.join(", ")}]`,
      );
    }
  }
  const unexpected = [...found.keys()].filter((name) => {
    if (scheme.ignored?.(name) || name in constants) return false;
    const ourName = scheme.toOurs(name);
    return ourName === undefined || !(ourName in shapes);
  });
  const wrong = [
    ["missing", missing],
    ["unexpected", unexpected],
    ["mis-shaped", misshaped],
  ] as const;
  const listed = wrong.filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${names.length} ${kind} (${shortList(names)})`);
  if (listed.length === 0) return;
  throw new TypeError(
    `Cannot load weights as '${source}' must hold those of ${scheme.name}: ${
      listed.join("; ")
    }`,
  );
}

async function checkConstants(
  file: WeightsSource,
  found: Map<string, readonly number[]>,
  scheme: NameScheme,
  { source = "file" }: LoadWeightsOptions,
): Promise<void> {
  for (const [name, { data }] of Object.entries(scheme.constants?.() ?? {})) {
    if (!found.has(name) || data instanceof BigInt64Array) continue;
    const values = toFloats((await file.read(name)).data);
    const far = values.findIndex((value, i) =>
      !(Math.abs(value - data[i]) <= CONSTANT_TOLERANCE)
    );
    if (far >= 0) {
      throw new RangeError(
        `Cannot load weights as '${name}[${far}]' of ${source} must be ${
          data[far]
        } in ${scheme.name}: current value is ${values[far]}`,
      );
    }
  }
}

function theirNames(scheme: NameScheme, name: string): readonly string[] {
  const theirs = scheme.toTheirs(name);
  return typeof theirs === "string" ? [theirs] : theirs;
}

function isCopies(scheme: NameScheme, name: string): boolean {
  return scheme.several?.(name) === "copies";
}

function fits(
  actual: readonly number[],
  expected: readonly number[],
  anyRows: boolean,
): boolean {
  return actual.length === expected.length &&
    actual.every((size, axis) =>
      size === expected[axis] || (anyRows && axis === 0)
    );
}

function isEqual(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function toFloats(data: ArrayLike<number | bigint>): Float32Array {
  if (data instanceof Float32Array) return data;
  return Float32Array.from(data as ArrayLike<number>, Number);
}

function shortList(names: readonly string[]): string {
  const more = names.length - LISTED;
  const shown = names.slice(0, LISTED).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}
