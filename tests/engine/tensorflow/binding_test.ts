import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/mod.ts";
import {
  startTensorFlow,
  type TensorFlowBackend,
} from "../../../src/engine/tensorflow/backend.ts";
import type { Attribute } from "../../../src/engine/tensorflow/attributes.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { rssGrowth } from "../../support/resident_memory.ts";

const only = { backends: ["tensorflow"] } as const;
const binding = () => (tf.backend() as TensorFlowBackend).binding;

testOnBackends("tensors of every dtype come back as they went in", () => {
  tf.tidy(() => {
    const long = "a string of more than twenty-two bytes, 無名";
    const strings = ["", "short", long, "x".repeat(5000)];
    // A clone and a reshape make sure that the values went through the library.
    const through = (x: tf.Tensor) =>
      tf.reverse(tf.reverse(tf.reshape(x, [-1]), 0), 0).dataSync();
    assertEquals(
      through(tf.tensor([1.5, -2, 3, 4], [2, 2])),
      Float32Array.of(1.5, -2, 3, 4),
    );
    assertEquals(
      through(tf.tensor([1, -2, 2147483647], [3], "int32")),
      Int32Array.of(1, -2, 2147483647),
    );
    assertEquals(
      Array.from(through(tf.tensor([true, false, true], [3], "bool"))),
      [1, 0, 1],
    );
    const complex = tf.complex([1, 2], [-3, 4]);
    assertEquals(complex.dataSync(), Float32Array.of(1, -3, 2, 4));
    assertEquals(tf.imag(complex).dataSync(), Float32Array.of(-3, 4));
    const words = tf.tensor(strings, [4], "string");
    const twice = tf.concat([words, words]);
    assertEquals(
      twice.dataSync() as unknown as string[],
      [...strings, ...strings],
    );
    assertEquals(tf.scalar(long).dataSync()[0] as unknown, long);
    assertEquals(tf.tensor([], [0, 3]).dataSync(), new Float32Array());
  });
}, only);

testOnBackends("lists of whole numbers arrive as int64 attributes", () => {
  tf.tidy(() => {
    // Strides 2 and 1: columns are halved only if both numbers arrive.
    const x = tf.reshape(tf.range(0, 12), [1, 3, 4, 1]) as tf.Tensor4D;
    const kernel = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
    const y = tf.conv2d(x, kernel, [1, 2], "valid");
    assertClose(y.reshape([3, 2]), [[0, 2], [4, 6], [8, 10]]);
    const squeezed = tf.squeeze(tf.zeros([1, 2, 1, 3]), [0, 2]);
    assertEquals(squeezed.shape, [2, 3]);
  });
}, only);

testOnBackends("attributes of every kind reach the operation", () => {
  const { executeOp, createTensor, tensorDataSync, deleteTensor } = binding();
  const b = binding();
  const run = (name: string, attributes: Attribute[], inputs: number[]) => {
    const [{ id, shape }] = executeOp(name, attributes, inputs, 1);
    const values = tensorDataSync(id);
    deleteTensor(id);
    return { shape, values };
  };
  const T = { name: "T", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT };
  const x = createTensor([1, 2], b.TF_FLOAT, Float32Array.of(-1, 2));
  const y = createTensor([1, 2], b.TF_FLOAT, Float32Array.of(3, 4));
  // x yᵀ = -3 + 8
  const transpose = { name: "transpose_b", type: b.TF_ATTR_BOOL, value: true };
  assertEquals(run("MatMul", [T, transpose], [x, y]), {
    shape: [1, 1],
    values: Float32Array.of(5),
  });
  const alpha = { name: "alpha", type: b.TF_ATTR_FLOAT, value: 0.25 };
  assertEquals(
    run("LeakyRelu", [T, alpha], [x]).values,
    Float32Array.of(-0.25, 2),
  );
  const N = { name: "N", type: b.TF_ATTR_INT, value: 2 };
  const axis = { name: "axis", type: b.TF_ATTR_INT, value: 0 };
  assertEquals(run("Pack", [T, N, axis], [x, y]).shape, [2, 1, 2]);
  const equation = {
    name: "equation",
    type: b.TF_ATTR_STRING,
    value: "ij,ij->j",
  };
  assertEquals(
    run("Einsum", [T, N, equation], [x, y]).values,
    Float32Array.of(-3, 8),
  );
  const shape = { name: "shape", type: b.TF_ATTR_SHAPE, value: [2, 1] };
  assertThrows(
    () => run("EnsureShape", [T, shape], [x]),
    Error,
    "[1,2] is not compatible with expected shape [2,1]",
  );
  const types = { name: "T", type: b.TF_ATTR_TYPE, value: [1, 1] };
  assertEquals(
    executeOp("IdentityN", [types], [x, y], 2).map((out) => {
      deleteTensor(out.id);
      return out.shape;
    }),
    [[1, 2], [1, 2]],
  );
  const boundaries = {
    name: "boundaries",
    type: b.TF_ATTR_FLOAT,
    value: [0, 1.5],
  };
  assertEquals(
    run("Bucketize", [T, boundaries], [x]).values,
    Int32Array.of(0, 2),
  );
  assertThrows(
    () => run("Relu", [{ name: "T", type: 9, value: 1 }], [x]),
    TypeError,
    "Cannot set attribute 'T' as its kind must be one of 0 to 5: current value is 9",
  );
  deleteTensor(x);
  deleteTensor(y);
}, only);

