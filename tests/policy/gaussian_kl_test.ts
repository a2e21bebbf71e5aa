import { assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { transitionLogDensity } from "../../src/diffusion/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { gaussianKl } from "../../src/policy/mod.ts";
import golden from "../golden/policy.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("gaussianKl() is the mean of squared distances over 2σ²", () => {
  tf.tidy(() => {
    const mean = tf.tensor3d([[[1], [2]], [[-3], [5]]]);
    const other = tf.tensor3d([[[0], [0]], [[-3], [4]]]);
    // (1² + 2²) / 2 / (2 · 0.5²) = 5, and (0² + 1²) / 2 / 0.5 = 1.
    assertClose(gaussianKl(mean, other, 0.5), tf.tensor1d([5, 1]));
    assertClose(gaussianKl(mean, other, tf.scalar(0.5)), tf.tensor1d([5, 1]));
    assertClose(gaussianKl(mean, mean, 0.5), tf.tensor1d([0, 0]));
  });
});

// The log-densities' difference is linear in x, so the mean over x = μ ± σε is its expectation, whatever ε.
testOnBackends(
  "gaussianKl() is the expected difference of log-densities",
  () => {
    tf.tidy(() => {
      const random = randomStream(1, "gaussianKl");
      const draw = () =>
        tf.tensor4d(random.normals(3 * 2 * 2 * 4), [3, 2, 2, 4]);
      const [mean, other, noise] = [draw(), draw(), draw()];
      const step = {
        deviation: tf.scalar(0.7),
        logDeviation: tf.scalar(Math.log(0.7)),
      };
      const difference = (sign: number) => {
        const x = tf.add(mean, tf.mul(0.7 * sign, noise));
        return tf.sub(
          transitionLogDensity(x, mean, step),
          transitionLogDensity(x, other, step),
        );
      };
      const expected = tf.div(tf.add(difference(1), difference(-1)), 2);
      assertClose(gaussianKl(mean, other, step.deviation), expected, 1e-5);
    });
  },
);

testOnBackends("gaussianKl() has the gradient (μ - μ') / (σ² D)", () => {
  tf.tidy(() => {
    const other = tf.tensor2d([[0, 0]]);
    const slope = tf.grad((mean: tf.Tensor) =>
      tf.sum(gaussianKl(mean, other, 0.5))
    );
    // 1 / (0.25 · 2) and 2 / 0.5
    assertClose(slope(tf.tensor2d([[1, 2]])), [[2, 4]]);
  });
});

testOnBackends("gaussianKl() refuses other shapes and σ of 0", () => {
  tf.tidy(() => {
    const [two, one] = [tf.zeros([2, 3]), tf.zeros([1, 3])];
    assertThrows(() => gaussianKl(two, one, 1), TypeError, "'other'");
    assertThrows(() => gaussianKl(two, two, 0), RangeError, "'deviation'");
    assertThrows(() => gaussianKl(two, two, NaN), RangeError, "'deviation'");
  });
});

testOnBackends(
  "gaussianKl() of unequal variances is torch.distributions', even of nearly equal ones",
  () => {
    const { mean, deviation, cases } = golden.divergences;
    for (const { other, otherDeviation, ...expected } of cases) {
      tf.tidy(() => {
        const images = (x: number[][]) => tf.reshape(tf.tensor2d(x), [3, 2, 2]);
        for (const reduce of ["mean", "sum"] as const) {
          const kl = gaussianKl(
            images(mean),
            images(other),
            images(deviation),
            { otherDeviation: images(otherDeviation), reduce },
          );
          const ratios = kl.dataSync().map((x, i) => x / expected[reduce][i]);
          // Relative: of nearly equal deviations about 1e-6 is left, of which rounding them takes a thousandth.
          assertClose(ratios, [1, 1, 1], 2e-3);
        }
      });
    }
  },
);

testOnBackends("gaussianKl() of equal deviations is the shorter form", () => {
  tf.tidy(() => {
    const { mean, deviation, cases: [{ other }] } = golden.divergences;
    const [a, b, s] = [mean, other, deviation].map((x) => tf.tensor2d(x));
    const short = gaussianKl(a, b, s);
    assertClose(gaussianKl(a, b, s, { otherDeviation: s }), short, 1e-6);
    const sum = gaussianKl(a, b, 0.5, { reduce: "sum" });
    assertClose(sum, tf.mul(4, gaussianKl(a, b, tf.scalar(0.5))), 1e-5);
    // log 2 + 0.25 / 2 - 1/2
    const spread = gaussianKl(a, a, 0.5, { otherDeviation: 1 });
    assertClose(spread, Array(3).fill(Math.LN2 - 0.375), 1e-6);
  });
});

testOnBackends("gaussianKl() has slopes by both deviations", () => {
  tf.tidy(() => {
    const kl = (own: tf.Tensor, other: tf.Tensor) =>
      tf.sum(
        gaussianKl(tf.tensor2d([[1]]), tf.zeros([1, 1]), own, {
          otherDeviation: other,
        }),
      );
    const [own, other] = tf.grads(kl)([tf.scalar(0.5), tf.scalar(2)]);
    assertClose(own, 0.5 / 4 - 1 / 0.5); // σ/σ'² - 1/σ
    assertClose(other, 1 / 2 - (0.25 + 1) / 8); // 1/σ' - (σ² + Δ²)/σ'³
  });
});

testOnBackends(
  "gaussianKl() refuses deviations that would be broadcast",
  () => {
    tf.tidy(() => {
      const [two, row] = [tf.ones([2, 3]), tf.ones([3])];
      assertThrows(() => gaussianKl(two, two, row), TypeError, "'deviation'");
      assertThrows(
        () => gaussianKl(two, two, 1, { otherDeviation: row }),
        TypeError,
        "'otherDeviation'",
      );
      assertThrows(
        () => gaussianKl(two, two, 1, { otherDeviation: 0 }),
        RangeError,
        "'otherDeviation'",
      );
      const reduce = "median" as "mean";
      assertThrows(() => gaussianKl(two, two, 1, { reduce }), RangeError);
    });
  },
);
