import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/mod.ts";
import type { TensorFlowBackend } from "../../../src/engine/tensorflow/backend.ts";
import { DTYPE } from "../../../src/engine/tensorflow/tensor_data.ts";
import {
  beginTrace,
  type Trace,
} from "../../../src/engine/tensorflow/trace.ts";
import { testOnBackends } from "../../support/backends.ts";

const only = { backends: ["tensorflow"] } as const;
const binding = () => (tf.backend() as TensorFlowBackend).binding;
const T = { name: "T", type: 4, value: DTYPE.FLOAT };

function tracing(fn: (trace: Trace) => void): void {
  const trace = beginTrace(binding().library);
  try {
    fn(trace);
  } finally {
    trace.dispose();
  }
}

testOnBackends("a trace knows the shapes and dtypes of its nodes", () => {
  tracing((trace) => {
    const x = trace.input([2, 3], DTYPE.FLOAT);
    const y = trace.constant([3, 4], DTYPE.FLOAT, new Float32Array(12));
    const [product] = trace.operation("MatMul", [T], [x.output, y.output]);
    assertEquals([product.shape, product.dtype], [[2, 4], DTYPE.FLOAT]);
    const [scalar] = trace.operation("L2Loss", [T], [product.output]);
    assertEquals(scalar.shape, []);
  });
}, only);

testOnBackends("a trace cuts the flat list of inputs by the operation", () => {
  tracing((trace) => {
    const rows = [1, 2, 4].map((n) => trace.input([n, 3], DTYPE.FLOAT).output);
    const axis = trace.constant([], DTYPE.INT32, Int32Array.of(0)).output;
    const N = { name: "N", type: 1, value: 3 };
    const type = { name: "Tidx", type: 4, value: DTYPE.INT32 };
    const [all] = trace.operation("ConcatV2", [T, N, type], [...rows, axis]);
    assertEquals(all.shape, [7, 3]);
    const count = { name: "num_split", type: 1, value: 7 };
    const parts = trace.operation("Split", [T, count], [axis, all.output]);
    assertEquals(parts.map(({ shape }) => shape), Array(7).fill([1, 3]));
  });
}, only);

testOnBackends("a trace becomes a function that can be called", () => {
  const { context, executeOp, createTensor, tensorDataSync } = binding();
  const { deleteTensor, removeFunction } = binding();
  tracing((trace) => {
    const [x, y] = [[2], []].map((s) => trace.input(s, DTYPE.FLOAT).output);
    const [product] = trace.operation("Mul", [T], [x, y]);
    const [sum] = trace.operation("AddV2", [T], [x, y]);
    trace.finish(context, "trace_test", [product.output, sum.output]);
  });
  const x = createTensor([2], DTYPE.FLOAT, Float32Array.of(1, 2));
  const y = createTensor([], DTYPE.FLOAT, Float32Array.of(10));
  const results = executeOp("trace_test", [], [x, y], 2);
  assertEquals(results.map(({ id }) => tensorDataSync(id)), [
    Float32Array.of(10, 20),
    Float32Array.of(11, 12),
  ]);
  [x, y, ...results.map(({ id }) => id)].forEach(deleteTensor);
  removeFunction("trace_test");
  assertThrows(() => executeOp("trace_test", [], [], 2), Error, "trace_test");
}, only);

testOnBackends("a shape that depends on values is refused by operation", () => {
  tracing((trace) => {
    const x = trace.input([5], DTYPE.FLOAT).output;
    assertThrows(
      () => trace.operation("Where", [T], [x]),
      Error,
      "Cannot trace operation 'Where' as its output shape must not depend on values: current value is [-1,1]",
    );
    const shape = trace.input([2], DTYPE.INT32).output;
    const types = [T, { name: "Tshape", type: 4, value: DTYPE.INT32 }];
    assertThrows(
      () => trace.operation("Reshape", types, [x, shape]),
      Error,
      "Cannot trace operation 'Reshape' as its output shape must not depend on values: current value is [-1,-1]",
    );
  });
}, only);

testOnBackends("a wrong operation is refused by name", () => {
  tracing((trace) => {
    const x = trace.input([2, 3], DTYPE.FLOAT).output;
    assertThrows(
      () => trace.operation("MatMul", [T], [x, x]),
      Error,
      "Cannot trace operation 'MatMul': ",
    );
    assertThrows(
      () => trace.operation("NoSuchOperation", [], [x]),
      Error,
      "Cannot find operation 'NoSuchOperation'",
    );
    // The trace is none the worse for it.
    assertEquals(trace.operation("Relu", [T], [x])[0].shape, [2, 3]);
  });
}, only);
