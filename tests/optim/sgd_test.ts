import { assertEquals, assertThrows } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { sgd } from "../../src/optim/mod.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGoldenSteps } from "./golden_steps.ts";

testOnBackends("sgd() takes PyTorch's steps, with momentum and decay", () => {
  assertGoldenSteps("sgd");
});

testOnBackends("sgd() takes the same steps inside jit", () => {
  assertGoldenSteps("sgd", (update) => jit(update));
});

testOnBackends("sgd() keeps a state only with momentum", () => {
  using params = owned({ w: tf.ones([2]) });
  using none = owned(sgd().init(params.value));
  using some = owned(sgd({ momentum: 0.5 }).init(params.value));
  assertEquals(Object.keys(none.value), []);
  assertEquals(Object.keys(some.value), ["u/w"]);
});

Deno.test("sgd() refuses a momentum outside of [0, 1)", () => {
  assertThrows(
    () => sgd({ momentum: 1 }),
    RangeError,
    "'momentum' must be in [0, 1): current value is 1",
  );
});
