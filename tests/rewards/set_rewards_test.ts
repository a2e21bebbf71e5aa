import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { MemoryBank, scoreBatch, setRewards } from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { goldenBank } from "./golden_bank.ts";
import { take, takeAll } from "./take.ts";

testOnBackends("setRewards() gives NumPy's values of eqs. 5 and 9", () => {
  using bank = goldenBank();
  using features = owned(tf.tensor2d(golden.generated));
  const sets = takeAll(
    setRewards(features.value, golden.labels, bank, {
      coverage: { sigma: golden.sigma, credit: "marginal" },
      expressive: { credit: "leaveOneOut" },
    }),
  );
  assertClose(sets.coverage, golden.coverageValues, 2e-6);
  assertClose(sets.expressive, golden.expressiveValues, 2e-6);
  assertClose(sets.share, [4 / 11, 4 / 11, 3 / 11], 1e-6);
  sets.semantic.forEach((value, y) => {
    const mine = golden.raw.semantic.filter((_, i) => golden.labels[i] === y);
    assertClose(value, mine.reduce((sum, x) => sum + x) / mine.length, 1e-6);
  });
});

testOnBackends(
  "setRewards() averaged over the batch is the mean of the samples' rewards",
  () => {
    using bank = goldenBank();
    using features = owned(tf.tensor2d(golden.generated));
    using sets = owned(setRewards(features.value, golden.labels, bank));
    using scores = owned(scoreBatch(features.value, golden.labels, bank));
    for (const part of ["semantic", "coverage", "expressive"] as const) {
      assertClose(
        take(tf.tidy(() => tf.dot(sets.value[part], sets.value.share))),
        take(tf.tidy(() => tf.mean(scores.value.raw[part]))),
        1e-6,
      );
    }
  },
);

testOnBackends(
  "setRewards() leaves absent identities at 0 and takes a batch of one",
  () => {
    using bank = goldenBank();
    using features = owned(tf.tensor2d(golden.generated.slice(0, 3)));
    const sets = takeAll(setRewards(features.value, [2, 2, 2], bank));
    for (const values of Object.values(sets)) {
      assertClose(values.slice(0, 2), [0, 0], 1e-12);
    }
    assertClose(sets.share[2], 1, 1e-6);
  },
);

testOnBackends("setRewards() has the gradient of central differences", () => {
  using references = owned(
    tf.tensor2d([[1, 0.5], [0, 1], [-1, 0.2], [-1, 1]]),
  );
  using bank = MemoryBank.fromFeatures(references.value, [0, 0, 1, 1], {
    fingerprint: "f",
  });
  const at = [[1, -0.5], [0.3, 0.8], [-1, 0.6], [-0.7, -0.2]];
  for (const layout of [{}, { samplesPerIdentity: 2 }]) {
    assertGradient((x) => {
      const sets = setRewards(x, [1, 1, 0, 0], bank, layout);
      return tf.stack([sets.semantic, sets.coverage, sets.expressive]);
    }, at);
  }
});

testOnBackends("setRewards() takes a bank of one identity", () => {
  using references = owned(tf.tensor2d([[1, 0], [0, 1]]));
  using bank = MemoryBank.fromFeatures(references.value, [0, 0], {
    fingerprint: "f",
  });
  const sets = takeAll(setRewards(references.value, [0, 0], bank));
  // The references themselves: spread 1 against the wished 1.1.
  assertClose(sets.expressive, [-0.01], 1e-5);
  assertClose(sets.share, [1]);
});

testOnBackends("setRewards() refuses lone samples and other widths", () => {
  using bank = goldenBank();
  using features = owned(tf.tensor2d(golden.generated.slice(0, 3)));
  using narrow = owned(tf.ones<tf.Rank.R2>([2, 2]));
  assertThrows(
    () => setRewards(features.value, [2, 2, 1], bank),
    RangeError,
    "must be at least 2: current value is 1",
  );
  assertThrows(() => setRewards(narrow.value, [2, 2], bank), TypeError);
});