testOnBackends(
  "an error of TensorFlow names the operation and the shapes",
  () => {
    const { executeOp, createTensor, deleteTensor, getNumOfTensors } =
      binding();
    const b = binding();
    const before = getNumOfTensors();
    const x = createTensor([2, 3], b.TF_FLOAT, new Float32Array(6));
    const T = { name: "T", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT };
    const { message } = assertThrows(
      () => executeOp("MatMul", [T], [x, x], 1),
      Error,
      "Cannot run operation 'MatMul' on shapes [2,3], [2,3]: ",
    );
    assert(/Matrix size-incompatible/.test(message), message);
    assertThrows(
      () => executeOp("NoSuchOperation", [], [x], 1),
      Error,
      "Cannot run operation 'NoSuchOperation' on shapes [2,3]: ",
    );
    // The next call is not haunted by the last one's error.
    const [{ id }] = executeOp("Relu", [T], [x], 1);
    [id, x].forEach(deleteTensor);
    assertEquals(getNumOfTensors(), before);
  },
  only,
);

testOnBackends("a number of no tensor is refused", () => {
  const { executeOp, tensorDataSync, deleteTensor } = binding();
  assertThrows(() => tensorDataSync(-1), Error, "it was disposed");
  assertThrows(() => executeOp("Relu", [], [-1], 1), Error, "it was disposed");
  deleteTensor(-1); // nothing happens
}, only);

testOnBackends("handles are freed over a thousand operations", () => {
  const { getNumOfTensors } = binding();
  const x = tf.tensor2d([[1, 2], [3, 4]]);
  const words = tf.tensor(["one", "two, of more than twenty-two bytes"]);
  const step = () =>
    tf.tidy(() => {
      const parts = tf.split(tf.concat([x, tf.matMul(x, x)]), 2);
      tf.sum(tf.gather(tf.addN(parts), tf.tensor1d([1, 0], "int32")))
        .dataSync();
      tf.concat([words, tf.tensor(["three"])]).dataSync();
    });
  step();
  const before = getNumOfTensors();
  for (let i = 0; i < 150; i++) step(); // 7 operations each
  assertEquals(getNumOfTensors(), before);
  tf.dispose([x, words]);
}, only);

testOnBackends("an operation that fails inside a tidy leaves no handle", () => {
  const { getNumOfTensors } = binding();
  const before = getNumOfTensors();
  assertThrows(
    () =>
      tf.tidy(() => {
        const x = tf.exp(tf.zeros([2, 2]));
        tf.gather(x, tf.tensor1d([5], "int32")); // there are two rows
      }),
    Error,
    "Cannot run operation 'GatherV2' on shapes [2,2], [1], []: ",
  );
  assertEquals(getNumOfTensors(), before);
}, only);

testOnBackends("resident memory is flat over tensors of long strings", () => {
  const text = new Uint8Array(1_000_000).fill(64);
  const growth = rssGrowth(60, () =>
    tf.tidy(() => {
      const words = tf.tensor([text], [1], "string");
      tf.concat([words, words]);
    }));
  assert(growth < 60, `grew by ${growth} MB of 240`);
}, only);

testOnBackends("resident memory is flat over tensors of numbers", () => {
  const values = new Float32Array(500_000);
  const growth = rssGrowth(60, () => {
    tf.dispose(tf.tidy(() => tf.exp(tf.tensor1d(values))));
  });
  assert(growth < 60, `grew by ${growth} MB of 240`);
}, only);

testOnBackends("resident memory is flat over operations", () => {
  const x = tf.scalar(1);
  // An operation that is not freed keeps 2 KB.
  const growth = rssGrowth(20_000, () => tf.dispose(tf.neg(x)));
  x.dispose();
  assert(growth < 20, `grew by ${growth} MB of 44`);
}, only);

Deno.test("startTensorFlow() says that a file is no TensorFlow", async () => {
  const path = await Deno.makeTempFile({ suffix: ".so" });
  await Deno.writeTextFile(path, "no library");
  await assertRejects(
    () => startTensorFlow(path),
    Error,
    `Cannot open libtensorflow as '${path}' must be a loadable TensorFlow 2.9 or newer: `,
  );
  await Deno.remove(path);
});
