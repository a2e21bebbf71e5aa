import { assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import { firstNormStatistics, normStatistics } from "../../src/losses/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { take } from "../rewards/take.ts";

// Norms 5, 1 and 3: mean 3, sample variance (4 + 4 + 0) / 2.
const rows = [[3, 4], [0, 1], [3, 0]];

testOnBackends(
  "normStatistics() are the mean and sample deviation of norms",
  () => {
    using features = owned(tf.tensor2d(rows));
    const { mean, deviation } = normStatistics(features.value);
    assertClose([...take(mean), ...take(deviation)], [3, 2]);
  },
);

testOnBackends(
  "running statistics move by the momentum, from 20 and 100",
  () => {
    using features = owned(tf.tensor2d(rows));
    using previous = owned(firstNormStatistics());
    const { mean, deviation } = normStatistics(features.value, {
      previous: previous.value,
      momentum: 0.5,
    });
    assertClose([...take(mean), ...take(deviation)], [11.5, 51]);
  },
);

testOnBackends(
  "norms of outliers count as 100, those of nothing as 0.001",
  () => {
    using features = owned(tf.tensor2d([[1e6, 0], [0, 0]]));
    const { mean, deviation } = normStatistics(features.value);
    assertClose(take(mean), [50.0005]);
    tf.dispose(deviation);
  },
);

testOnBackends("normStatistics() refuses a momentum out of (0, 1]", () => {
  using features = owned(tf.tensor2d(rows));
  for (const momentum of [0, 1.5]) {
    assertThrows(
      () => normStatistics(features.value, { momentum }),
      RangeError,
      "momentum",
    );
  }
});
