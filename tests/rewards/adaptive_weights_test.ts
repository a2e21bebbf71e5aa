import { assert, assertThrows } from "@std/assert";
import fc from "fast-check";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import {
  adaptiveWeights,
  type AdaptiveWeightsOptions,
  type RewardDirections,
} from "../../src/rewards/mod.ts";
import golden from "../golden/reward_weights.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { takeAll } from "./take.ts";

function weigh(
  [semantic, coverage, expressive]: readonly number[][],
  options?: AdaptiveWeightsOptions,
): number[] {
  using parts = owned<RewardDirections>({
    semantic: tf.tensor1d(semantic),
    coverage: tf.tensor1d(coverage),
    expressive: tf.tensor1d(expressive),
  });
  return Object.values(takeAll(adaptiveWeights(parts.value, options))).flat();
}

const dot = (a: number[], b: number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);

const size = (a: number[]): number => Math.sqrt(dot(a, a) / a.length);

// Three directions at right angles to each other, all of root mean square 1.
const first = [1, 1, -1, -1];
const second = [1, -1, 1, -1];
const third = [1, -1, -1, 1];
const none = [0, 0, 0, 0];

testOnBackends(
  "adaptiveWeights() of rewards without relation are the same, their sum 2",
  () => {
    assertClose(weigh([first, second, third]), [2 / 3, 2 / 3, 2 / 3], 1e-6);
  },
);

// The nearest point lies in the middle between the third and the two that agree, who share their half.
testOnBackends(
  "adaptiveWeights() lets rewards that agree share what one alone gets",
  () => {
    assertClose(weigh([first, first, second]), [0.5, 0.5, 1], 2e-4);
    assertClose(weigh([first, first, first]), [2 / 3, 2 / 3, 2 / 3], 1e-6);
  },
);

// In the plane of two directions at right angles: east, and 45° on either side of it. The triangle has a right angle at
// east, and its longest side is that between the other two.
testOnBackends(
  "adaptiveWeights() drops a reward that the other two make up",
  () => {
    const middle = first.map((x, i) => (x + second[i]) * Math.SQRT1_2);
    assertClose(weigh([middle, first, second]), [0, 1, 1], 2e-4);
  },
);

// Opposed rewards meet at 0 whatever the third says: nothing can be had for one that the other does not lose.
testOnBackends("adaptiveWeights() stops between opposed rewards", () => {
  const opposite = first.map((x) => -x);
  assertClose(weigh([first, opposite, second]), [1, 1, 0], 2e-4);
});

testOnBackends("adaptiveWeights() gives a constant part 0", () => {
  assertClose(weigh([first, none, second]), [1, 0, 1], 1e-6);
  assertClose(weigh([none, none, second]), [0, 0, 2], 1e-6);
  assertClose(weigh([none, none, none]), [0, 0, 0], 0);
  // What rounding leaves of a constant after eq. 10.
  const rounding = third.map((x) => 0.05 * x);
  assertClose(weigh([first, rounding, second]), [1, 0, 1], 1e-6);
  assert(weigh([first, rounding, second], { smallest: 0.01 })[1] > 1);
});

// Shares 1/3 each of directions of length one: weights go with 1/4, 1 and 2.
testOnBackends("adaptiveWeights() weighs a larger part less", () => {
  const parts = [first.map((x) => 4 * x), second, third.map((x) => x / 2)];
  assertClose(weigh(parts), [2 / 13, 8 / 13, 16 / 13], 1e-6);
});

testOnBackends("adaptiveWeights() gives what SciPy's solver gives", () => {
  for (const { parts, weights } of golden.cases) {
    assertClose(weigh(parts), weights, 2e-3);
  }
});

testOnBackends(
  "adaptiveWeights() opposes no reward and follows any order",
  () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const part = fc.array(value, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.tuple(part, part, part), (parts) => {
        fc.pre(parts.every((values) => size(values) > 0.2));
        const weights = weigh(parts);
        const sum = parts[0].map((_, j) =>
          dot(weights, parts.map((values) => values[j]))
        );
        assert(weights.every((weight) => weight >= 0));
        assertClose(dot(weights, [1, 1, 1]), 2, 1e-5);
        for (const values of parts) {
          // 1e-4: what each direction has for its own, so that parallel ones have one best combination.
          const largest = Math.max(
            ...weights.map((weight, i) => weight * size(parts[i])),
          );
          assert(dot(sum, values) / 4 > -1.2e-4 * largest * size(values));
        }
        const [a, b, c] = weigh([parts[2], parts[0], parts[1]]);
        assertClose([b, c, a], weights, 1e-3);
      }),
      { numRuns: 100, seed: 4 },
    );
  },
);

testOnBackends(
  "adaptiveWeights() takes gradients of any shape, small ones too",
  () => {
    using parts = owned<RewardDirections>({
      semantic: tf.tensor2d([[1e-6, 1e-6], [-1e-6, -1e-6]]),
      coverage: tf.tensor2d([[2e-6, -2e-6], [2e-6, -2e-6]]),
      expressive: tf.zeros([2, 2]),
    });
    const options = { smallest: 1e-12 };
    const weights = Object.values(
      takeAll(adaptiveWeights(parts.value, options)),
    );
    assertClose(weights.flat(), [4 / 3, 2 / 3, 0], 1e-5);
  },
);

testOnBackends("adaptiveWeights() runs inside jit, by the batch given", () => {
  const compiled = jit((a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
    adaptiveWeights({ semantic: a, coverage: b, expressive: c })
  );
  using a = owned(tf.tensor1d(first));
  using b = owned(tf.tensor1d(second));
  using c = owned(tf.tensor1d(none));
  const sees = (...args: [tf.Tensor, tf.Tensor, tf.Tensor]) => {
    const weights = takeAll(compiled(...args));
    return [weights.semantic, weights.coverage, weights.expressive].flat();
  };
  assertClose(sees(a.value, b.value, b.value), [1, 0.5, 0.5], 2e-4);
  assertClose(sees(a.value, b.value, c.value), [1, 1, 0], 1e-6);
  compiled.dispose();
});

testOnBackends("adaptiveWeights() are constants to a gradient", () => {
  using others = owned({ b: tf.tensor1d(second), c: tf.tensor1d(third) });
  const { b, c } = others.value;
  const slope = tf.grad((x) => {
    const parts = { semantic: x, coverage: b, expressive: c };
    return tf.sum(tf.mul(x, adaptiveWeights(parts).semantic));
  });
  using x = owned(tf.tensor1d(first));
  using slopes = owned(slope(x.value));
  assertClose(slopes.value, [2 / 3, 2 / 3, 2 / 3, 2 / 3], 1e-5);
});

testOnBackends("adaptiveWeights() refuses parts of different shapes", () => {
  assertThrows(
    () => weigh([first, [1, 2], third]),
    TypeError,
    "Cannot balance rewards as 'coverage' must be of shape [4]: current value is [2]",
  );
  assertThrows(
    () => weigh([first, second, third], { smallest: 0 }),
    RangeError,
    "smallest",
  );
});
