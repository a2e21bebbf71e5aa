import { assertEquals, assertThrows } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import { adam, parameterGroups, sgd } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const plain = sgd();

function tensors(value: number) {
  return {
    "head.weight": tf.tensor1d([value, value]),
    "fc.weight": tf.tensor1d([value]),
    "fc.bias": tf.tensor1d([value]),
  };
}

// Plain descent: w - factor · rate · g.
testOnBackends("parameterGroups() multiplies the rate of each group", () => {
  const optimizer = parameterGroups([
    { pattern: /^head/, optimizer: plain, rateFactor: 10 },
    { pattern: /bias$/, optimizer: plain, rateFactor: 0 },
    { pattern: /./, optimizer: plain },
  ]);
  using params = owned(tensors(1));
  using gradients = owned(tensors(2));
  using state = owned(optimizer.init(params.value));
  using rate = owned(tf.scalar(0.01));
  for (const update of [optimizer.update, jit(optimizer.update)]) {
    using next = owned(
      update(params.value, gradients.value, state.value, rate.value),
    );
    const { params: updated } = next.value;
    assertEquals(
      Object.keys(updated).sort(),
      Object.keys(params.value).sort(),
    );
    assertClose(updated["head.weight"], [0.8, 0.8]);
    assertClose(updated["fc.weight"], [0.98]);
    assertClose(updated["fc.bias"], [1]);
    if ("dispose" in update) (update.dispose as () => void)();
  }
});

// AdamW: with a gradient of 0 only the decay acts, w (1 - rate · decay).
testOnBackends("parameterGroups() keeps each group's own decay", () => {
  const optimizer = parameterGroups([
    { pattern: /bias$/, optimizer: adam() },
    { pattern: /./, optimizer: adam({ weightDecay: 0.5 }), rateFactor: 2 },
  ]);
  using params = owned(tensors(1));
  using gradients = owned(tensors(0));
  using state = owned(optimizer.init(params.value));
  using rate = owned(tf.scalar(0.1));
  using next = owned(
    optimizer.update(params.value, gradients.value, state.value, rate.value),
  );
  assertClose(next.value.params["fc.weight"], [0.9]);
  assertClose(next.value.params["fc.bias"], [1]);
  assertEquals(
    Object.keys(next.value.state).sort(),
    Object.keys(state.value).sort(),
  );
});

testOnBackends("parameterGroups() of one group is its optimiser", () => {
  const inner = adam({ beta1: 0.5, weightDecay: 0.1 });
  const grouped = parameterGroups([{ pattern: /./, optimizer: inner }]);
  tf.tidy(() => {
    const [params, gradients] = [tensors(1), tensors(3)];
    const rate = tf.scalar(0.1);
    let [a, b] = [inner, grouped].map((optimizer) => ({
      params: params as tf.NamedTensorMap,
      state: optimizer.init(params),
    }));
    for (let i = 0; i < 3; i++) {
      a = inner.update(a.params, gradients, a.state, rate);
      b = grouped.update(b.params, gradients, b.state, rate);
    }
    for (const name of Object.keys(params)) {
      assertClose(b.params[name], a.params[name], 0);
      assertClose(b.state[`0/v/${name}`], a.state[`v/${name}`], 0);
    }
  });
});

testOnBackends("parameterGroups() refuses patterns that miss", () => {
  using params = owned(tensors(1));
  const init = (...patterns: RegExp[]) => () =>
    parameterGroups(
      patterns.map((pattern) => ({ pattern, optimizer: plain })),
    ).init(params.value);
  assertThrows(
    init(/weight$/),
    RangeError,
    "'groups' must match every weight: current value is none for 'fc.bias'",
  );
  assertThrows(
    init(/^haed/, /./),
    RangeError,
    "'groups' must have weights each: current value is none for /^haed/",
  );
  assertThrows(
    () => parameterGroups([{ pattern: /./, optimizer: plain, rateFactor: -1 }]),
    RangeError,
    "'groups[0].rateFactor' must be a finite number at least 0",
  );
});
