import { assertEquals } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { adam, byRank, sgd } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const optimizer = byRank({
  matrices: sgd({ momentum: 0.5, weightDecay: 0.25 }),
  vectors: sgd({ momentum: 0.5 }),
});

const tensors = () => ({
  "norm.weight": tf.tensor1d([2]),
  "fc.weight": tf.tensor2d([[2]]),
  scale: tf.scalar(2),
});

// Gradient 1, rate 0.1: a vector goes to 2 - 0.1, a matrix to 2 - 0.1 (1 + 0.25 · 2).
testOnBackends(
  "byRank() decays matrices alone, and keeps the order of names",
  () => {
    const traced = jit(optimizer.update);
    for (const update of [optimizer.update, traced]) {
      using params = owned(tensors());
      using gradients = owned(
        Object.fromEntries(
          Object.entries(params.value).map((
            [name, w],
          ) => [name, tf.onesLike(w)]),
        ),
      );
      using state = owned(optimizer.init(params.value));
      using rate = owned(tf.scalar(0.1));
      using next = owned(
        update(params.value, gradients.value, state.value, rate.value),
      );
      const { params: after, state: moments } = next.value;
      const names = Object.keys(params.value);
      if (update !== traced) assertEquals(Object.keys(after), names);
      assertClose(
        names.map((name) => after[name].dataSync()[0]),
        [1.9, 1.85, 1.9],
      );
      assertEquals(
        Object.keys(moments).sort(),
        Object.keys(state.value).sort(),
      );
      assertClose(moments["matrices/u/fc.weight"], [[1.5]]);
      assertClose(moments["vectors/u/norm.weight"], [1]);
    }
    traced.dispose();
  },
);

testOnBackends("byRank() of one rule for both takes that rule's steps", () => {
  tf.tidy(() => {
    const params = tensors();
    const gradients = tensors();
    const [one, both] = [
      adam({ weightDecay: 0.1, decay: "coupled" }),
      byRank({
        matrices: adam({ weightDecay: 0.1, decay: "coupled" }),
        vectors: adam({ weightDecay: 0.1, decay: "coupled" }),
      }),
    ].map((optimizer) =>
      optimizer.update(
        params,
        gradients,
        optimizer.init(params),
        tf.scalar(0.1),
      ).params
    );
    for (const name of Object.keys(params)) assertClose(both[name], one[name]);
  });
});
