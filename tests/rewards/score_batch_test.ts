import { assert, assertEquals } from "@std/assert";
import { jit, owned, tf } from "../../src/engine/mod.ts";
import {
  type BatchScore,
  distributionalCoverage,
  emptyRunningStatistics,
  expressiveDiversity,
  MemoryBank,
  scoreBatch,
  type ScoreBatchOptions,
  semanticConsistency,
} from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { goldenBank } from "./golden_bank.ts";
import { score, waves } from "./score.ts";
import { take } from "./take.ts";

const coverage = { sigma: golden.sigma };

function assertSameScores(
  actual: Record<string, number[]>,
  expected: Record<string, number[]>,
  tolerance: number,
): void {
  for (const name of Object.keys(expected)) {
    assertClose(actual[name], expected[name], tolerance);
  }
}

testOnBackends("scoreBatch() gives NumPy's values", () => {
  using bank = goldenBank();
  const result = score(bank, golden.generated, golden.labels, { coverage });
  assertSameScores(result, {
    semantic: golden.raw.semantic,
    coverage: golden.raw.coverage,
    expressive: golden.raw.expressive,
  }, 2e-6);
  assertSameScores(result, {
    standardSemantic: golden.standardized.semantic,
    standardCoverage: golden.standardized.coverage,
    standardExpressive: golden.standardized.expressive,
    total: golden.total,
  }, 5e-5);
});

testOnBackends(
  "scoreBatch() gives NumPy's values against the identity's baseline",
  () => {
    using bank = goldenBank();
    const result = score(bank, golden.generated, golden.labels, {
      coverage,
      expressive: { credit: "leaveOneOut" },
      baseline: "identity",
    });
    assertClose(result.expressive, golden.raw.expressiveLeaveOneOut, 5e-6);
    const { semantic, coverage: covered, expressive } =
      golden.standardizedByIdentity;
    assertSameScores(result, {
      standardSemantic: semantic,
      standardCoverage: covered,
      standardExpressive: expressive,
      total: golden.totalByIdentity,
    }, 5e-5);
  },
);

testOnBackends(
  "scoreBatch() gives exactly what the single functions give per identity",
  () => {
    using bank = goldenBank();
    const variants = [
      {
        coverage: { sigma: 0.7, alpha: 0.3 },
        expressive: { epsilon: 0.4, tau: 2 },
      },
      {
        coverage: { sigma: 0.7, excludeSelf: true },
        expressive: { credit: "leaveOneOut" },
      },
      { coverage: { sigma: 0.7, credit: "marginal" } },
    ] as const;
    for (const variant of variants) {
      const result = score(bank, golden.generated, golden.labels, variant);
      bank.identities.forEach((identity, y) => {
        const mine = (_: unknown, i: number) => golden.labels[i] === y;
        using view = owned(bank.view(identity));
        using features = owned(tf.tensor2d(golden.generated.filter(mine)));
        const { references, prototype } = view.value;
        using single = owned({
          semantic: semanticConsistency(features.value, prototype),
          coverage: distributionalCoverage(
            features.value,
            references,
            variant.coverage,
          ),
          expressive: expressiveDiversity(
            features.value,
            references,
            "expressive" in variant ? variant.expressive : {},
          ),
        });
        assertClose(result.semantic.filter(mine), single.value.semantic, 1e-6);
        assertClose(
          result.coverage.filter(mine),
          single.value.coverage.perSample,
          3e-6,
        );
        assertClose(
          result.expressive.filter(mine),
          single.value.expressive.perSample,
          5e-6,
        );
      });
    }
  },
);

testOnBackends("scoreBatch() follows its samples in any order", () => {
  using bank = goldenBank();
  const order = [3, 0, 10, 7, 5, 1, 9, 2, 8, 6, 4];
  const moved = score(
    bank,
    order.map((i) => golden.generated[i]),
    order.map((i) => golden.labels[i]),
  );
  const plain = score(bank, golden.generated, golden.labels);
  const expected = Object.entries(plain).map(
    ([name, values]) => [name, order.map((i) => values[i])],
  );
  assertSameScores(moved, Object.fromEntries(expected), 5e-5);
});

