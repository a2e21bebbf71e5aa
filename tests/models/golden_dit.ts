import type { Params } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import type { Dit } from "../../src/models/mod.ts";

/**
 * The weights of tests/golden/dit.py's models: whole multiples of 1 / 1009,
 * counted over PyTorch's layout, scaled by a power of two.
 *
 * @param model The model they are for.
 * @returns Weights in this project's layout.
 */
export function goldenParams(model: Dit): Params {
  const drawn = model.init(randomStream(0));
  const shapes = Object.fromEntries(
    Object.entries(drawn).map(([name, w]) => [name, w.shape]),
  );
  tf.dispose(drawn);
  const params: Params = {};
  Object.keys(shapes).toSorted().forEach((name, number) => {
    const shape = shapes[name];
    const isTable = name.includes("embedding_table");
    // PyTorch's order of axes, and the way back to ours.
    const [order, back] = shape.length === 4
      ? [[3, 2, 0, 1], [2, 3, 1, 0]]
      : shape.length === 2 && !isTable
      ? [[1, 0], [1, 0]]
      : [shape.map((_, i) => i), shape.map((_, i) => i)];
    const theirs = order.map((axis) => shape[axis]);
    const count = shape.reduce((a, b) => a * b, 1);
    const fan = theirs.length > 1 ? count / theirs[0] : 0;
    const scale = fan > 0
      ? 2 ** Math.round(Math.log2(3 / Math.sqrt(fan)))
      : 0.25;
    const values = Float32Array.from(
      { length: count },
      (_, i) => scale * ((i * 7919 + number * 104729) % 1009 - 504) / 1009,
    );
    params[name] = tf.transpose(tf.tensor(values, theirs), back);
  });
  return params;
}
