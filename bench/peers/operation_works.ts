/**
 * Single operations with their gradients.
 *
 * @module
 */
import { type Params, randomStream } from "../../src/core/mod.ts";
import { attention, jit, layerNorm, tf } from "../../src/engine/mod.ts";
import { normalTensor } from "../../src/nn/mod.ts";
import type { Work } from "./work.ts";

/** Attention of 4 sequences of 256 tokens in 6 heads of width 64, and the gradients of queries, keys and values. */
export function attentionWork(): Work {
  const shape = [4, 6, 256, 64];
  return operationWork({
    name: "attention and gradients, 4 x 6 x 256 x 64",
    peer: "attention",
    shapes: { q: shape, k: shape, v: shape, slope: shape },
    apply: ([q, k, v]) =>
      attention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D),
  });
}

/** Layer normalisation of 1024 rows of 384, and the gradients of rows, scale and offset. */
export function layerNormWork(): Work {
  const rows = [1024, 384];
  return operationWork({
    name: "layer norm and gradients, 1024 x 384",
    peer: "layerNorm",
    shapes: { x: rows, scale: [384], offset: [384], slope: rows },
    apply: ([x, scale, offset]) =>
      layerNorm(x, { scale, offset, epsilon: 1e-5 }),
  });
}

interface OperationWorkOptions extends Pick<Work, "name" | "peer"> {
  /** Shapes of the inputs in order, and last of `slope`, the gradient with respect to the result. */
  shapes: { [name: string]: number[] };
  apply: (inputs: tf.Tensor[]) => tf.Tensor;
}

function operationWork(options: OperationWorkOptions): Work {
  const { name, peer, shapes, apply } = options;
  return {
    name,
    peer,
    variants: ["compile"],
    repeats: 20,
    tensors(): Params {
      const random = randomStream(1);
      return Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [
          name,
          normalTensor(random, name, shape, 1),
        ]),
      );
    },
    start(tensors) {
      const { slope, ...rest } = tensors;
      const inputs = Object.keys(shapes)
        .filter((name) => name !== "slope")
        .map((name) => rest[name]);
      const work = jit((inputs: tf.Tensor[], slope: tf.Tensor) => {
        const { value, grads } = tf.valueAndGrads(
          (...inputs: tf.Tensor[]) => apply(inputs),
        )(inputs, slope);
        return [value, ...grads];
      });
      return { run: () => work(inputs, slope), dispose: work.dispose };
    },
  };
}
