import { assertEquals } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { averageStep } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("averageStep() moves by its share towards the weights", () => {
  using average = owned({ w: tf.tensor1d([1, 0]), b: tf.scalar(4) });
  using params = owned({ w: tf.tensor1d([2, 8]), b: tf.scalar(4) });
  using next = owned(averageStep(average.value, params.value, 0.75));
  assertClose(next.value.w, [1.25, 2]); // 0.75 · 1 + 0.25 · 2, 0.25 · 8
  assertClose(next.value.b, 4);
  assertClose(average.value.w, [1, 0]); // borrowed
});

testOnBackends(
  "averageStep() takes its decay as a tensor, for schedules inside jit",
  () => {
    const step = jit((
      average: { w: tf.Tensor },
      params: { w: tf.Tensor },
      decay: tf.Scalar,
    ) => averageStep(average, params, decay));
    tf.tidy(() => {
      const [a, w] = [{ w: tf.tensor1d([0]) }, { w: tf.tensor1d([10]) }];
      assertClose(step(a, w, tf.scalar(0.9)).w, [1]);
      assertClose(step(a, w, tf.scalar(0)).w, [10]);
    });
    step.dispose();
  },
);

testOnBackends("averageStep() averages what the average holds, no more", () => {
  using average = owned({ w: tf.scalar(1) });
  using params = owned({ w: tf.scalar(3), frozen: tf.scalar(5) });
  using next = owned(averageStep(average.value, params.value, 0.5));
  assertEquals(Object.keys(next.value), ["w"]);
});
