import { assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { advantages, groupRelativeAdvantages } from "../../src/policy/mod.ts";
import golden from "../golden/policy.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends(
  "groupRelativeAdvantages() standardise within each group",
  () => {
    tf.tidy(() => {
      // Means 2 and 20, population deviations 1 and √(200 / 3); epsilon 1e-4.
      const rewards = tf.tensor1d([10, 1, 3, 20, 30]);
      const labels = [1, 0, 0, 1, 1];
      const small = 1 / 1.0001;
      const large = 10 / (Math.sqrt(200 / 3) + 1e-4);
      assertClose(
        groupRelativeAdvantages(rewards, labels),
        [-large, -small, small, 0, large],
      );
      assertClose(
        groupRelativeAdvantages(rewards, labels, { clip: 1.1 }),
        [-1.1, -small, small, 0, 1.1],
      );
      assertClose(
        groupRelativeAdvantages(rewards, labels, { scale: "none" }),
        [-10, -1, 1, 0, 10],
      );
    });
  },
);

testOnBackends(
  "groupRelativeAdvantages() may divide by one deviation for all",
  () => {
    tf.tidy(() => {
      const rewards = tf.tensor1d(golden.rewards);
      for (const scale of ["batch", "rewards"] as const) {
        const given = groupRelativeAdvantages(rewards, golden.labels, {
          scale,
          epsilon: 0.5,
        });
        const expected = advantages(rewards, golden.labels, {
          baseline: "identity",
          scale,
          epsilon: 0.5,
        });
        assertClose(given, expected, 0);
      }
      assertThrows(
        () => groupRelativeAdvantages(rewards, golden.labels, { epsilon: 0 }),
        RangeError,
        "'epsilon'",
      );
    });
  },
);
