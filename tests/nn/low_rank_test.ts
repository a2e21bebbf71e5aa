import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { jit, linear, owned, tf } from "../../src/engine/mod.ts";
import {
  lowRankAdapters,
  mergeLowRank,
  withLowRank,
} from "../../src/nn/mod.ts";
import { valueAndGradients } from "../../src/optim/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

const random = randomStream(1);

/** A kernel of 3 x 2, a second one, and what no adapter is for. */
function network() {
  return {
    "a.weight": tf.tensor2d([[1, 2], [3, 4], [5, 6]]),
    "a.bias": tf.tensor1d([7, 8]),
    "b.weight": tf.ones([2, 4]),
    "conv.weight": tf.ones([3, 3, 2, 2]),
  };
}

testOnBackends("lowRankAdapters() makes two matrices for each kernel", () => {
  using params = owned(network());
  using adapters = owned(
    lowRankAdapters(params.value, { pattern: /./, rank: 2, random }),
  );
  assertEquals(
    Object.entries(adapters.value).map(([name, { shape }]) => [name, shape]),
    [
      ["a.weight.down", [3, 2]],
      ["a.weight.up", [2, 2]],
      ["b.weight.down", [2, 2]],
      ["b.weight.up", [2, 4]],
    ],
  );
});

testOnBackends("lowRankAdapters() adapts matching names only", () => {
  using params = owned(network());
  using adapters = owned(
    lowRankAdapters(params.value, { pattern: /^b\./, rank: 1, random }),
  );
  assertEquals(Object.keys(adapters.value), ["b.weight.down", "b.weight.up"]);
});

testOnBackends("lowRankAdapters() draws with a variance of 1 / in", () => {
  using params = owned({ w: tf.zeros([400, 50]) });
  using adapters = owned(
    lowRankAdapters(params.value, { pattern: /w/, rank: 20, random }),
  );
  // 8000 draws of variance 1/400; the relative error of their variance is sqrt(2 / 8000) = 0.016.
  const variance = tf.tidy(() =>
    tf.mean(tf.square(adapters.value["w.down"])).dataSync()[0]
  );
  assertClose(variance * 400, 1, 0.08);
});

testOnBackends("withLowRank() begins as the network it adapts", () => {
  using params = owned(network());
  using adapters = owned(
    lowRankAdapters(params.value, { pattern: /./, rank: 2, random }),
  );
  tf.tidy(() => {
    const adapted = withLowRank(params.value, adapters.value);
    assertEquals(Object.keys(adapted), Object.keys(params.value));
    assertClose(adapted["a.weight"], [[1, 2], [3, 4], [5, 6]], 0);
    for (const name of ["a.bias", "conv.weight"] as const) {
      assert(adapted[name] === params.value[name]);
    }
  });
});

// [1 2 3]ᵀ [10 20] = [[10, 20], [20, 40], [30, 60]], half of it is added.
testOnBackends("withLowRank() adds scale · down · up", () => {
  using params = owned(network());
  using adapters = owned({
    "a.weight.down": tf.tensor2d([[1], [2], [3]]),
    "a.weight.up": tf.tensor2d([[10, 20]]),
  });
  tf.tidy(() => {
    const adapted = withLowRank(params.value, adapters.value, { scale: 0.5 });
    assertClose(adapted["a.weight"], [[6, 12], [13, 24], [20, 36]], 1e-6);
    assert(adapted["b.weight"] === params.value["b.weight"]);
  });
  assertClose(params.value["a.weight"], [[1, 2], [3, 4], [5, 6]], 0); // borrowed
});

// L = Σ x (W + 2 d u) for a row x: dL/dd = 2 x_i Σ u, dL/du = 2 Σ_i x_i d_i.
testOnBackends("withLowRank() passes gradients to the adapters", () => {
  using params = owned(network());
  using x = owned(tf.tensor2d([[1, 2, 3]]));
  using adapters = owned({
    "a.weight.down": tf.tensor2d([[1], [0], [-1]]),
    "a.weight.up": tf.tensor2d([[4, 5]]),
  });
  const step = () =>
    valueAndGradients((adapters) => {
      const all = withLowRank(params.value, adapters, { scale: 2 });
      return tf.sum(linear(x.value, all["a.weight"] as tf.Tensor2D));
    }, adapters.value);
  using result = owned(step());
  const { value, gradients } = result.value;
  assertEquals(Object.keys(gradients).length, 2);
  // 1 + 6 + 15 + 2 + 8 + 18 = 50, and 2 (x d) Σ u = 2 (1 - 3) 9 = -36.
  assertClose(value, 14, 1e-5);
  assertClose(gradients["a.weight.down"], [[18], [36], [54]], 1e-5);
  assertClose(gradients["a.weight.up"], [[-4, -4]], 1e-5);
});

testOnBackends("withLowRank() is the same inside jit", () => {
  using params = owned(network());
  using adapters = owned({
    "b.weight.down": tf.tensor2d([[1], [2]]),
    "b.weight.up": tf.tensor2d([[1, 0, 0, 3]]),
  });
  const adapt = jit((params, adapters) => withLowRank(params, adapters));
  using adapted = owned(adapt(params.value, adapters.value));
  assertClose(adapted.value["b.weight"], [[2, 1, 1, 4], [3, 1, 1, 7]]);
  assertClose(adapted.value["a.bias"], [7, 8]);
  adapt.dispose();
}, { backends: ["tensorflow"] });

testOnBackends("mergeLowRank() returns weights that stand alone", () => {
  const params = network();
  const adapters = {
    "a.weight.down": tf.tensor2d([[1], [2], [3]]),
    "a.weight.up": tf.tensor2d([[10, 20]]),
  };
  using merged = owned(mergeLowRank(params, adapters));
  tf.dispose([params, adapters]);
  assertClose(merged.value["a.weight"], [[11, 22], [23, 44], [35, 66]], 1e-5);
  assertClose(merged.value["a.bias"], [7, 8]);
});

testOnBackends("lowRankAdapters() refuses what it cannot adapt", () => {
  using params = owned(network());
  const make = (pattern: RegExp, rank: number) => () =>
    lowRankAdapters(params.value, { pattern, rank, random });
  assertThrows(make(/c\.weight/, 1), RangeError, "at least one name");
  assertThrows(make(/bias/, 1), RangeError, "at least one matrix");
  assertThrows(make(/^a/, 0), RangeError, "'rank'");
  assertThrows(make(/^a/, 3), RangeError, "at least 1 and at most 2");
});

testOnBackends("withLowRank() refuses adapters of another network", () => {
  using params = owned(network());
  using down = owned(tf.ones([3, 1]));
  using up = owned(tf.ones([1, 2]));
  const apply = (adapters: Record<string, tf.Tensor>, scale?: number) => () =>
    withLowRank(params.value, adapters, { scale });
  assertThrows(
    apply({ "c.down": down.value, "c.up": up.value }),
    RangeError,
    "current value is one for 'c'",
  );
  assertThrows(
    apply({ "a.weight.down": down.value }),
    RangeError,
    "current value is one for 'a.weight'",
  );
  assertThrows(
    apply({ "b.weight.down": down.value, "b.weight.up": up.value }),
    TypeError,
    "'b.weight.down' must be of shape [2, any]: current value is [3, 1]",
  );
  assertThrows(
    apply({ "a.weight.down": down.value, "a.weight.up": up.value }, NaN),
    RangeError,
    "'scale' must be a finite number",
  );
});
