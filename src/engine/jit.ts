/**
 * Whole functions as one TensorFlow operation.
 *
 * @module
 */
import { tf } from "./tf.ts";
import type {
  TensorFlowBackend,
  TracedFunction,
} from "./tensorflow/backend.ts";

/** A tensor, or records, arrays and tuples of tensors, nested at will; `undefined` stands for what is left out. */
export type TensorTree =
  | tf.Tensor
  | undefined
  | readonly TensorTree[]
  | { readonly [name: string]: TensorTree };

/** Options of {@linkcode jit}. */
export interface JitOptions {
  /**
   * `"graph"` runs the operations by TensorFlow's graph executor: quick to prepare and best for convolutions.
   * `"xla"` compiles them, which takes seconds and pays in long loops without convolutions.
   *
   * @default {"graph"}
   */
  compiler?: "graph" | "xla";
  /**
   * `"bfloat16"` computes matrix products and convolutions from numbers rounded to 8 bits, and all else in float32:
   * faster on processors that have instructions for it, slower on others. For sampling; results differ in the third
   * digit. Backends without graphs compute in float32, as does a function that is called while another is traced without
   * it.
   *
   * @default {"float32"}
   */
  precision?: "float32" | "bfloat16";
}

/** What {@linkcode jit} returns: the same function, and a way to free what it compiled. */
// deno-lint-ignore no-explicit-any
export type Jitted<Fn extends (...args: any[]) => unknown> = Fn & {
  /** Frees the traces. The function may be called again and traces anew. */
  dispose: () => void;
};

/**
 * Runs a function of tensors as one operation.
 *
 * At the first call with arguments of given shapes and dtypes the function is traced: it runs once on stand-ins without
 * values and every operation is recorded. From then on a call is one dispatch to TensorFlow. Gradients taken inside,
 * optimiser updates and calls of other jitted functions are recorded like anything else. Tensors the function captures
 * from outside are read afresh at every call, so a `tf.Variable` may change; JavaScript values, random draws included,
 * are frozen as they were at tracing, so noise has to be an argument.
 *
 * On backends without graphs, and while a gradient is taken through the call, the function just runs.
 *
 * @param fn A function whose arguments and result are tensors or nested records and arrays of them. It must not read
 * values (`dataSync`) nor depend on anything but its arguments and captured tensors.
 * @returns The function. Arguments are borrowed, results owned.
 * @throws {RangeError} If there is no such precision.
 * @throws {TypeError} At a call whose arguments or results hold anything but tensors.
 * @throws {Error} If the function reads a value while traced, or uses an operation whose shape depends on values.
 *
 * @example
 * ```ts
 * import { jit, tf, useBackend } from "@outis/outis/engine";
 *
 * await useBackend("auto");
 * const step = jit((weights: { w: tf.Tensor }, x: tf.Tensor) => ({
 *   w: tf.sub(weights.w, tf.mul(0.1, x)),
 * }));
 * const next = step({ w: tf.tensor([1, 2]) }, tf.tensor([10, 10]));
 * console.log(next.w.arraySync()); // [0, 1]
 * ```
 */
