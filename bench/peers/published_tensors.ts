/**
 * Random weights as a published checkpoint has them, for both sides.
 *
 * @module
 */
import { type Params, randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import {
  fromLayout,
  layoutShape,
  type NameScheme,
} from "../../src/models/mod.ts";

/** Odd, so that no two weights repeat in step. */
const POOL = 1_048_573;

/**
 * Weights under the names and in the layout of PyTorch's twin, none of them zero, of a spread that keeps results at
 * ordinary size. They are cut from one pool of random numbers: drawing hundreds of millions would take longer than
 * the work.
 *
 * @param shapes Shapes of the weights by our names.
 * @param scheme Their names.
 * @returns The tensors, the scheme's constants among them. Owned by the caller.
 */
export function publishedTensors(
  shapes: { readonly [name: string]: readonly number[] },
  scheme: NameScheme,
): Params {
  const pool = randomStream(1).normals(POOL);
  const tensors: Params = {};
  let at = 0;
  for (const [name, ours] of Object.entries(shapes)) {
    const shape = layoutShape(scheme.layout(name), ours);
    const count = shape.reduce((a, b) => a * b, 1);
    const fan = shape.length > 1 ? count / shape[0] : 25;
    const level = name.includes("norm") && name.endsWith("weight") ? 1 : 0;
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      values[i] = level + pool[(at + i) % POOL] / Math.sqrt(fan);
    }
    at = (at + count) % POOL;
    tensors[scheme.toTheirs(name) as string] = tf.tensor(values, shape);
  }
  for (
    const [name, { shape, data }] of Object.entries(scheme.constants?.() ?? {})
  ) {
    tensors[name] = tf.tensor(data as Float32Array, shape);
  }
  return tensors;
}

/**
 * The same weights as ours. Each of theirs is freed as soon as ours is there, so that none is in memory twice.
 *
 * @param tensors What {@linkcode publishedTensors} made. Taken over.
 * @param shapes Shapes of the weights by our names.
 * @param scheme Their names.
 * @returns Our weights. Owned by the caller.
 */
export function fromPublished(
  tensors: Params,
  shapes: { readonly [name: string]: readonly number[] },
  scheme: NameScheme,
): Params {
  const params: Params = {};
  for (const name of Object.keys(shapes)) {
    const theirs = tensors[scheme.toTheirs(name) as string];
    params[name] = fromLayout(scheme.layout(name), theirs);
    theirs.dispose();
  }
  return params;
}