testOnBackends(
  "scoreBatch() scores each identity as if the others were not there",
  () => {
    using bank = goldenBank();
    const mine = (_: unknown, i: number) => golden.labels[i] !== 1;
    const all = score(bank, golden.generated, golden.labels);
    const some = score(
      bank,
      golden.generated.filter(mine),
      golden.labels.filter(mine),
    );
    assertSameScores(some, {
      semantic: all.semantic.filter(mine),
      coverage: all.coverage.filter(mine),
      expressive: all.expressive.filter(mine),
    }, 2e-6);
  },
);

testOnBackends("scoreBatch() gives the same by blocks as by masks", () => {
  using bank = goldenBank();
  const rows = waves(8, 6);
  const labels = [2, 2, 2, 2, 0, 0, 0, 0]; // 4 and 5 references
  const variants: ScoreBatchOptions[] = [
    {},
    {
      coverage: { excludeSelf: true },
      expressive: { credit: "leaveOneOut" },
      baseline: "identity",
    },
  ];
  for (const options of variants) {
    // Labels in a tensor that nobody looks at: their runs are not found.
    using unseen = owned(tf.tensor1d(labels, "int32"));
    const masks = score(bank, rows, unseen.value, {
      ...options,
      smallGroups: "zeroSpread",
    });
    const blocks = score(bank, rows, labels, {
      ...options,
      samplesPerIdentity: 4,
    });
    assertSameScores(blocks, masks, 5e-5);
    assertSameScores(score(bank, rows, labels, options), blocks, 1e-6);
  }
});

testOnBackends(
  "scoreBatch() takes labels as a tensor and runs inside jit",
  () => {
    using bank = goldenBank();
    using features = owned(tf.tensor2d(golden.generated));
    using labels = owned(tf.tensor1d(golden.labels, "int32"));
    const compiled = jit((features: tf.Tensor2D, labels: tf.Tensor1D) =>
      scoreBatch(features, labels, bank, { coverage }).total
    );
    assertClose(
      take(compiled(features.value, labels.value)),
      golden.total,
      5e-5,
    );
    // Other labels at the second call: nothing of the first is frozen in.
    using turned = owned(tf.reverse(labels.value));
    using mirrored = owned(tf.reverse(features.value, 0));
    assertClose(
      take(compiled(mirrored.value, turned.value)),
      golden.total.toReversed(),
      5e-5,
    );
    compiled.dispose();
  },
);

testOnBackends(
  "scoreBatch() has the gradient of central differences, by masks and by blocks",
  () => {
    using references = owned(
      tf.tensor2d([[1, 0.5], [0, 1], [-1, 0.2], [-1, 1]]),
    );
    using bank = MemoryBank.fromFeatures(references.value, [0, 0, 1, 1], {
      fingerprint: "f",
    });
    const at = [[1, -0.5], [0.3, 0.8], [-1, 0.6], [-0.7, -0.2], [1, 1], [
      -1,
      1,
    ]];
    const variants: ScoreBatchOptions[] = [
      {},
      { expressive: { credit: "leaveOneOut" }, baseline: "identity" },
    ];
    for (const options of variants) {
      for (const labels of [[1, 0, 1, 0, 1, 0], [1, 1, 1, 0, 0, 0]]) {
        assertGradient((x) => {
          const { raw } = scoreBatch(x, labels, bank, options);
          return tf.stack([raw.semantic, raw.coverage, raw.expressive]);
        }, at);
        assertGradient(
          (x) => scoreBatch(x, labels, bank, options).total,
          at,
          5e-3,
        );
      }
    }
  },
);

