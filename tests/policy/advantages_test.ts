import { assertEquals, assertThrows } from "@std/assert";
import { jit, tf } from "../../src/engine/mod.ts";
import { advantages, type AdvantagesOptions } from "../../src/policy/mod.ts";
import golden from "../golden/policy.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

for (const { values, ...options } of golden.advantages) {
  const { baseline, scale, clip } = options;
  testOnBackends(
    `advantages() are NumPy's: baseline ${baseline}, scale ${scale}, clip ${clip}`,
    () => {
      tf.tidy(() => {
        const rewards = tf.tensor1d(golden.rewards);
        const given = advantages(
          rewards,
          golden.labels,
          options as AdvantagesOptions,
        );
        assertClose(given, values, 1e-5);
      });
    },
  );
}

testOnBackends("advantages() by hand", () => {
  tf.tidy(() => {
    const rewards = tf.tensor1d([1, 3, 10, 16]);
    const labels = [0, 0, 1, 1];
    const of = (options: AdvantagesOptions) =>
      advantages(rewards, labels, { scale: "none", ...options });
    assertClose(of({}), [-1, 1, -3, 3]);
    assertClose(of({ baseline: "batch" }), [-6.5, -4.5, 2.5, 8.5]);
    assertClose(of({ baseline: "leaveOneOut" }), [-2, 2, -6, 6]);
    assertClose(of({ clip: 2 }), [-1, 1, -2, 2]);
    // √((1 + 1 + 9 + 9) / 4) = √5
    const root = Math.sqrt(5);
    assertClose(
      of({ scale: "batch" }),
      [-1, 1, -3, 3].map((x) => x / root),
    );
    // By default, too.
    assertClose(advantages(rewards, labels), of({ scale: "batch" }), 0);
  });
});

testOnBackends(
  "a sample alone has the advantage 0, and so has a constant",
  () => {
    tf.tidy(() => {
      for (const baseline of ["identity", "leaveOneOut"] as const) {
        const alone = advantages(tf.tensor1d([0.84, 2, 4]), [5, 6, 6], {
          baseline,
          scale: "identity",
        });
        assertClose(alone, [0, -1, 1], 1e-5);
      }
      for (const baseline of ["batch", "identity", "leaveOneOut"] as const) {
        for (const scale of ["batch", "identity", "rewards"] as const) {
          const same = tf.fill([7], 0.84) as tf.Tensor1D;
          const labels = [0, 0, 0, 1, 1, 1, 1];
          assertClose(
            advantages(same, labels, { baseline, scale }),
            Array(7).fill(0),
            0,
          );
        }
      }
    });
  },
);

testOnBackends("advantages() take labels inside jit, and are constants", () => {
  tf.tidy(() => {
    const rewards = tf.tensor1d(golden.rewards);
    const labels = tf.tensor1d(golden.labels, "int32");
    const jitted = jit((rewards: tf.Tensor1D, labels: tf.Tensor1D) =>
      advantages(rewards, labels)
    );
    assertClose(
      jitted(rewards, labels),
      advantages(rewards, golden.labels),
      1e-6,
    );
    jitted.dispose();
    const slope = tf.grad((rewards: tf.Tensor) =>
      tf.sum(tf.mul(rewards, advantages(rewards as tf.Tensor1D, labels)))
    );
    assertClose(slope(rewards), advantages(rewards, labels), 1e-6);
  });
});

testOnBackends("advantages() do not depend on the order of samples", () => {
  tf.tidy(() => {
    const { rewards, labels } = golden;
    const order = [3, 10, 0, 7, 5, 1, 9, 2, 8, 4, 6];
    const given = advantages(tf.tensor1d(rewards), labels).dataSync();
    const shuffled = advantages(
      tf.tensor1d(order.map((i) => rewards[i])),
      order.map((i) => labels[i]),
    );
    assertClose(shuffled, order.map((i) => given[i]), 1e-5);
  });
});

testOnBackends("advantages() refuse what does not go together", () => {
  tf.tidy(() => {
    const rewards = tf.tensor1d([1, 2]);
    assertThrows(
      () => advantages(rewards, [0]),
      TypeError,
      "Cannot take advantages as 'labels' must be of length 2",
    );
    assertThrows(
      () => advantages(rewards, tf.tensor1d([0], "int32")),
      TypeError,
      "'labels' must be of shape [2]",
    );
    assertThrows(
      () => advantages(tf.ones([2, 1]) as unknown as tf.Tensor1D, [0, 0]),
      TypeError,
      "'rewards'",
    );
    const wrong: [AdvantagesOptions, string][] = [
      [{ clip: 0 }, "'clip'"],
      [{ epsilon: 0 }, "'epsilon'"],
      [{ baseline: "best" as "batch" }, "'baseline'"],
      [{ scale: "best" as "batch" }, "'scale'"],
    ];
    for (const [options, name] of wrong) {
      assertThrows(
        () => advantages(rewards, [0, 0], options),
        RangeError,
        name,
      );
    }
    assertEquals(wrong.length, 4);
  });
});
