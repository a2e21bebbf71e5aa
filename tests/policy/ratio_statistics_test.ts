import { assertThrows } from "@std/assert";
import { tf } from "../../src/engine/mod.ts";
import { ratioStatistics } from "../../src/policy/mod.ts";
import golden from "../golden/policy.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("ratioStatistics() are NumPy's", () => {
  for (const { clip, ...expected } of golden.statistics) {
    tf.tidy(() => {
      const { old, logRatio } = golden;
      const given = ratioStatistics({
        logDensity: tf.tensor1d(old.map((log, i) => log + logRatio[i])),
        oldLogDensity: tf.tensor1d(old),
      }, { clip });
      for (const [name, value] of Object.entries(expected)) {
        assertClose(given[name as keyof typeof given], value, 1e-6);
      }
    });
  }
});

testOnBackends("a batch of the weights' own counts in full", () => {
  tf.tidy(() => {
    const logDensity = tf.tensor1d([-3, 80, 0]);
    const given = ratioStatistics({ logDensity, oldLogDensity: logDensity });
    assertClose(given.ratio, 1, 0);
    assertClose(given.clipFraction, 0, 0);
    assertClose(given.effectiveSampleSize, 1, 1e-6);
    assertClose(given.approximateKl, 0, 0);
  });
});

testOnBackends("one sample that outweighs all others is a batch of one", () => {
  tf.tidy(() => {
    const { effectiveSampleSize } = ratioStatistics({
      logDensity: tf.tensor1d([300, 0, 0, 0]),
      oldLogDensity: tf.zeros([4]),
    });
    assertClose(effectiveSampleSize, 0.25, 1e-6);
    assertThrows(
      () =>
        ratioStatistics({
          logDensity: tf.zeros([1]),
          oldLogDensity: tf.zeros([1]),
        }, { clip: 0 }),
      RangeError,
      "'clip'",
    );
  });
});
