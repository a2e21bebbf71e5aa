import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { type Reward, scoreBatch, weightedSum } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { goldenBank } from "./golden_bank.ts";
import { take } from "./take.ts";

/** The value of one feature. */
const column = (index: number): Reward => (features) =>
  tf.tidy(() => tf.unstack(features, 1)[index] as tf.Tensor1D);

testOnBackends(
  "weightedSum() standardises, weighs and squashes own rewards",
  () => {
    using features = owned(tf.tensor2d([[1, 8], [3, 4]]));
    const reward = weightedSum([
      { reward: column(0), weight: 1 },
      { reward: column(1), weight: 0.25 },
    ]);
    assertClose(
      take(reward(features.value, [0, 1])),
      [Math.tanh(-0.75), Math.tanh(0.75)],
      1e-5,
    );
  },
);

testOnBackends("weightedSum() leaves out what it is told to", () => {
  using features = owned(tf.tensor2d([[1, 8], [3, 4]]));
  const terms = [
    { reward: column(0), weight: 1 },
    { reward: column(1), weight: 0.25 },
  ];
  const plain = weightedSum(terms, { standardize: false, squash: false });
  assertClose(take(plain(features.value, [0, 1])), [3, 4], 1e-6);
  const own = weightedSum(terms, { baseline: "identity", squash: false });
  // One sample of each identity: nothing to tell apart.
  assertClose(take(own(features.value, [0, 1])), [0, 0], 1e-5);
});

testOnBackends(
  "weightedSum() of the paper's rewards is the paper's total",
  () => {
    using bank = goldenBank();
    using features = owned(tf.tensor2d(golden.generated));
    const coverage = { sigma: golden.sigma };
    const part =
      (name: "semantic" | "coverage" | "expressive"): Reward =>
      (features, labels) =>
        tf.tidy(() =>
          scoreBatch(features, labels, bank, { coverage }).raw[name]
        );
    const reward = weightedSum([
      { reward: part("semantic"), weight: 1 },
      { reward: part("coverage"), weight: 0.75 },
      { reward: part("expressive"), weight: 0.25 },
    ]);
    assertClose(
      take(reward(features.value, golden.labels)),
      golden.total,
      1e-4,
    );
  },
);

testOnBackends(
  "weightedSum() refuses no terms, odd weights and rewards of another shape",
  () => {
    using features = owned(tf.tensor2d([[1, 8], [3, 4]]));
    assertThrows(() => weightedSum([]), RangeError, "number of terms");
    assertThrows(
      () => weightedSum([{ reward: column(0), weight: Infinity }]),
      RangeError,
      "terms[0].weight",
    );
    const scalar: Reward = (features) =>
      tf.mean(features) as unknown as tf.Tensor1D;
    assertThrows(
      () =>
        weightedSum([{ reward: scalar, weight: 1 }])(features.value, [0, 1]),
      TypeError,
      "Cannot combine rewards as 'terms[0].reward(...)' must be of shape [2]: current value is []",
    );
  },
);
