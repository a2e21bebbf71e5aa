import { jit, owned, tf } from "../../src/engine/mod.ts";
import {
  adaptiveWeights,
  type BatchScore,
  scoreBatch,
  type ScoreBatchOptions,
  totalReward,
} from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { goldenBank } from "./golden_bank.ts";

const coverage = { sigma: golden.sigma };

testOnBackends("scoreBatch() tells the weights it used", () => {
  using bank = goldenBank();
  using features = owned(tf.tensor2d(golden.generated));
  using score = owned(scoreBatch(features.value, golden.labels, bank));
  const { semantic, coverage, expressive } = score.value.weights;
  assertClose(semantic, 1, 0);
  assertClose(coverage, 0.75, 0);
  assertClose(expressive, 0.25, 0);
});

testOnBackends(
  "scoreBatch() with adaptive weights is totalReward() with them, in a trace too",
  () => {
    using bank = goldenBank();
    using features = owned(tf.tensor2d(golden.generated));
    using labels = owned(tf.tensor1d(golden.labels, "int32"));
    const run = (features: tf.Tensor2D, labels: tf.Tensor1D): BatchScore =>
      scoreBatch(features, labels, bank, { coverage, weights: "adaptive" });
    const compiled = jit(run);
    using plain = owned(run(features.value, labels.value));
    using traced = owned(compiled(features.value, labels.value));
    using expected = owned({
      weights: adaptiveWeights(plain.value.standardized),
      total: totalReward(plain.value.raw, { weights: "adaptive" }),
    });
    for (const { total, weights } of [plain.value, traced.value]) {
      assertClose(total, expected.value.total, 1e-4);
      for (const name of ["semantic", "coverage", "expressive"] as const) {
        assertClose(weights[name], expected.value.weights[name], 1e-4);
      }
    }
    compiled.dispose();
  },
);

testOnBackends(
  "scoreBatch() with adaptive weights has a gradient that takes them for constants",
  () => {
    using bank = goldenBank();
    using features = owned(tf.tensor2d(golden.generated));
    const total = (weights: ScoreBatchOptions["weights"]) => (x: tf.Tensor) =>
      scoreBatch(x as tf.Tensor2D, golden.labels, bank, {
        coverage,
        ...(weights === undefined ? {} : { weights }),
      });
    using score = owned(total("adaptive")(features.value));
    const { semantic, ...others } = score.value.weights;
    const numbers = {
      semantic: semantic.dataSync()[0],
      coverage: others.coverage.dataSync()[0],
      expressive: others.expressive.dataSync()[0],
    };
    using slopes = owned(
      [numbers, "adaptive" as const].map((weights) =>
        tf.grad((x) => tf.sum(tf.square(total(weights)(x).total)))(
          features.value,
        )
      ),
    );
    const [fixed, adaptive] = slopes.value;
    assertClose(adaptive, fixed, 1e-4);
  },
);
