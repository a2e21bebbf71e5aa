import { assertEquals, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "owned() disposes all tensors of a container at the end of the block",
  () => {
    const all: tf.Tensor[] = [];
    const make = () => {
      const x = tf.tensor([1]);
      all.push(x);
      return x;
    };
    {
      using weights = owned({ w: make(), list: [make(), make()], rate: 0.1 });
      assertEquals(weights.value.w.dataSync()[0], 1);
    }
    assertEquals(all.map((x) => x.isDisposed), [true, true, true]);
  },
);

testOnBackends(
  "owned() disposes across an await and after an error",
  async () => {
    const x = tf.tensor([1, 2]);
    const use = async () => {
      using held = owned(x);
      const sum = tf.sum(held.value);
      try {
        await sum.data();
      } finally {
        sum.dispose();
      }
      throw new Error("in between");
    };
    let message = "";
    await use().catch((error) => message = error.message);
    assertEquals([message, x.isDisposed], ["in between", true]);
    assertThrows(() => tf.neg(x), Error);
  },
);
