import { assert, assertEquals } from "@std/assert";
import { jit, tf } from "../../../src/engine/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import golden from "../../golden/engine_ops.json" with { type: "json" };

/** Numbers as the golden file keeps them. */
export interface GoldenTensor {
  shape: number[];
  values: number[];
}

/** One case of an operation, by PyTorch in float64. */
export interface GoldenCase {
  op: string;
  // deno-lint-ignore no-explicit-any
  options: any;
  inputs: Record<string, GoldenTensor>;
  integers: string[];
  slope: GoldenTensor;
  output: GoldenTensor;
  gradients: Record<string, GoldenTensor>;
  mean?: GoldenTensor;
  variance?: GoldenTensor;
  runningMean?: GoldenTensor;
  runningVariance?: GoldenTensor;
}

/** Named tensors, for any operation. */
// deno-lint-ignore no-explicit-any
export type Inputs = Record<string, any>;

/** An operation as a function of named tensors. */
export type Apply = (inputs: Inputs, golden: GoldenCase) => tf.Tensor;

/** The cases of an operation. */
export function goldenCases(op: string): GoldenCase[] {
  const cases = (golden.cases as unknown as GoldenCase[])
    .filter((one) => one.op === op);
  assert(cases.length > 0);
  return cases;
}

/** The tensor of golden numbers. */
export function toTensor(
  { shape, values }: GoldenTensor,
  dtype: "float32" | "int32" = "float32",
): tf.Tensor {
  return tf.tensor(values, shape, dtype);
}

/**
 * Tests an operation against PyTorch: result and all gradients, run directly,
 * without gradient, and jitted; then that it leaks no tensors, and its gradient
 * against central differences.
 */
export function testGolden(op: string, apply: Apply, tolerance = 2e-5): void {
  const cases = goldenCases(op);
  testOnBackends(`${op}() and its gradients equal PyTorch's`, () => {
    for (const one of cases) {
      tf.tidy(() => {
        const { names, tensors, slope, run } = prepare(one, apply);
        assertClose(run(...tensors), toTensor(one.output), tolerance);
        const both = tf.valueAndGrads(run);
        const { value, grads } = both(tensors, slope);
        assertClose(value, toTensor(one.output), tolerance);
        names.forEach((name, i) =>
          assertClose(grads[i], toTensor(one.gradients[name]), tolerance)
        );
      });
    }
  });

  testOnBackends(`${op}() is the same inside a jitted function`, () => {
    for (const one of cases) {
      const jitted = jit((tensors: tf.Tensor[], slope: tf.Tensor) => {
        const { run } = prepare(one, apply);
        const { value, grads } = tf.valueAndGrads(run)(tensors, slope);
        return { alone: run(...tensors), value, grads };
      });
      tf.tidy(() => {
        const { names, tensors, slope } = prepare(one, apply);
        const { alone, value, grads } = jitted(tensors, slope);
        assertClose(alone, toTensor(one.output), tolerance);
        assertClose(value, toTensor(one.output), tolerance);
        names.forEach((name, i) =>
          assertClose(grads[i], toTensor(one.gradients[name]), tolerance)
        );
      });
      jitted.dispose();
    }
  });

  testOnBackends(`${op}() leaves nothing behind but its result`, () => {
    const { tensors, integers, slope, run } = prepare(cases[0], apply);
    const before = tf.memory().numTensors;
    const y = run(...tensors);
    assertEquals(tf.memory().numTensors, before + 1);
    const { value, grads } = tf.valueAndGrads(run)(tensors, slope);
    assertEquals(tf.memory().numTensors, before + 2 + grads.length);
    tf.dispose([y, value, grads, tensors, integers, slope]);
  });

  testOnBackends(`${op}() falls by its gradient along any direction`, () => {
    tf.tidy(() => {
      const { tensors, slope, run } = prepare(cases[0], apply);
      const objective = (...at: tf.Tensor[]) =>
        tf.sum(tf.mul(run(...at), slope)) as tf.Scalar;
      const grads = tf.grads(objective)(tensors);
      tensors.forEach((tensor, i) => {
        // Any fixed direction will do; this one has no zeros.
        const direction = tf.cos(
          tf.reshape(tf.range(1, tensor.size + 1), tensor.shape),
        );
        const step = 1 / 64;
        const [above, below] = [step, -step].map((s) =>
          objective(
            ...tensors.map((other, j) =>
              i === j ? tf.add(other, tf.mul(direction, s)) : other
            ),
          ).dataSync()[0]
        );
        const slopeAlong = tf.sum(tf.mul(grads[i], direction)).dataSync()[0];
        assertClose((above - below) / (2 * step), slopeAlong, 1e-2);
      });
    });
  });
}

function prepare(one: GoldenCase, apply: Apply) {
  const names = Object.keys(one.gradients);
  const tensors = names.map((name) => toTensor(one.inputs[name]));
  const integers = Object.fromEntries(
    one.integers.map((name) => [name, toTensor(one.inputs[name], "int32")]),
  );
  const run = (...values: tf.Tensor[]) =>
    apply({
      ...integers,
      ...Object.fromEntries(names.map((name, i) => [name, values[i]])),
    }, one);
  return { names, tensors, integers, slope: toTensor(one.slope), run };
}
