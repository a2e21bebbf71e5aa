import { assert, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  distributionalCoverage,
  type DistributionalCoverageOptions,
} from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { takeAll } from "./take.ts";

function coverage(
  generated: number[][],
  reference: number[][],
  options: DistributionalCoverageOptions,
): { value: number[]; perSample: number[] } {
  using g = owned(tf.tensor2d(generated));
  using r = owned(tf.tensor2d(reference));
  return takeAll(distributionalCoverage(g.value, r.value, options));
}

const mean = (values: number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / values.length;

// East and north, references east and west; ‖u - v‖² is 2 at a right angle and 4 opposite. With sigma 1: k is e^-1 and
// e^-2. East to references: (1 + e^-2) / 2; north: e^-1. Either within the set: (1 + e^-1) / 2.
const generated = [[2, 0], [0, 3]];
const reference = [[1, 0], [-5, 0]];
const near = (1 + Math.exp(-2)) / 2;
const right = Math.exp(-1);
const within = (1 + right) / 2;

testOnBackends(
  "distributionalCoverage() rewards closeness and punishes redundancy (eq. 5)",
  () => {
    const { value, perSample } = coverage(generated, reference, {
      sigma: 1,
      alpha: 0.25,
    });
    assertClose(value, [(near + right) / 2 - 0.25 * within], 1e-6);
    assertClose(perSample, [near - 0.25 * within, right - 0.25 * within], 1e-6);
  },
);

testOnBackends(
  "distributionalCoverage() weighs redundancy with 0.5 unless told",
  () => {
    const { value } = coverage(generated, reference, { sigma: 1 });
    assertClose(value, [(near + right) / 2 - 0.5 * within], 1e-6);
  },
);

testOnBackends(
  "distributionalCoverage() can leave out the pairs of a sample with itself",
  () => {
    const { value, perSample } = coverage(generated, reference, {
      sigma: 1,
      excludeSelf: true,
    });
    assertClose(perSample, [near - 0.5 * right, 0.5 * right], 1e-6);
    assertClose(value, [(near + 0) / 2], 1e-6);
  },
);

testOnBackends("distributionalCoverage() gives NumPy's values", () => {
  const variants = [
    [golden.raw.coverage, {}],
    [golden.raw.coverageExcludeSelf, { excludeSelf: true }],
    [golden.raw.coverageMarginal, { credit: "marginal" }],
  ] as const;
  for (const [expected, options] of variants) {
    golden.coverageValues.forEach((value, y) => {
      const mine = (labels: number[]) => (_: unknown, i: number) =>
        labels[i] === y;
      const result = coverage(
        golden.generated.filter(mine(golden.labels)),
        golden.references.filter(mine(golden.referenceLabels)),
        { sigma: golden.sigma, ...options },
      );
      assertClose(
        result.perSample,
        expected.filter(mine(golden.labels)),
        2e-6,
      );
      if (!("excludeSelf" in options)) assertClose(result.value, [value], 2e-6);
    });
  }
});

testOnBackends(
  "distributionalCoverage() gives samples the set's value on average",
  () => {
    const reference = golden.references.slice(0, 5);
    for (const excludeSelf of [false, true]) {
      const { value, perSample } = coverage(golden.generated, reference, {
        sigma: 0.6,
        alpha: 0.9,
        excludeSelf,
      });
      assertClose(mean(perSample), value[0], 1e-6);
    }
  },
);

// By symmetry of k, the set's value moves by twice a sample's own redundancy: only the marginal credit says so.
testOnBackends(
  "distributionalCoverage() credits the marginal effect of moving a sample",
  () => {
    const rows = golden.generated.slice(0, 4);
    using references = owned(tf.tensor2d(golden.references.slice(0, 5)));
    using at = owned(tf.tensor2d(rows));
    const options = { sigma: 0.7, credit: "marginal" } as const;
    using slopes = owned(
      tf.grad((x) =>
        distributionalCoverage(x as tf.Tensor2D, references.value, options)
          .value
      )(at.value),
    );
    rows.forEach((_, j) => {
      using alone = owned(
        tf.grad((x) => {
          const parts = rows.map((_, k) =>
            tf.slice(k === j ? x : at.value, [k, 0], [1, 6])
          );
          const moved = tf.concat(parts) as tf.Tensor2D;
          const { perSample } = distributionalCoverage(
            moved,
            references.value,
            options,
          );
          return tf.div(tf.slice(perSample, [j], [1]), rows.length);
        })(at.value),
      );
      using mine = owned(tf.slice(slopes.value, [j, 0], [1, 6]));
      using credited = owned(tf.slice(alone.value, [j, 0], [1, 6]));
      assertClose(credited.value, mine.value, 1e-6);
    });
  },
);

testOnBackends(
  "distributionalCoverage() lies between -alpha and 1 and knows no norm or rotation",
  () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turn = (
      [x, y]: number[],
    ) => [3 * (c * x - s * y), 3 * (s * x + c * y)];
    const g = [[1, 0.2], [-0.4, 2], [0.3, -1]];
    const r = [[1, 1], [0, -1]];
    const plain = coverage(g, r, { sigma: 0.5 });
    const turned = coverage(g.map(turn), r.map(turn), { sigma: 0.5 });
    assertClose(turned.perSample, plain.perSample, 1e-5);
    assert(plain.perSample.every((x) => x > -0.5 && x < 1));
    // Everything in one place that is (not) where the references are.
    assertClose(
      coverage([[1, 0], [2, 0]], [[3, 0]], { sigma: 1 }).value,
      [0.5],
      1e-6,
    );
    assertClose(
      coverage([[1, 0], [2, 0]], [[-3, 0]], { sigma: 0.1 }).value,
      [-0.5],
      1e-6,
    );
  },
);

