/**
 * The operations this project uses, each with its gradient, for the backends that are compared with tfjs's `cpu` one.
 * Left out is what that one gets wrong itself: resizing, overlapping pools at the border, broadcast matrix products.
 */
import { tf } from "../../../src/engine/tf.ts";
import { normals } from "./reference.ts";

/** A differentiable operation. */
export interface Case {
  /** Shapes of the inputs. */
  shapes: number[][];
  f: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Whether the inputs are to be above 0.5. */
  positive?: boolean;
}

const ids = (...values: number[]) => tf.tensor1d(values, "int32");
const image = (x: tf.Tensor) => x as tf.Tensor4D;
// A condition has no gradient; a constant one needs none.
const mask = (...values: number[]) => tf.tensor1d(values, "bool");

const unary = [
  "abs",
  "ceil",
  "cos",
  "elu",
  "erf",
  "exp",
  "expm1",
  "floor",
  "logSigmoid",
  "logSoftmax",
  "neg",
  "relu",
  "relu6",
  "round",
  "selu",
  "sigmoid",
  "sign",
  "sin",
  "softmax",
  "softplus",
  "square",
  "step",
  "tanh",
] as const;
const unaryPositive = ["log", "log1p", "reciprocal", "rsqrt", "sqrt"] as const;
const binary = [
  "add",
  "atan2",
  "div",
  "floorDiv",
  "maximum",
  "minimum",
  "mod",
  "mul",
  "pow",
  "squaredDifference",
  "sub",
] as const;

/** Differentiable operations by name. */
export const cases: Record<string, Case> = {
  ...Object.fromEntries(
    unary.map((name) => [name, { shapes: [[3, 7]], f: (x) => tf[name](x) }]),
  ),
  ...Object.fromEntries(
    unaryPositive.map((name): [string, Case] => [
      name,
      { shapes: [[3, 7]], f: (x) => tf[name](x), positive: true },
    ]),
  ),
  ...Object.fromEntries(
    binary.map((name): [string, Case] => [
      name,
      {
        shapes: [[3, 7], [3, 7]],
        f: (a, b) => tf[name](a, b),
        positive: true,
      },
    ]),
  ),
  "add, broadcast": { shapes: [[2, 3, 4], [4]], f: (a, b) => tf.add(a, b) },
  "mul, broadcast": { shapes: [[2, 3, 4], [3, 1]], f: (a, b) => tf.mul(a, b) },
  "sub from a scalar": { shapes: [[3, 4]], f: (a) => tf.sub(1, a) },
  "div, broadcast": {
    shapes: [[2, 3, 4], [3, 1]],
    f: (a, b) => tf.div(a, b),
    positive: true,
  },
  addN: { shapes: [[3, 4], [3, 4]], f: (a, b) => tf.addN([a, b, a]) },
  avgPool: {
    shapes: [[2, 4, 6, 3]],
    f: (x) => tf.avgPool(image(x), 2, 2, "valid"),
  },
  batchNorm: {
    shapes: [[2, 3, 3, 4], [4], [4], [4]],
    f: (x, mean, offset, scale) =>
      tf.batchNorm(
        image(x),
        mean as tf.Tensor1D,
        tf.tensor1d([1, 2, 0.5, 0.7]),
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        1e-3,
      ),
  },
  broadcastTo: { shapes: [[1, 3]], f: (x) => tf.broadcastTo(x, [4, 3]) },
  clipByValue: { shapes: [[3, 4]], f: (x) => tf.clipByValue(x, -0.5, 0.5) },
  concat: { shapes: [[2, 3], [2, 4]], f: (a, b) => tf.concat([a, b], 1) },
  "concat, outer": {
    shapes: [[2, 3], [4, 3]],
    f: (a, b) => tf.concat([a, b], 0),
  },
  cumsum: { shapes: [[3, 4]], f: (x) => tf.cumsum(x, 1) },
  gather: { shapes: [[5, 3]], f: (x) => tf.gather(x, ids(1, 4, 1, 0)) },
  "gather, inner": {
    shapes: [[2, 5, 3]],
    f: (x) => tf.gather(x, ids(1, 4, 1, 0), 1),
  },
  leakyRelu: { shapes: [[3, 4]], f: (x) => tf.leakyRelu(x, 0.1) },
  logSumExp: { shapes: [[3, 4]], f: (x) => tf.logSumExp(x, -1) },
  max: { shapes: [[3, 4]], f: (x) => tf.max(x, 1) },
  mean: { shapes: [[3, 4]], f: (x) => tf.mean(x) },
  "mean, outer": { shapes: [[3, 4, 2]], f: (x) => tf.mean(x, [0, 1], true) },
  "mean, inner and outer": {
    shapes: [[3, 4, 2]],
    f: (x) => tf.mean(x, [0, 2], true),
  },
  min: { shapes: [[3, 4]], f: (x) => tf.min(x, 0) },
  mirrorPad: {
    shapes: [[3, 4]],
    f: (x) => tf.mirrorPad(x, [[1, 1], [2, 1]], "reflect"),
  },
  "layer norm": {
    shapes: [[4, 8], [8], [8]],
    f: (x, scale, offset) => {
      const { mean, variance } = tf.moments(x, -1, true);
      const unit = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
      return tf.add(tf.mul(unit, scale), offset);
    },
  },
  norm: { shapes: [[3, 4]], f: (x) => tf.norm(x, "euclidean", 1) },
  pad: {
    shapes: [[2, 3, 4, 2]],
    f: (x) => tf.pad(x, [[0, 0], [2, 1], [1, 1], [0, 0]]),
  },
  "pow of a scalar": { shapes: [[3, 4]], f: (x) => tf.pow(x, 2) },
  prelu: { shapes: [[3, 4], [4]], f: (x, alpha) => tf.prelu(x, alpha) },
  prod: { shapes: [[3, 4]], f: (x) => tf.prod(x, 1) },
  reverse: { shapes: [[2, 3, 4]], f: (x) => tf.reverse(x, [0, 2]) },
  slice: { shapes: [[4, 5]], f: (x) => tf.slice(x, [1, 2], [2, 3]) },
  "slice of rank 5": {
    shapes: [[2, 2, 3, 4, 5]],
    f: (x) => tf.slice(x, [0, 1, 1, 2, 1], [2, 1, 2, 2, 3]),
  },
  split: { shapes: [[2, 6]], f: (x) => tf.split(x, 3, 1)[1] },
  stack: { shapes: [[2, 3], [2, 3]], f: (a, b) => tf.stack([a, b], 1) },
  sum: { shapes: [[3, 4]], f: (x) => tf.sum(x) },
  "sum, inner and outer": { shapes: [[3, 4, 2]], f: (x) => tf.sum(x, [0, 2]) },
  tile: { shapes: [[2, 3]], f: (x) => tf.tile(x, [2, 3]) },
  unstack: { shapes: [[2, 3]], f: (x) => tf.unstack(x, 1)[1] },
  where: {
    shapes: [[4], [4]],
    f: (a, b) => tf.where(mask(1, 0, 0, 1), a, b),
  },
};

