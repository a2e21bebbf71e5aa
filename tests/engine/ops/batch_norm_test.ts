import { assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../../src/engine/tf.ts";
import { batchNorm } from "../../../src/engine/ops/mod.ts";
import { assertClose } from "../../support/assert_close.ts";
import { testOnBackends } from "../../support/backends.ts";
import { goldenCases, testGolden, toTensor } from "./golden.ts";

testGolden("batchNorm", ({ x, scale, offset }, golden) => {
  const mean = toTensor(golden.mean!) as tf.Tensor1D;
  const variance = toTensor(golden.variance!) as tf.Tensor1D;
  const { output, ...running } = batchNorm<tf.Tensor4D>(x, {
    ...golden.options,
    scale,
    offset,
    mean,
    variance,
  });
  tf.dispose([mean, variance, running]);
  return output;
});

testOnBackends(
  "batchNorm() moves the running statistics as PyTorch does",
  () => {
    for (const one of goldenCases("batchNorm")) {
      tf.tidy(() => {
        const of = (name: string) => toTensor(one.inputs[name]) as tf.Tensor1D;
        const y = batchNorm(toTensor(one.inputs.x) as tf.Tensor4D, {
          ...one.options,
          scale: of("scale"),
          offset: of("offset"),
          mean: toTensor(one.mean!) as tf.Tensor1D,
          variance: toTensor(one.variance!) as tf.Tensor1D,
        });
        assertClose(y.runningMean, toTensor(one.runningMean!));
        assertClose(y.runningVariance, toTensor(one.runningVariance!));
      });
    }
  },
);

testOnBackends("batchNorm() of a hand-computed channel", () => {
  tf.tidy(() => {
    // Mean 3; squares 4 + 0 + 4: biased variance 8/3, unbiased 4. Epsilon 4/3
    // makes the deviation 2. Running: half of old (1, 2) and new (3, 4).
    const y = batchNorm(tf.tensor2d([[1], [3], [5]]), {
      ...parameters(1),
      mean: tf.tensor1d([1]),
      variance: tf.tensor1d([2]),
      training: true,
      momentum: 0.5,
      epsilon: 4 / 3,
    });
    assertClose(y.output, [[-1], [0], [1]]);
    assertClose(y.runningMean, [2]);
    assertClose(y.runningVariance, [3]);
  });
});

testOnBackends(
  "batchNorm() sends no gradient through the running statistics",
  () => {
    tf.tidy(() => {
      const slope = tf.tensor2d([[1], [0], [0]]);
      const gradient = (share: number) =>
        tf.grad((x) => {
          const y = batchNorm(x as tf.Tensor2D, {
            ...parameters(1),
            training: true,
          });
          const running = tf.add(y.runningMean, y.runningVariance);
          return tf.add(
            tf.sum(tf.mul(y.output, slope)),
            tf.mul(running, share),
          );
        })(tf.tensor2d([[1], [3], [5]]));
      assertEquals(gradient(100).dataSync(), gradient(0).dataSync());
    });
  },
);

testOnBackends(
  "batchNorm() returns copies of the running statistics outside training",
  () => {
    tf.tidy(() => {
      const running = parameters(2);
      const y = batchNorm(tf.zeros<tf.Rank.R2>([1, 2]), running);
      tf.dispose(y);
      assertClose(running.mean, [0, 0]);
      assertClose(running.variance, [1, 1]);
    });
  },
);

testOnBackends(
  "batchNorm() refuses one value per channel in training, and wrong shapes",
  () => {
    tf.tidy(() => {
      const act = "Cannot apply batch normalisation as";
      const x = tf.zeros<tf.Rank.R2>([1, 2]);
      assertThrows(
        () => batchNorm(x, { ...parameters(2), training: true }),
        RangeError,
        `${act} 'values per channel' must be at least 2 when training: current value is 1`,
      );
      assertThrows(
        () => batchNorm(x, { ...parameters(2), variance: tf.ones([3]) }),
        TypeError,
        `${act} 'variance' must be of shape [2]: current value is shape [3]`,
      );
      assertThrows(
        () => batchNorm(x, { ...parameters(2), momentum: 1.5 }),
        RangeError,
        `${act} 'momentum' must be in [0, 1]: current value is 1.5`,
      );
      assertThrows(
        () =>
          batchNorm(
            tf.zeros([1, 1, 2]) as unknown as tf.Tensor2D,
            parameters(2),
          ),
        TypeError,
        `${act} 'x' must be of rank 2 or 4: current value is shape [1, 1, 2]`,
      );
    });
  },
);

function parameters(channels: number) {
  return {
    scale: tf.ones<tf.Rank.R1>([channels]),
    offset: tf.zeros<tf.Rank.R1>([channels]),
    mean: tf.zeros<tf.Rank.R1>([channels]),
    variance: tf.ones<tf.Rank.R1>([channels]),
  };
}
