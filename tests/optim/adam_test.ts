import { assertEquals, assertThrows } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { adam } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGoldenSteps } from "./golden_steps.ts";

testOnBackends("adam() takes PyTorch's steps, with both kinds of decay", () => {
  assertGoldenSteps("adam");
});

testOnBackends("adam() takes the same steps inside jit", () => {
  assertGoldenSteps("adam", (update) => jit(update));
});

// m̂ = g and v̂ = g² at first, so the step is rate · g / (|g| + ε).
testOnBackends("adam()'s first step has the size of the rate", () => {
  const optimizer = adam({ epsilon: 1 });
  using params = owned({ w: tf.tensor1d([1, 1, 1]) });
  using gradients = owned({ w: tf.tensor1d([3, -1, 0]) });
  using state = owned(optimizer.init(params.value));
  using rate = owned(tf.scalar(0.1));
  using next = owned(
    optimizer.update(params.value, gradients.value, state.value, rate.value),
  );
  assertClose(next.value.params.w, [1 - 0.1 * 3 / 4, 1 + 0.1 / 2, 1]);
  assertClose(params.value.w, [1, 1, 1]); // borrowed
});

testOnBackends("adam()'s state is a step and two moments per weight", () => {
  const optimizer = adam();
  using params = owned({ "a.w": tf.ones([2, 3]), b: tf.ones([4]) });
  using state = owned(optimizer.init(params.value));
  assertEquals(Object.keys(state.value).sort(), [
    "m/a.w",
    "m/b",
    "step",
    "v/a.w",
    "v/b",
  ]);
  assertEquals(state.value["v/a.w"].shape, [2, 3]);
  assertClose(state.value["m/b"], [0, 0, 0, 0]);
});

Deno.test("adam() refuses decays outside of [0, 1)", () => {
  for (const beta of [1, -0.1, NaN]) {
    assertThrows(
      () => adam({ beta1: beta }),
      RangeError,
      `'beta1' must be in [0, 1): current value is ${beta}`,
    );
    assertThrows(() => adam({ beta2: beta }), RangeError, "'beta2'");
  }
});