/** Value and gradients of a case; the slope and the inputs are always the same. */
export function valueAndGradients({ shapes, f, positive }: Case): tf.Tensor[] {
  return tf.tidy(() => {
    const inputs = shapes.map((shape, i) => {
      const values = normals(tf.util.sizeFromShape(shape), i + 1);
      return tf.tensor(
        positive ? values.map((v) => Math.abs(v) + 0.5) : values,
        shape,
      );
    });
    const value = f(...inputs);
    const slope = tf.tensor(normals(value.size, 9), value.shape);
    const gradients = tf.grads((...xs) => tf.sum(tf.mul(f(...xs), slope)));
    return [value, ...gradients(inputs)];
  });
}

/** Operations without a gradient, by name. */
export const whole: Record<string, () => tf.Tensor> = {
  all: () => tf.all(mask(1, 1, 0)),
  any: () => tf.any(tf.reshape(mask(1, 0, 0, 0), [2, 2]), 1),
  argMax: () => tf.argMax(tf.tensor2d([[1, 3, 3], [5, 4, 5]]), 1),
  argMin: () => tf.argMin(tf.tensor2d([[1, 3, 3], [5, 4, 5]]), 0),
  depthToSpace: () => tf.depthToSpace(tf.range(0, 16).as4D(1, 2, 2, 4), 2),
  "division of integers": () => tf.floorDiv(ids(7, -7, 8), ids(2, 2, -3)),
  equal: () => tf.equal(ids(1, 2, 3), ids(1, 5, 3)),
  fill: () => tf.fill([2, 2], 7, "int32"),
  greater: () => tf.greater(tf.tensor1d([1, 2]), 1.5),
  greaterEqual: () => tf.greaterEqual(ids(1, 2), 2),
  gatherND: () =>
    tf.gatherND(tf.tensor2d([[1, 2], [3, 4]]), ids(1, 0, 0, 1).as2D(2, 2)),
  isNaN: () => tf.isNaN(tf.tensor1d([NaN, 1, Infinity])),
  less: () => tf.less(ids(1, 2), ids(2, 1)),
  logicalAnd: () => tf.logicalAnd(mask(1, 0, 1), mask(1, 1, 0)),
  logicalNot: () => tf.logicalNot(mask(1, 0)),
  logicalOr: () => tf.logicalOr(mask(1, 0, 0), mask(0, 1, 0)),
  max: () => tf.max(ids(-4, -2, -9)),
  notEqual: () => tf.notEqual(ids(1, 2), 2),
  oneHot: () => tf.oneHot(ids(2, 0, 1), 3),
  range: () => tf.range(3, -2, -2),
  scatterND: () =>
    tf.scatterND(ids(0, 2, 0).as2D(3, 1), tf.tensor1d([1, 2, 3]), [4]),
  stridedSlice: () =>
    tf.stridedSlice(ids(0, 1, 2, 3, 4, 5).as2D(2, 3), [0, 0], [2, 3], [1, 2]),
  "sum of integers": () => tf.sum(ids(3, 4, 5, 6).as2D(2, 2), 0),
  "sum of conditions": () => tf.sum(mask(1, 0, 1, 1)),
  "mean of integers": () => tf.mean(ids(3, 4)),
  "topk, values": () => tf.topk(tf.tensor1d([1, 5, 3, 4]), 2).values,
  "topk, places": () => tf.topk(tf.tensor1d([1, 5, 3, 4]), 2).indices,
};
