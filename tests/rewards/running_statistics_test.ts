import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  emptyRunningStatistics,
  type RewardParts,
  type RunningStatistics,
  standardizeByStatistics,
  standardizeRewards,
  totalReward,
  updateRunningStatistics,
} from "../../src/rewards/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { take, takeAll } from "./take.ts";

/** Three different rewards from one list: as it is, doubled, and shifted. */
function parts(values: number[]): RewardParts {
  return {
    semantic: tf.tensor1d(values),
    coverage: tf.tensor1d(values.map((x) => 2 * x)),
    expressive: tf.tensor1d(values.map((x) => x - 5)),
  };
}

function statistics(
  batches: { values: number[]; labels: number[] }[],
  decay: number,
  identities = 2,
): RunningStatistics {
  let state = emptyRunningStatistics(identities);
  for (const { values, labels } of batches) {
    using old = owned(state);
    using batch = owned(parts(values));
    state = updateRunningStatistics(old.value, batch.value, labels, { decay });
  }
  return state;
}

// Identity 0: 1, 3 then 8; identity 1: 5 and 7, in the first batch only. All of 0: mean 4, variance (9 + 1 + 16) / 3.
const batches = [
  { values: [1, 5, 3, 7], labels: [0, 1, 0, 1] },
  { values: [8], labels: [0] },
];

testOnBackends(
  "updateRunningStatistics() without decay is the statistics of all samples",
  () => {
    using state = owned(statistics(batches, 1));
    assertClose(state.value.weight, [3, 2], 1e-6);
    assertClose(state.value.mean, [[4, 8, -1], [6, 12, 1]], 1e-5);
    assertClose(
      state.value.variance,
      [[26 / 3, 104 / 3, 26 / 3], [1, 4, 1]],
      1e-5,
    );
  },
);

// With decay 0.5 the first two samples of identity 0 (mean 2, variance 1) count as one beside the 8: weight 2, mean 5,
// variance (1 + 9 + 9) / 2. Identity 1 is absent and fades not.
testOnBackends(
  "updateRunningStatistics() lets the past of present identities fade",
  () => {
    using state = owned(statistics(batches, 0.5));
    assertClose(state.value.weight, [2, 2], 1e-6);
    assertClose(state.value.mean, [[5, 10, 0], [6, 12, 1]], 1e-5);
    assertClose(
      state.value.variance,
      [[9.5, 38, 9.5], [1, 4, 1]],
      1e-5,
    );
  },
);

testOnBackends(
  "updateRunningStatistics() with decay 0 keeps the last batch only",
  () => {
    using state = owned(statistics(batches, 0));
    assertClose(state.value.weight, [1, 2], 1e-6);
    assertClose(state.value.mean, [[8, 16, 3], [6, 12, 1]], 1e-5);
    assertClose(state.value.variance, [[0, 0, 0], [1, 4, 1]], 1e-5);
  },
);

testOnBackends(
  "updateRunningStatistics() keeps small variances beside large means",
  () => {
    const values = [1000.25, 1000.5, 1000.75];
    const rounds = new Array(5).fill({ values, labels: [0, 0, 0] });
    using state = owned(statistics(rounds, 1, 1));
    const variance = 2 * 0.25 ** 2 / 3;
    assertClose(
      state.value.variance,
      [[variance, 4 * variance, variance]],
      1e-4,
    );
  },
);

testOnBackends(
  "standardizeByStatistics() of one batch is eq. 10 of that batch",
  () => {
    const values = [1, 5, 3, 7.5];
    using state = owned(statistics([{ values, labels: [0, 1, 1, 0] }], 1));
    using raw = owned(parts(values));
    using expected = owned(standardizeRewards(raw.value.semantic));
    const result = takeAll(
      standardizeByStatistics(state.value, raw.value, [0, 1, 1, 0]),
    );
    for (const part of ["semantic", "coverage", "expressive"] as const) {
      assertClose(result[part], expected.value, 1e-5);
    }
  },
);

testOnBackends(
  "standardizeByStatistics() against the identity is that baseline of one batch",
  () => {
    const values = [1, 5, 3, 7.5];
    const labels = [0, 1, 1, 0];
    using state = owned(statistics([{ values, labels }], 1));
    using raw = owned(parts(values));
    const { semantic } = takeAll(
      standardizeByStatistics(state.value, raw.value, labels, {
        baseline: "identity",
      }),
    );
    const weights = { semantic: 1, coverage: 0, expressive: 0 };
    assertClose(
      semantic.map(Math.tanh),
      take(
        totalReward(raw.value, { baseline: "identity", labels, weights }),
      ),
      1e-5,
    );
  },
);

// Mean of all 24 / 5 = 4.8. Variance: squares 1 + 9 + 64 + 25 + 49 = 148, 148 / 5 - 4.8² = 6.56.
testOnBackends(
  "standardizeByStatistics() pools identities by what they stand for",
  () => {
    using state = owned(statistics(batches, 1));
    using raw = owned(parts([8]));
    const { semantic } = takeAll(
      standardizeByStatistics(state.value, raw.value, [0]),
    );
    assertClose(semantic, [3.2 / Math.sqrt(6.56)], 1e-5);
  },
);

testOnBackends(
  "running statistics refuse lengths and options that do not fit",
  () => {
    assertThrows(() => emptyRunningStatistics(0), RangeError, "identities");
    using state = owned(emptyRunningStatistics(2));
    using raw = owned(parts([1, 2]));
    assertThrows(
      () =>
        updateRunningStatistics(state.value, raw.value, [0, 1], { decay: 1.1 }),
      RangeError,
      "decay",
    );
    assertThrows(
      () => updateRunningStatistics(state.value, raw.value, [0]),
      TypeError,
      "labels",
    );
    assertThrows(
      () =>
        standardizeByStatistics(state.value, raw.value, [0, 1], {
          baseline: "mine" as "batch",
        }),
      RangeError,
      "baseline",
    );
  },
);