testOnBackends(
  "distributionalCoverage() has the gradient of central differences",
  () => {
    using r = owned(tf.tensor2d([[0.2, 1, -0.3], [1, 1, 1]]));
    const at = [[1, -0.5, 0.5], [0.3, 0.4, 1], [-1, 0.4, 0.6]];
    for (const excludeSelf of [false, true]) {
      const options = { sigma: 0.9, excludeSelf };
      assertGradient(
        (x) => distributionalCoverage(x, r.value, options).perSample,
        at,
      );
      assertGradient(
        (x) => distributionalCoverage(x, r.value, options).value,
        at,
      );
    }
  },
);

testOnBackends("distributionalCoverage() refuses what it cannot score", () => {
  const one = [[1, 0]];
  assertThrows(
    () => coverage([[1, 0, 0]], one, { sigma: 1 }),
    TypeError,
    "Cannot score distributional coverage as 'reference' must be of shape [any, 3]: current value is [1, 2]",
  );
  assertThrows(
    () => coverage(one, one, { sigma: 1, excludeSelf: true }),
    RangeError,
    "'number of samples' must be a finite number at least 2: current value is 1",
  );
  assertThrows(() => coverage(one, one, { sigma: 0 }), RangeError, "sigma");
  assertThrows(
    () => coverage(one, one, { sigma: 1, alpha: -1 }),
    RangeError,
    "alpha",
  );
  assertThrows(
    () => coverage(one, one, { sigma: 1, credit: "half" as "mean" }),
    RangeError,
    "credit",
  );
});

testOnBackends(
  "distributionalCoverage() refuses vectors without a direction, never NaN",
  () => {
    const options = { sigma: 1 };
    assertThrows(
      () => coverage([[1, 0], [0, 0]], reference, options),
      RangeError,
      "Cannot score distributional coverage as 'generated[1]' must be finite and not zero: current value is a zero vector",
    );
    assertThrows(
      () => coverage(generated, [[1, NaN]], options),
      RangeError,
      "'reference[0]'",
    );
    assertThrows(
      () => coverage(generated, reference, {} as DistributionalCoverageOptions),
      TypeError,
      "'sigma' must be a number: current value is undefined",
    );
  },
);

testOnBackends(
  "distributionalCoverage() takes features of length 1e-6 and 1e6, and duplicates",
  () => {
    const expected = coverage(generated, reference, { sigma: 1 });
    for (const size of [1e-6, 1e6]) {
      const scaled = generated.map((row) => row.map((x) => x * size));
      const { value, perSample } = coverage(scaled, reference, { sigma: 1 });
      assertClose(value, expected.value, 1e-6);
      assertClose(perSample, expected.perSample, 1e-6);
    }
    // Twice the same: as near to each other as each to itself, whatever the bandwidth.
    const twice = [[0.3, 0.7], [0.3, 0.7]];
    const { value } = coverage(twice, twice, { sigma: 1e-3, alpha: 0.25 });
    assertClose(value, [0.75], 1e-6);
  },
);