testOnBackends("scoreBatch() differentiates inside jit", () => {
  using bank = goldenBank();
  using features = owned(tf.tensor2d(golden.generated));
  using labels = owned(tf.tensor1d(golden.labels, "int32"));
  const slope = (features: tf.Tensor, labels: tf.Tensor1D) =>
    tf.grad((x) => {
      const { raw } = scoreBatch(x as tf.Tensor2D, labels, bank);
      return tf.add(tf.sum(raw.coverage), tf.sum(raw.expressive));
    })(features);
  const compiled = jit(slope);
  using plain = owned(slope(features.value, labels.value));
  assertClose(take(compiled(features.value, labels.value)), plain.value, 1e-5);
  compiled.dispose();
});

testOnBackends(
  "scoreBatch() can take a lone sample as a set without spread, never NaN",
  () => {
    using bank = goldenBank();
    const rows = golden.generated.slice(0, 3);
    for (const credit of ["shared", "leaveOneOut"] as const) {
      for (const excludeSelf of [false, true]) {
        const result = score(bank, rows, [2, 0, 0], {
          smallGroups: "zeroSpread",
          expressive: { credit },
          coverage: { excludeSelf },
        });
        for (const values of Object.values(result)) {
          assertEquals(values.map(Number.isFinite), [true, true, true]);
        }
        if (credit === "shared") {
          const wished = 1.1 * golden.referenceSpreads[2];
          assertClose(result.expressive[0], -(wished ** 2), 1e-5);
        }
      }
    }
  },
);

testOnBackends(
  "scoreBatch() renews running statistics and scores by them",
  () => {
    using bank = goldenBank();
    using empty = owned(emptyRunningStatistics(3));
    using features = owned(tf.tensor2d(golden.generated));
    const run = (
      labels: number[],
      statistics: ScoreBatchOptions["statistics"],
    ): BatchScore =>
      scoreBatch(features.value, labels, bank, {
        coverage,
        statistics,
        decay: 1,
      });
    using first = owned(run(golden.labels, empty.value));
    assertClose(first.value.total, golden.total, 5e-5);
    using second = owned(run(golden.labels, first.value.statistics));
    // The same batch again changes no mean and no variance, only what they stand for.
    assertClose(second.value.total, golden.total, 5e-5);
    assertClose(second.value.statistics!.weight, [8, 8, 6], 1e-6);
    // One identity is enough: its past is what it is compared with.
    using alone = owned(run(new Array(11).fill(0), first.value.statistics));
    assertEquals(alone.value.total.shape, [11]);
  },
);

// Features within a thousandth of each other: 1 - cos is rounding there. The narrow bandwidth shows every digit of it.
testOnBackends(
  "scoreBatch() is as exact for features that lie close together",
  () => {
    const near = (centre: number, count: number) =>
      waves(count, 4).map((row) =>
        row.map((x, d) => (d === centre ? 1 : 0.2) + 1e-3 * x)
      );
    const rows = [...near(0, 4), ...near(2, 4)];
    const labels = [0, 0, 0, 0, 1, 1, 1, 1];
    using references = owned(tf.tensor2d([...near(0, 3), ...near(2, 5)]));
    using bank = MemoryBank.fromFeatures(
      references.value,
      [0, 0, 0, 1, 1, 1, 1, 1],
      { fingerprint: "f" },
    );
    assert(bank.bandwidth < 0.01);
    const expected = [0, 1].flatMap((y) => {
      using view = owned(bank.view(String(y)));
      using mine = owned(tf.tensor2d(rows.slice(4 * y, 4 * y + 4)));
      using reward = owned(
        distributionalCoverage(mine.value, view.value.references, {
          sigma: bank.bandwidth,
        }),
      );
      return Array.from(reward.value.perSample.dataSync());
    });
    using unseen = owned(tf.tensor1d(labels, "int32"));
    const masks = score(bank, rows, unseen.value, {
      smallGroups: "zeroSpread",
    });
    assertClose(score(bank, rows, labels).coverage, expected, 1e-4);
    assertClose(masks.coverage, expected, 1e-4);
  },
);
