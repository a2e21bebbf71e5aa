import { assertEquals, assertStrictEquals } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { divide, join, part } from "../../src/stages/training_state.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "part() takes apart what join() put together, slashes in names included",
  () => {
    tf.tidy(() => {
      const weights = { "a/b": tf.scalar(1), step: tf.scalar(2) };
      const optimizer = { step: tf.scalar(3), "m/a/b": tf.scalar(4) };
      const apart = part(join(weights, optimizer));
      assertEquals(Object.keys(apart.weights), ["a/b", "step"]);
      assertEquals(Object.keys(apart.optimizer), ["step", "m/a/b"]);
      assertStrictEquals(apart.weights["a/b"], weights["a/b"]);
      assertStrictEquals(apart.optimizer.step, optimizer.step);
    });
  },
);

testOnBackends("divide() puts every weight on one side", () => {
  tf.tidy(() => {
    const params = { a: tf.scalar(1), b: tf.scalar(2), c: tf.scalar(3) };
    const { chosen, rest } = divide(params, (name) => name === "b");
    assertEquals([Object.keys(chosen), Object.keys(rest)], [["b"], ["a", "c"]]);
  });
});
