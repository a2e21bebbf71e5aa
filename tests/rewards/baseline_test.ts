import { assert, assertEquals } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { chooseBaseline, runMeans } from "../../src/rewards/baseline.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { take } from "./take.ts";

// Identity 4 has 1 and 5 (mean 3), identity 9 has 2 alone; in the second row 6, 0 and 8.
testOnBackends("chooseBaseline() gives each sample its identity's mean", () => {
  using rewards = owned(tf.tensor2d([[1, 2, 5], [6, 8, 0]]));
  const means = tf.tidy(() =>
    chooseBaseline(3, { baseline: "identity", labels: [4, 9, 4] })!(
      rewards.value,
    )
  );
  assertClose(take(means), [3, 2, 3, 3, 8, 3], 1e-6);
  assertEquals(chooseBaseline(3, {}), undefined);
});

testOnBackends(
  "runMeans() is the identity's mean where samples come in runs",
  () => {
    using rewards = owned(
      tf.tensor2d([[1, 2, 6, 7, 8, 9], [0, 0, 3, -1, 0, 1]]),
    );
    const expected = tf.tidy(() =>
      chooseBaseline(6, { baseline: "identity", labels: [2, 2, 2, 0, 0, 0] })!(
        rewards.value,
      )
    );
    const means = take(runMeans(3)(rewards.value));
    assertClose(means, take(expected), 1e-6);
    assert(means[0] === 3 && means[5] === 8);
  },
);
