/**
 * jit against eager over random programs of the operations the project uses.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { conv2d, jit, layerNorm, linear, tf } from "../../src/engine/mod.ts";
import type { TensorFlowBackend } from "../../src/engine/tensorflow/backend.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

/** An operation on a 4 x 4 matrix; `other` is a value computed before. */
type Step = (x: tf.Tensor2D, other: tf.Tensor2D) => tf.Tensor;

const N = 4;
const half = N / 2;
const grid = (x: tf.Tensor) => tf.reshape(x, [1, N, N, 1]) as tf.Tensor4D;
/** Keeps values where single precision and gradients are at ease. */
const bounded = (x: tf.Tensor) => tf.tanh(x);
/** TensorFlow.js has no gradients for comparisons, not even zeros. */
const still = (fn: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) =>
  tf.customGrad((x) => ({
    value: fn(x as tf.Tensor),
    gradFunc: () => tf.zeros([N, N]),
  }))(x);
const ids = () => tf.tensor1d([2, 0, 3, 2], "int32");
const column = (x: tf.Tensor2D) => tf.slice(x, [0, 1], [N, 1]);

const steps: { [name: string]: Step } = {
  add: (x, o) => tf.add(x, o),
  addRow: (x, o) => tf.add(x, tf.slice(o, [1, 0], [1, N])),
  addScalar: (x) => tf.add(x, 0.5),
  addN: (x, o) => tf.addN([x, o, x]),
  sub: (x, o) => tf.sub(x, o),
  mul: (x, o) => tf.mul(x, o),
  mulColumn: (x, o) => tf.mul(x, column(o)),
  div: (x, o) => tf.div(x, tf.add(tf.square(o), 1)),
  neg: (x) => tf.neg(x),
  matMul: (x, o) => tf.matMul(x, o),
  matMulTA: (x, o) => tf.matMul(x, o, true, false),
  matMulTB: (x, o) => tf.matMul(x, o, false, true),
  matMulTT: (x, o) => tf.matMul(x, o, true, true),
  batchMatMul: (x, o) =>
    tf.matMul(tf.reshape(x, [2, 2, N]), tf.reshape(o, [2, N, 2])),
  linear: (x, o) => linear(x, o, tf.reshape(column(o), [N]) as tf.Tensor1D),
  sumRows: (x) => tf.mul(x, tf.sum(x, 1, true)),
  sumColumns: (x) => tf.add(x, tf.sum(x, 0)),
  sumAll: (x) => tf.sub(x, tf.sum(x)),
  meanRows: (x) => tf.sub(x, tf.mean(x, -1, true)),
  meanAll: (x) => tf.mul(x, tf.mean(x)),
  maxRows: (x) => tf.sub(x, tf.max(x, 1, true)),
  maximum: (x, o) => tf.maximum(x, o),
  minimum: (x) => tf.minimum(x, 0.25),
  clip: (x) => tf.clipByValue(x, -0.5, 0.5),
  reshape: (x) => tf.square(tf.reshape(x, [2, 2 * N])),
  transpose: (x) => tf.transpose(x),
  transpose4: (x) => tf.transpose(tf.reshape(x, [2, 2, 2, 2]), [2, 0, 3, 1]),
  slice: (x, o) => tf.concat([tf.slice(x, [half], [half]), o], 0),
  concat: (x, o) => tf.slice(tf.concat([x, o], 1), [0, half], [N, N]),
  pad: (x) => tf.slice(tf.pad(x, [[1, 2], [0, 1]], 0.5), [0, 1], [N, N]),
  gather: (x) => tf.gather(x, ids()),
  gatherColumns: (x) => tf.gather(x, ids(), 1),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.sub(x, tf.logSumExp(x, 1, true)),
  exp: (x) => tf.exp(bounded(x)),
  log: (x) => tf.log(tf.add(tf.square(x), 1)),
  sqrt: (x) => tf.sqrt(tf.add(tf.square(x), 0.5)),
  rsqrt: (x) => tf.rsqrt(tf.add(tf.square(x), 0.5)),
  square: (x) => tf.square(x),
  pow: (x) => tf.pow(tf.add(tf.square(x), 0.5), 1.5),
  abs: (x) => tf.abs(x),
  sin: (x) => tf.sin(x),
  cos: (x) => tf.cos(x),
  tanh: (x) => tf.tanh(x),
  erf: (x) => tf.erf(x),
  sigmoid: (x) => tf.sigmoid(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  relu: (x) => tf.relu(x),
  softplus: (x) => tf.softplus(x),
  where: (x, o) =>
    tf.where(still((x) => tf.greater(x, 0.1), x), x, tf.mul(o, 2)),
  cast: (x) =>
    tf.mul(x, still((x) => tf.cast(tf.lessEqual(x, 0.1), "float32"), x)),
  oneHot: (x) => tf.mul(x, tf.oneHot(ids(), N)),
  argMax: (x) => tf.add(x, still((x) => tf.oneHot(tf.argMax(x, 1), N), x)),
  split: (x) => {
    const [a, b] = tf.split(x, 2, 1);
    return tf.concat([tf.square(b), a], 1);
  },
  splitUneven: (x) => {
    const [a, b] = tf.split(x, [1, N - 1], 0);
    return tf.concat([tf.neg(b), a], 0);
  },
  unstack: (x, o) => {
    const [a, b, c] = tf.unstack(x);
    return tf.stack([a, tf.mul(b, c), tf.unstack(o)[3], c]);
  },
  expandDims: (x) => tf.squeeze(tf.mul(tf.expandDims(x, 1), 2), [1]),
  tile: (x) => tf.slice(tf.tile(x, [2, 1]), [half, 0], [N, N]),
  reverse: (x) => tf.reverse(x, 1),
  cumsum: (x) => tf.cumsum(x, 0),
  conv2d: (x, o) =>
    conv2d(grid(x), tf.reshape(tf.slice(o, [0, 0], [3, 3]), [3, 3, 1, 1]), {
      stride: 1,
      padding: 1,
    }),
  convStride: (x, o) =>
    conv2d(grid(x), tf.reshape(o, [N, N, 1, 1]), { stride: 2, padding: 1 }),
  maxPool: (x) => tf.maxPool(grid(x), 2, 2, "valid"),
  avgPool: (x) => tf.avgPool(grid(x), 2, 2, "valid"),
  layerNorm: (x) => layerNorm(x, { epsilon: 0.1 }),
};

/** Which operation, and which of the earlier values it takes. */
type Program = { op: string; x: number; other: number }[];

const program: fc.Arbitrary<Program> = fc.array(
  fc.record({
    op: fc.constantFrom(...Object.keys(steps)),
    x: fc.nat(9),
    other: fc.nat(9),
  }),
  { minLength: 2, maxLength: 7 },
);

/** The program on two matrices: its last value, bounded at each step, so that nothing blows up. */
function run(program: Program, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const values = [a, b] as tf.Tensor2D[];
  for (const { op, x, other } of program) {
    // Counted from the end: a program is mostly a chain, sometimes a graph.
    const pick = (back: number) =>
      values[Math.max(0, values.length - 1 - back % 3)];
    const y = steps[op](pick(x), pick(other));
    // Whatever the shape, its first values, repeated, make the next matrix.
    const flat = tf.tile(tf.reshape(y, [-1]), [Math.ceil(N * N / y.size)]);
    const square = tf.reshape(tf.slice(flat, 0, N * N), [N, N]);
    values.push(bounded(square) as tf.Tensor2D);
  }
  return values[values.length - 1];
}

/** Value and both gradients of a program. */
function valueAndSlopes(program: Program) {
  return (a: tf.Tensor, b: tf.Tensor): tf.Tensor[] => {
    const loss = (a: tf.Tensor, b: tf.Tensor) =>
      tf.sum(tf.mul(run(program, a, b), tf.reshape(tf.range(1, 17), [N, N])));
    const { value, grads } = tf.engine().gradients(
      () => loss(a, b),
      [a, b],
      undefined,
      true, // a program may use one matrix only
    );
    return [
      run(program, a, b),
      value,
      ...grads.map((g) => g ?? tf.zeros([N, N])),
    ];
  };
}

const matrix = fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), {
  minLength: N * N,
  maxLength: N * N,
});

