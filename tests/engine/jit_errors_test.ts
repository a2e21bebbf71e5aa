import { assertEquals, assertThrows } from "@std/assert";
import { jit, tf } from "../../src/engine/mod.ts";
import type { TensorFlowBackend } from "../../src/engine/tensorflow/backend.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const only = { backends: ["tensorflow"] } as const;
const handles = () =>
  (tf.backend() as TensorFlowBackend).binding.getNumOfTensors();

/** Eager operations, gradients and new traces work, and no tensor is left over. */
function assertUnharmed(tensorsBefore: number): void {
  assertEquals(tf.memory().numTensors, tensorsBefore);
  assertEquals((tf.backend() as TensorFlowBackend).isTracing(), false);
  const twice = jit((x: tf.Tensor) => tf.mul(x, 2));
  tf.tidy(() => {
    assertClose(tf.add(tf.tensor([1]), 1), [2]);
    assertClose(tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor([3])), [6]);
    assertClose(twice(tf.tensor([4])), [8]);
  });
  twice.dispose();
}

const mistakes: [name: string, fn: (x: tf.Tensor) => unknown, says: string][] =
  [
    [
      "reading a value",
      (x) => tf.mul(x, tf.sum(x).dataSync()[0]),
      "Cannot read a tensor's values as it must not be inside a jitted function",
    ],
    [
      "reading an argument",
      (x) => tf.tensor(x.arraySync()),
      "Cannot read a tensor's values as it must not be inside a jitted function",
    ],
    [
      "a shape that depends on values",
      (x) => {
        const backend = tf.backend() as TensorFlowBackend;
        return backend.executeSingleOutput("Where", [], [tf.cast(x, "bool")]);
      },
      "Cannot trace operation 'Where' as its output shape must not depend on values",
    ],
    [
      "an operation that does not fit",
      (x) => {
        const backend = tf.backend() as TensorFlowBackend;
        const T = { name: "T", type: 4, value: 1 };
        return backend.executeSingleOutput("MatMul", [T], [x, x]);
      },
      "Cannot trace operation 'MatMul': ",
    ],
    [
      "an error of its own",
      (x) =>
        tf.tidy(() => {
          tf.exp(x);
          throw new Error("of its own");
        }),
      "of its own",
    ],
    [
      "an error while a gradient is taken",
      (x) => tf.grad((x) => tf.sum(tf.mul(x, tf.sum(x).dataSync()[0])))(x),
      "Cannot read a tensor's values as it must not be inside a jitted function",
    ],
    [
      "a result that was disposed",
      (x) => {
        const y = tf.exp(x);
        y.dispose();
        return y;
      },
      "the result must still exist: it was disposed",
    ],
    [
      "a result that is no tensor",
      (x) => ({ x, list: [{ loss: 0.5 }] }),
      "the result.list[0].loss must be a tensor or records and arrays of tensors: current value is 0.5",
    ],
    [
      "a promise",
      // deno-lint-ignore require-await
      async (x) => x,
      "the result must be a tensor or records and arrays of tensors: current value is [object Promise]",
    ],
  ];

for (const [name, fn, says] of mistakes) {
  testOnBackends(`jit() of ${name} says so, and harms nothing`, () => {
    const jitted = jit(fn as (x: tf.Tensor) => tf.Tensor);
    const x = tf.tensor([1, 2, 0]);
    const before = tf.memory().numTensors;
    const handlesBefore = handles();
    for (let i = 0; i < 2; i++) {
      assertThrows(() => jitted(x), Error, says);
      assertUnharmed(before);
    }
    // The argument may have got a handle of its own when it was first used.
    assertEquals(handles() - handlesBefore <= 1, true);
    tf.dispose(x);
    jitted.dispose();
  }, only);
}

testOnBackends(
  "jit() refuses to read captured tensors, which would freeze them",
  () => {
    const captured = tf.tensor([5]);
    const fn = jit((x: tf.Tensor) => tf.mul(x, captured.dataSync()[0]));
    const x = tf.tensor([1]);
    assertThrows(() => fn(x), Error, "must not be inside a jitted function");
    tf.dispose([captured, x]);
  },
  only,
);

testOnBackends("jit() names the argument that is no tensor", () => {
  // deno-lint-ignore no-explicit-any
  const fn = jit((...args: any[]) => args[0] as tf.Tensor);
  const x = tf.tensor([1]);
  const refused: [args: unknown[], says: string][] = [
    [[x, 3], "argument 1 must be a tensor"],
    [[x, { rate: null }], "argument 1.rate must be a tensor"],
    [[[x, "name"]], "argument 0[1] must be a tensor"],
    [[new Float32Array(2)], "argument 0 must be a tensor"],
    [[new Map()], "argument 0 must be a tensor"],
  ];
  for (const [args, says] of refused) {
    const error = assertThrows(() => fn(...args), TypeError);
    assertEquals(
      error.message.startsWith(`Cannot jit a function as ${says}`),
      true,
      error.message,
    );
  }
  tf.dispose(x);
  fn.dispose();
});

testOnBackends("jit() names the argument that was disposed", () => {
  const fn = jit((x: { w: tf.Tensor }) => tf.neg(x.w));
  const w = tf.tensor([1]);
  w.dispose();
  assertThrows(
    () => fn({ w }),
    Error,
    "Cannot call a jitted function as argument 0.w must still exist: it was disposed",
  );
});

testOnBackends("jit() says that a captured tensor was disposed", () => {
  const captured = tf.tensor([1]);
  const fn = jit((x: tf.Tensor) => tf.add(x, captured));
  tf.tidy(() => {
    assertClose(fn(tf.tensor([1])), [2]);
    captured.dispose();
    assertThrows(
      () => fn(tf.tensor([1])),
      Error,
      "Cannot call a jitted function as the tensors it captured must still exist",
    );
  });
  fn.dispose();
}, only);

testOnBackends(
  "a tensor kept from inside jit() says where it came from",
  () => {
    let kept: tf.Tensor | undefined;
    const fn = jit((x: tf.Tensor) => {
      kept = tf.keep(tf.exp(x));
      return tf.neg(kept);
    });
    const x = tf.tensor([0]);
    tf.tidy(() => assertClose(fn(x), [-1]));
    const says =
      "it was made inside a jitted function and is used outside of it";
    assertThrows(() => kept!.dataSync(), Error, says);
    assertThrows(() => tf.neg(kept!), Error, says);
    const other = jit((x: tf.Tensor) => tf.add(x, kept!));
    assertThrows(() => other(x), Error, says);
    tf.dispose([x, kept!]);
    fn.dispose();
    other.dispose();
  },
  only,
);

testOnBackends(
  "jit() refuses assignments to variables, and undoes them",
  () => {
    const weight = tf.tidy(() => tf.variable(tf.tensor([1, 2])));
    const optimizer = tf.train.adam(0.1);
    const step = jit((x: tf.Tensor) =>
      optimizer.minimize(() => tf.sum(tf.mul(weight, x)), true, [weight])!
    );
    const x = tf.tensor([1, 1]);
    const before = tf.memory().numTensors;
    assertThrows(
      () => step(x),
      Error,
      "Cannot jit a function as variables must not be assigned inside",
    );
    assertClose(weight, [1, 2]);
    assertUnharmed(before);
    optimizer.dispose();
    tf.dispose([x, weight]);
    step.dispose();
  },
  only,
);
