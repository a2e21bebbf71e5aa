import { assertEquals } from "@std/assert";
import type { Params } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { type NameScheme, toLayout } from "../../src/models/mod.ts";
import { valueAndGradients } from "../../src/optim/mod.ts";
import { loadWeights } from "../../src/stages/load_weights.ts";
import { assertClose } from "../support/assert_close.ts";

/** One pass through a network by PyTorch in float64, see tests/golden/network_case.py. */
export interface GoldenCase {
  /** Batch, height and width. */
  images: number[];
  training: boolean;
  /** Shapes by PyTorch's names, in PyTorch's order of axes. */
  state: Record<string, number[]>;
  results: Record<string, number[][]>;
  /** Norm, and product with `wave(size, 4000)`. */
  statistics: Record<string, number[]>;
  gradients: Record<string, number[]>;
}

/** What our side computes of a case. */
export interface OurResults {
  /** Results by the golden file's names, then renewed statistics by ours. */
  results: tf.NamedTensorMap;
  statistics: Params;
}

/** Our network, as a case needs it. */
export interface GoldenNetwork {
  shapes: Record<string, number[]>;
  scheme: NameScheme;
  apply: (params: Params, images: tf.Tensor4D) => OurResults;
}

/** Irregular numbers in [-1, 1), the same as in network_case.py. */
export function wave(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const x = 43758.5453 * Math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1));
    return 2 * (x - Math.floor(x)) - 1;
  });
}

/** The weights of a case, read as a checkpoint under PyTorch's names would be. Owned by the caller. */
export function goldenWeights(
  { state }: GoldenCase,
  { shapes, scheme }: GoldenNetwork,
): Promise<Params> {
  const isCounter = (name: string) => name.endsWith("num_batches_tracked");
  const names = Object.keys(state).filter((name) => !isCounter(name)).sort();
  const file = {
    entries: Object.entries(state).map(([name, shape]) => ({ name, shape })),
    read: (name: string) =>
      Promise.resolve({
        data: isCounter(name)
          ? new BigInt64Array([7n])
          : firstValues(name, state[name], names.indexOf(name)),
      }),
  };
  return loadWeights(file, { shapes }, scheme);
}

function firstValues(
  name: string,
  shape: number[],
  seed: number,
): Float32Array {
  const values = wave(shape.reduce((a, b) => a * b, 1), seed);
  const inputs = shape.slice(1).reduce((a, b) => a * b, 1);
  const [offset, factor] = name === "neck.bias"
    ? [0, 0]
    : name === "pool.p"
    ? [2.5, 0]
    : name.endsWith("running_mean")
    ? [0, 0.1]
    : name.endsWith("running_var")
    ? [1, 0.5]
    : shape.length === 3
    ? [0, 1]
    : shape.length > 1
    ? [0, Math.sqrt(4 / inputs)]
    : name.endsWith("bias")
    ? [0, 0.2]
    : [1, 0.3];
  return values.map((value) => offset + factor * value);
}

/**
 * Asserts that the network computes what PyTorch does: results within 1e-4, gradients within 1e-3 of their size.
 *
 * @param wrap What is done with the pass and its gradients before they are run, such as `jit`.
 */
export function assertGolden(
  golden: GoldenCase,
  network: GoldenNetwork,
  params: Params,
  wrap = (pass: (inputs: Params) => ReturnType<typeof valueAndGradients>) =>
    pass,
): void {
  tf.tidy(() => {
    const shape = [...golden.images, 3];
    const count = shape.reduce((a, b) => a * b, 1);
    const images = tf.tensor(wave(count, 1000), shape);
    const score = ({ images, ...params }: Params) => {
      const { results, statistics } = network.apply(
        params,
        images as tf.Tensor4D,
      );
      const loss = tf.addN(
        Object.keys(golden.results).map((name, i) => {
          const y = results[name];
          const slope = tf.tensor(wave(y.size, 2000 + 1000 * i), y.shape);
          return tf.sum(tf.mul(y, slope));
        }),
      );
      return { loss, ...results, ...statistics };
    };
    const pass = wrap((inputs) => valueAndGradients(score, inputs));
    const { parts, gradients } = pass({ ...params, images });
    for (const [name, values] of Object.entries(golden.results)) {
      assertClose(parts[name], values, 1e-4);
    }
    const theirs = (name: string, of: tf.NamedTensorMap) => {
      if (name === "images") return of.images;
      const ours = network.scheme.toOurs(name)!;
      return toLayout(network.scheme.layout(ours), of[ours]);
    };
    const names = Object.keys(parts).filter((name) =>
      /running_(mean|var)$/.test(name)
    );
    assertEquals(names.length, Object.keys(golden.statistics).length);
    for (const [name, expected] of Object.entries(golden.statistics)) {
      assertSummary(name, theirs(name, parts), expected, 1e-4);
    }
    for (const [name, expected] of Object.entries(golden.gradients)) {
      assertSummary(name, theirs(name, gradients), expected, 1e-3);
    }
  });
}

function assertSummary(
  name: string,
  tensor: tf.Tensor,
  [norm, along]: number[],
  tolerance: number,
): void {
  const flat = tf.reshape(tensor, [-1]);
  const size = tf.norm(flat).dataSync()[0];
  const product = tf.sum(tf.mul(flat, wave(flat.size, 4000))).dataSync()[0];
  // A sum of terms of both signs is off by a share of the terms' size, not of its own; what normalisation cancels is 0.
  const off = Math.max(Math.abs(size - norm), Math.abs(product - along)) /
    Math.max(norm, 1e-2);
  if (!(off <= tolerance)) {
    throw new Error(
      `'${name}' is off by ${off}: ${[size, product]}, not ${[norm, along]}`,
    );
  }
}
