import { assert, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  type RewardParts,
  totalReward,
  type TotalRewardOptions,
} from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { take } from "./take.ts";

function total(
  parts: { semantic: number[]; coverage: number[]; expressive: number[] },
  options?: TotalRewardOptions,
): number[] {
  using tensors = owned<RewardParts>({
    semantic: tf.tensor1d(parts.semantic),
    coverage: tf.tensor1d(parts.coverage),
    expressive: tf.tensor1d(parts.expressive),
  });
  return take(totalReward(tensors.value, options));
}

const { tanh } = Math;

// Two samples standardise to -1 and 1, whatever the scale.
const parts = {
  semantic: [0.2, 0.6],
  coverage: [0.5, -0.5],
  expressive: [-3, -1],
};

testOnBackends(
  "totalReward() weighs with 1, 0.75 and 0.25 and squashes (eq. 11)",
  () => {
    assertClose(total(parts), [tanh(-0.5), tanh(0.5)], 1e-5);
  },
);

testOnBackends("totalReward() takes other weights", () => {
  const weights = { semantic: 0, coverage: -2, expressive: 1 };
  assertClose(total(parts, { weights }), [tanh(-3), tanh(3)], 1e-5);
});

testOnBackends("totalReward() gives a constant part no say", () => {
  assertClose(
    total({ ...parts, expressive: [-0.3, -0.3] }),
    [tanh(-0.25), tanh(0.25)],
    1e-5,
  );
});

testOnBackends("totalReward() gives NumPy's values for both baselines", () => {
  assertClose(total(golden.raw), golden.total, 1e-5);
  const { semantic, coverage, expressiveLeaveOneOut } = golden.raw;
  assertClose(
    total({ semantic, coverage, expressive: expressiveLeaveOneOut }, {
      baseline: "identity",
      labels: golden.labels,
    }),
    golden.totalByIdentity,
    1e-5,
  );
});

// Identity 1 is easy (0.9) and 0 hard (0.2); within each one sample is 0.1 better. The batch baseline rewards belonging
// to identity 1; the identity's own leaves -0.05 and 0.05, standardised to -1 and 1.
testOnBackends(
  "totalReward() against the identity's own mean rewards samples, not identities",
  () => {
    const semantic = [0.2, 0.9, 0.3, 1];
    const parts = {
      semantic,
      coverage: [1, 2, 1, 2],
      expressive: [-1, -2, -1, -2],
    };
    const [hard, , better, easy] = total(parts);
    assert(easy > better && better > hard && easy > 0 && better < 0);
    assertClose(
      total(parts, { baseline: "identity", labels: [0, 1, 0, 1] }),
      [tanh(-1), tanh(-1), tanh(1), tanh(1)],
      1e-4,
    );
  },
);

// Semantic and expressive agree, coverage opposes both: the middle between the two camps is 0, whatever its share.
testOnBackends("totalReward() balances its weights itself when told to", () => {
  assertClose(total(parts, { weights: "adaptive" }), [0, 0], 2e-4);
  // With a constant part: the other two weigh 1 each. Standardised: -1, 0, 1 times the root of 3/2, and its halves.
  const [high, low] = [Math.sqrt(1.5), Math.sqrt(0.5)];
  assertClose(
    total({
      semantic: [1, 2, 3],
      coverage: [0.3, 0.3, 0.3],
      expressive: [-1, -2, -1],
    }, { weights: "adaptive" }),
    [tanh(-high + low), tanh(-2 * low), tanh(high + low)],
    1e-4,
  );
});

testOnBackends("totalReward() balances against the identity's baseline", () => {
  const semantic = [0.2, 0.9, 0.3, 1];
  assertClose(
    total({ semantic, coverage: semantic, expressive: semantic }, {
      weights: "adaptive",
      baseline: "identity",
      labels: [0, 1, 0, 1],
    }),
    [tanh(-2), tanh(-2), tanh(2), tanh(2)],
    1e-4,
  );
});

testOnBackends("totalReward() has the gradient of central differences", () => {
  const at = [[0.5, -1, 2, 0.1], [1, 0, 2, 4], [-3, -2, -1, 0.5]];
  for (const baseline of ["batch", "identity"] as const) {
    assertGradient((x) => {
      const [semantic, coverage, expressive] = tf.unstack(x) as tf.Tensor1D[];
      return totalReward({ semantic, coverage, expressive }, {
        baseline,
        labels: [0, 1, 1, 0],
      });
    }, at);
  }
});

testOnBackends(
  "totalReward() refuses parts of different lengths, lone samples and missing labels",
  () => {
    assertThrows(
      () => total({ ...parts, coverage: [1] }),
      TypeError,
      "coverage",
    );
    assertThrows(
      () => total({ semantic: [1], coverage: [1], expressive: [1] }),
      RangeError,
      "at least 2: current value is 1",
    );
    assertThrows(
      () => total(parts, { baseline: "identity" }),
      TypeError,
      "Cannot standardize rewards as 'labels' must be given with the baseline \"identity\": current value is undefined",
    );
    assertThrows(
      () => total(parts, { baseline: "identity", labels: [0] }),
      TypeError,
      "labels",
    );
    assertThrows(
      () => total(parts, { baseline: "mine" as "batch" }),
      RangeError,
      "baseline",
    );
    assertThrows(
      () =>
        total(parts, {
          weights: { semantic: NaN, coverage: 1, expressive: 1 },
        }),
      RangeError,
      "weights.semantic",
    );
    assertThrows(
      () => total(parts, { weights: "even" as "adaptive" }),
      RangeError,
      `'weights' must be one of "adaptive": current value is "even"`,
    );
    assertThrows(
      () => total({ ...parts, coverage: [NaN, 1] }),
      RangeError,
      "Cannot standardize rewards as 'coverage[0]' must be a finite number: current value is NaN",
    );
  },
);
