import { assert, assertEquals } from "@std/assert";
import { jit, tf } from "../../src/engine/mod.ts";
import {
  startTensorFlow,
  type TensorFlowBackend,
} from "../../src/engine/tensorflow/backend.ts";
import { findLibrary } from "../../src/engine/tensorflow/library.ts";
import { useBackend } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { rssGrowth } from "../support/resident_memory.ts";

const only = { backends: ["tensorflow"] } as const;
const handles = () =>
  (tf.backend() as TensorFlowBackend).binding.getNumOfTensors();

type Weights = { w: tf.Tensor; b: tf.Tensor };

/** One step of gradient descent on a least-squares problem. */
function descend({ w, b }: Weights, x: tf.Tensor, y: tf.Tensor): Weights {
  const loss = (w: tf.Tensor, b: tf.Tensor) =>
    tf.mean(tf.square(tf.sub(tf.add(tf.matMul(x, w), b), y)));
  const [dw, db] = tf.grads(loss)([w, b]);
  return { w: tf.sub(w, tf.mul(0.1, dw)), b: tf.sub(b, tf.mul(0.1, db)) };
}

testOnBackends(
  "tensor counts are flat over 500 jitted training steps, and the loss falls",
  () => {
    const step = jit(descend);
    const x = tf.tidy(() => tf.reshape(tf.linspace(-1, 1, 12), [6, 2]));
    const y = tf.tidy(() => tf.add(tf.matMul(x, tf.tensor2d([[2], [-3]])), 1));
    let weights: Weights = { w: tf.zeros([2, 1]), b: tf.zeros([1]) };
    const advance = () => {
      const next = step(weights, x, y);
      tf.dispose(weights);
      weights = next;
    };
    advance();
    const before = [
      tf.memory().numTensors,
      tf.memory().numDataBuffers,
      handles(),
    ];
    for (let i = 0; i < 500; i++) advance();
    assertEquals(
      [tf.memory().numTensors, tf.memory().numDataBuffers, handles()],
      before,
    );
    const loss = tf.tidy(() =>
      tf.losses.meanSquaredError(y, tf.add(tf.matMul(x, weights.w), weights.b))
        .dataSync()[0]
    );
    assert(loss < 1e-3, `loss ${loss}`);
    tf.dispose([x, y, weights]);
    step.dispose();
  },
  only,
);

testOnBackends("resident memory is flat over 500 jitted steps", () => {
  const step = jit(descend);
  // 4 MB of weights: one step that leaks once would show 2 GB.
  let weights: Weights = { w: tf.zeros([1000, 1000]), b: tf.zeros([1000]) };
  const x = tf.ones([2, 1000]);
  const y = tf.ones([2, 1000]);
  const growth = rssGrowth(500, () => {
    const next = step(weights, x, y);
    tf.dispose(weights);
    weights = next;
  });
  tf.dispose([weights, x, y]);
  step.dispose();
  assert(growth < 20, `grew by ${growth} MB`);
}, only);

testOnBackends("resident memory is flat over tracing and disposing", () => {
  const table = tf.zeros([500, 500]);
  const values = new Float32Array(250_000);
  const growth = rssGrowth(40, () => {
    // A constant of 1 MB stands in every graph.
    const fn = jit((x: tf.Tensor) =>
      tf.addN([x, table, tf.tensor(values, [500, 500])])
    );
    tf.dispose(fn(table));
    fn.dispose();
  });
  table.dispose();
  assert(growth < 30, `grew by ${growth} MB of at least 40`);
}, only);

testOnBackends("jit() frees what its trace makes", () => {
  const captured = tf.tensor([1, 2]);
  tf.dispose(tf.neg(captured)); // its handle is there from now on
  const before = [
    tf.memory().numTensors,
    tf.memory().numDataBuffers,
    handles(),
  ];
  const fn = jit((x: tf.Tensor) =>
    tf.grad((x) => tf.sum(tf.softmax(tf.mul(x, tf.mul(captured, 2)))))(x)
  );
  tf.dispose(fn(captured));
  fn.dispose();
  assertEquals(
    [tf.memory().numTensors, tf.memory().numDataBuffers, handles()],
    before,
  );
  captured.dispose();
}, only);

testOnBackends("jit() survives another start of the backend", async () => {
  const captured = tf.tensor([10, 20]);
  const fn = jit((x: tf.Tensor) => tf.add(tf.mul(x, 2), captured));
  const x = tf.tensor([1, 2]);
  tf.tidy(() => assertClose(fn(x), [12, 24]));
  const old = tf.backend();
  await startTensorFlow(findLibrary().library!.path);
  await tf.setBackend("tensorflow");
  assert(tf.backend() !== old);
  // Tensors of the old backend come over, the captured one among them, and is no constant.
  tf.tidy(() => assertClose(fn(x), [12, 24]));
  assertClose(captured, [10, 20]);
  fn.dispose();
  tf.dispose([x, captured]);
}, only);

testOnBackends(
  "jit() captures tensors of another backend as they are",
  async () => {
    await useBackend("wasm");
    const captured = tf.tidy(() => tf.exp(tf.zeros([2])));
    const variable = tf.tidy(() => tf.variable(tf.exp(tf.zeros([2]))));
    await useBackend("tensorflow");
    const fn = jit((x: tf.Tensor) => tf.add(tf.add(x, captured), variable));
    tf.tidy(() => {
      assertClose(fn(tf.tensor([1, 2])), [3, 4]);
      variable.assign(tf.tensor([10, 20]));
      assertClose(fn(tf.tensor([1, 2])), [12, 23]);
      assertClose(captured, [1, 1]);
    });
    await useBackend("wasm");
    tf.tidy(() => assertClose(tf.neg(captured), [-1, -1])); // moves it away
    await useBackend("tensorflow");
    tf.tidy(() => assertClose(fn(tf.tensor([1, 2])), [12, 23]));
    fn.dispose();
    tf.dispose([captured, variable]);
  },
  only,
);