function check(compiler: "graph" | "xla", numRuns: number, seed: number): void {
  fc.assert(
    fc.property(program, matrix, matrix, matrix, (program, a, b, c) => {
      tf.tidy(() => {
        const [ta, tb, tc] = [a, b, c].map((m) => tf.tensor2d(m, [N, N]));
        const eager = valueAndSlopes(program);
        const jitted = jit(eager, { compiler });
        for (const [x, y] of [[ta, tb], [tc, ta]]) {
          const expected = eager(x, y);
          // Single precision through up to seven operations and back; slopes reach a few hundred.
          jitted(x, y).forEach((got, i) => assertClose(got, expected[i], 2e-4));
        }
        jitted.dispose();
      });
    }),
    { numRuns, seed },
  );
}

testOnBackends(
  "jit() equals eager on random programs and their gradients (graph)",
  () => {
    check("graph", 60, 1);
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "jit() equals eager on random programs and their gradients (xla)",
  () => {
    check("xla", 5, 2);
  },
  { backends: ["tensorflow"] },
);

testOnBackends(
  "jit() equals eager on each operation and its gradients",
  (backend) => {
    const handles = () =>
      backend === "tensorflow"
        ? (tf.backend() as TensorFlowBackend).binding.getNumOfTensors()
        : 0;
    const values = Array.from(
      { length: N * N },
      (_, i) => Math.sin(1 + i * 1.7),
    );
    for (const op of Object.keys(steps)) {
      const before = handles();
      tf.tidy(() => {
        const a = tf.tensor2d(values, [N, N]);
        const b = tf.tensor2d(
          values.map((v) => Math.cos(5 * v)),
          [N, N],
        );
        const eager = valueAndSlopes([{ op, x: 0, other: 1 }]);
        const jitted = jit(eager);
        const expected = eager(a, b);
        const [value] = expected;
        assert(value.dataSync().every(Number.isFinite), op);
        jitted(a, b).forEach((got, i) => assertClose(got, expected[i], 2e-5));
        jitted.dispose();
      });
      assertEquals(handles(), before, `handles of ${op}`);
    }
  },
);

testOnBackends("jit() by XLA equals eager on all operations at once", () => {
  const values = Array.from({ length: N * N }, (_, i) => Math.sin(1 + i * 1.7));
  const names = Object.keys(steps);
  const eager = (a: tf.Tensor, b: tf.Tensor) => {
    const each = (a: tf.Tensor, b: tf.Tensor) =>
      tf.sum(tf.addN(names.map((op) => {
        const y = run([{ op, x: 0, other: 1 }], a, b);
        return tf.mul(y, tf.reshape(tf.range(1, 17), [N, N]));
      })));
    return tf.grads(each)([a, b]);
  };
  const jitted = jit(eager, { compiler: "xla" });
  tf.tidy(() => {
    const a = tf.tensor2d(values, [N, N]);
    const b = tf.tensor2d(values.map((v) => Math.cos(5 * v)), [N, N]);
    const expected = eager(a, b);
    // Slopes sum some sixty operations with weights up to 16.
    jitted(a, b).forEach((got, i) => assertClose(got, expected[i], 1e-4));
  });
  jitted.dispose();
}, { backends: ["tensorflow"] });