// deno-lint-ignore no-explicit-any
export function jit<Fn extends (...args: any[]) => any>(
  fn: Fn,
  options: JitOptions = {},
): Jitted<Fn> {
  const { compiler = "graph", precision = "float32" } = options;
  if (precision !== "float32" && precision !== "bfloat16") {
    throw new RangeError(
      `Cannot jit a function as 'precision' must be float32 or bfloat16: current value is ${precision}`,
    );
  }
  let owner: TensorFlowBackend | undefined;
  const traces = new Map<string, { traced: TracedFunction; shape: Skeleton }>();

  function call(...args: TensorTree[]): TensorTree {
    const inputs: tf.Tensor[] = [];
    const skeleton = args.map((arg, i) =>
      flatten(arg, inputs, `argument ${i}`)
    );
    const backend = tf.backend() as TensorFlowBackend;
    const plain = tf.getBackend() !== "tensorflow" || backend.isTracing() ||
      isTakingGradient();
    if (plain) return runPlain(() => fn(...args));
    if (owner !== backend) {
      traces.clear(); // a new context knows nothing of the old one's functions
      owner = backend;
    }
    const key = signature(skeleton, inputs);
    let entry = traces.get(key);
    if (entry === undefined) {
      let shape: Skeleton;
      const traced = backend.trace(
        (stands) => {
          const results: tf.Tensor[] = [];
          const result = fn(...unflatten(skeleton, stands) as TensorTree[]);
          shape = flatten(result, results, "the result");
          return results;
        },
        inputs,
        precision,
      );
      entry = { traced, shape: shape! };
      traces.set(key, entry);
    }
    const outputs = entry.traced.call(inputs, compiler === "xla");
    return unflatten(entry.shape, outputs);
  }

  function dispose(): void {
    if (owner !== undefined && owner === tf.findBackend("tensorflow")) {
      for (const { traced } of traces.values()) traced.dispose();
    }
    traces.clear();
  }

  return Object.assign(call, { dispose }) as unknown as Jitted<Fn>;
}

/** The structure of a tree, with a leaf's number in the place of the leaf. */
type Skeleton =
  | number
  | undefined
  | Skeleton[]
  | { [name: string]: Skeleton };

function flatten(
  tree: TensorTree,
  leaves: tf.Tensor[],
  name: string,
): Skeleton {
  if (tree === undefined) return undefined;
  if (tree instanceof tf.Tensor) {
    if (!tree.isDisposed) return leaves.push(tree) - 1;
    throw new Error(
      `Cannot call a jitted function as ${name} must still exist: it was disposed`,
    );
  }
  if (Array.isArray(tree)) {
    return tree.map((part, i) => flatten(part, leaves, `${name}[${i}]`));
  }
  if (isRecord(tree)) {
    const keys = Object.keys(tree).sort();
    return Object.fromEntries(
      keys.map((key) => [
        key,
        flatten(
          tree[key],
          leaves,
          `${name}.${key}`,
        ),
      ]),
    );
  }
  throw new TypeError(
    `Cannot jit a function as ${name} must be a tensor or records and arrays of tensors: current value is ${
      String(tree)
    }`,
  );
}

/** A plain object; promises, typed arrays and the like are objects, too, but hold no tensors by name. */
function isRecord(tree: unknown): tree is Record<string, TensorTree> {
  if (typeof tree !== "object" || tree === null) return false;
  const prototype = Object.getPrototypeOf(tree);
  return prototype === Object.prototype || prototype === null;
}

function unflatten(skeleton: Skeleton, leaves: tf.Tensor[]): TensorTree {
  if (skeleton === undefined) return undefined;
  if (typeof skeleton === "number") return leaves[skeleton];
  if (Array.isArray(skeleton)) {
    return skeleton.map((part) => unflatten(part, leaves));
  }
  return Object.fromEntries(
    Object.entries(skeleton).map((
      [key, part],
    ) => [key, unflatten(part, leaves)]),
  );
}

function signature(skeleton: Skeleton, inputs: tf.Tensor[]): string {
  const shapes = inputs.map(({ shape, dtype }) => `${dtype}[${shape}]`);
  return `${JSON.stringify(skeleton)} ${shapes.join(" ")}`;
}

/** tfjs keeps a tape only while a gradient is taken. */
function isTakingGradient(): boolean {
  const { state } = tf.engine() as unknown as {
    state: { gradientDepth: number };
  };
  return state.gradientDepth > 0;
}

function runPlain(fn: () => TensorTree): TensorTree {
  // tidy cannot keep tensors behind `undefined` members of a result, flat lists it can.
  let skeleton: Skeleton;
  const leaves = tf.tidy(() => {
    const kept: tf.Tensor[] = [];
    skeleton = flatten(fn(), kept, "the result");
    // As after a trace, results are new tensors even where they are arguments, captured, or twice the same.
    return kept.map((tensor) => tf.clone(tensor));
  });
  return unflatten(skeleton!, leaves);
}
