import { assertEquals, assertThrows } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { adam, clipByNorm, valueAndGradients } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "valueAndGradients() differentiates by every tensor of a record",
  () => {
    using params = owned({ w: tf.tensor1d([1, 2]), "a.b": tf.scalar(3) });
    const loss = (p: { [name: string]: tf.Tensor }) =>
      tf.mul(p["a.b"], tf.sum(tf.square(p.w)));
    using result = owned(valueAndGradients(loss, params.value));
    const { value, parts, gradients } = result.value;
    assertClose(value, 15); // 3 (1 + 4)
    assertEquals(parts, {});
    assertClose(gradients.w, [6, 12]); // 3 · 2 w
    assertClose(gradients["a.b"], 5);
  },
);

testOnBackends(
  "valueAndGradients() gives zeros to what the loss does not touch",
  () => {
    using params = owned({ w: tf.tensor1d([1, 2]), frozen: tf.ones([2, 2]) });
    using result = owned(
      valueAndGradients(({ w }) => tf.sum(w), params.value),
    );
    assertClose(result.value.gradients.frozen, [[0, 0], [0, 0]]);
    using nothing = owned(
      valueAndGradients(() => tf.scalar(7), params.value),
    );
    assertClose(nothing.value.value, 7);
    assertClose(nothing.value.gradients.w, [0, 0]);
  },
);

testOnBackends(
  "valueAndGradients() leaves rows alone that were not looked up",
  () => {
    using params = owned({ table: tf.ones([3, 2]) });
    using result = owned(
      valueAndGradients(
        ({ table }) =>
          tf.sum(tf.mul(tf.gather(table, tf.tensor1d([2, 2], "int32")), 5)),
        params.value,
      ),
    );
    assertClose(result.value.gradients.table, [[0, 0], [0, 0], [10, 10]]);
  },
);

testOnBackends(
  "valueAndGradients() hands out parts of the loss, its own and others",
  () => {
    using params = owned({ w: tf.tensor1d([3]) });
    using result = owned(valueAndGradients(({ w }) => {
      const error = tf.square(tf.sub(w, 1));
      const loss = tf.sum(tf.mul(error, 2));
      return { loss, error, again: loss, weight: w };
    }, params.value));
    const { value, parts, gradients } = result.value;
    assertEquals(Object.keys(parts).sort(), ["again", "error", "weight"]);
    assertClose([...value.dataSync(), ...parts.again.dataSync()], [8, 8]);
    assertClose(parts.error, [4]);
    assertClose(parts.weight, [3]);
    assertClose(gradients.w, [8]); // 2 · 2 (w - 1)
    tf.dispose(parts);
    assertClose(params.value.w, [3]); // the part was another tensor
  },
);

testOnBackends(
  "valueAndGradients() inside jit gives the same, and no tensor is left",
  () => {
    const loss = (p: { [name: string]: tf.Tensor }) => {
      const error = tf.square(p.w);
      return { loss: tf.sum(tf.mul(error, p.scale)), error };
    };
    const jitted = jit((params: { w: tf.Tensor; scale: tf.Tensor }) =>
      valueAndGradients(loss, params)
    );
    using params = owned({ w: tf.tensor1d([1, 2]), scale: tf.scalar(10) });
    for (let i = 0; i < 3; i++) {
      const before = tf.memory().numTensors;
      using result = owned(jitted(params.value));
      assertEquals(tf.memory().numTensors, before + 4); // value, part, two gradients
      assertClose(result.value.value, 50);
      assertClose(result.value.parts.error, [1, 4]);
      assertClose(result.value.gradients.w, [20, 40]);
      assertClose(result.value.gradients.scale, 5);
    }
    jitted.dispose();
  },
);

testOnBackends("valueAndGradients() refuses a loss that is no scalar", () => {
  using params = owned({ w: tf.ones([2]) });
  assertThrows(
    () => valueAndGradients(({ w }) => tf.square(w), params.value),
    TypeError,
    "Cannot take gradients as 'loss' must be a scalar: current value is shape [2]",
  );
});

testOnBackends("clipByNorm() scales all tensors by one factor", () => {
  using gradients = owned({ a: tf.tensor1d([3, 0]), b: tf.tensor2d([[-4]]) });
  using clipped = owned(clipByNorm(gradients.value, 2.5));
  assertClose(clipped.value.norm, 5);
  assertClose(clipped.value.gradients.a, [1.5, 0]);
  assertClose(clipped.value.gradients.b, [[-2]]);
});

testOnBackends(
  "clipByNorm() leaves small gradients and zeros as they are",
  () => {
    using gradients = owned({ a: tf.tensor1d([3, 4]), zero: tf.zeros([2]) });
    for (const maximum of [5, 100, Infinity]) {
      using clipped = owned(clipByNorm(gradients.value, maximum));
      assertClose(clipped.value.norm, 5);
      assertClose(clipped.value.gradients.a, [3, 4]);
      tf.dispose(clipped.value.gradients);
      assertClose(gradients.value.a, [3, 4]); // handed out as a tensor of its own
    }
    using zeros = owned({ zero: tf.zeros([2]) });
    using clipped = owned(clipByNorm(zeros.value, 1));
    assertClose(clipped.value.gradients.zero, [0, 0]);
  },
);

Deno.test("clipByNorm() refuses a maximum that is not above 0", () => {
  for (const maximum of [0, -1, NaN]) {
    assertThrows(
      () => clipByNorm({}, maximum),
      RangeError,
      `'maximum' must be above 0: current value is ${maximum}`,
    );
  }
});

testOnBackends(
  "a jitted training step with Adam learns, with flat tensor counts",
  () => {
    const optimizer = adam();
    type Record = { [name: string]: tf.Tensor };
    const step = jit(
      (params: Record, state: Record, x: tf.Tensor, rate: tf.Scalar) => {
        const { value, gradients } = valueAndGradients(
          ({ w, b }) =>
            tf.mean(tf.square(tf.sub(tf.add(tf.mul(x, w), b), tf.mul(x, 2)))),
          params,
        );
        const { gradients: clipped, norm } = clipByNorm(gradients, 1);
        return {
          value,
          norm,
          ...optimizer.update(params, clipped, state, rate),
        };
      },
    );
    using x = owned(tf.tensor1d([-1, 0, 1, 2]));
    using rate = owned(tf.scalar(0.1));
    let params: Record = { w: tf.scalar(0), b: tf.scalar(1) };
    let state = optimizer.init(params);
    const counts = new Set<number>();
    let loss = Infinity;
    for (let i = 0; i < 60; i++) {
      const next = step(params, state, x.value, rate.value);
      loss = next.value.dataSync()[0];
      tf.dispose([params, state, next.value, next.norm]);
      ({ params, state } = next);
      counts.add(tf.memory().numTensors);
    }
    assertEquals(counts.size, 1);
    assertClose(loss, 0, 0.01);
    tf.dispose([params, state]);
    step.dispose();
  },
);
