import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Params } from "../../src/core/mod.ts";
import { batchNorm, jit, owned, tf } from "../../src/engine/mod.ts";
import {
  type LabelledBatch,
  lookaheadUtility,
  type SampleLoss,
  selectLookahead,
} from "../../src/selection/mod.ts";
import golden from "../golden/lookahead.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { take } from "../rewards/take.ts";
import { inputs, linear } from "./linear_softmax.ts";

const { learningRate } = golden;

/** One weight w, loss (w - x)² / 2. */
const parabola: SampleLoss = ({ w }, x) =>
  tf.tidy(() => tf.div(tf.square(tf.sub(w, x)), 2) as tf.Tensor1D);

function points(...values: number[]): LabelledBatch {
  return {
    images: tf.tensor(values),
    labels: tf.zeros([values.length], "int32"),
  };
}

// w = 1, batch 3 and 5: gradient (w - 3 + w - 5) / 2 = -3, w' = 1 + 0.5 · 3 = 2.5. Candidate 2: 0.125 - 0.5;
// candidate 1: 1.125 - 0; candidate 4: 1.125 - 4.5.
testOnBackends(
  "lookaheadUtility() is the change of loss by one step (eq. 12)",
  () => {
    using data = owned({ batch: points(3, 5), candidates: points(2, 1, 4) });
    using params = owned({ w: tf.scalar(1) });
    const utility = lookaheadUtility(parabola, params.value, data.value, {
      learningRate: 0.5,
    });
    assertClose(take(utility), [-0.375, 1.125, -3.375], 1e-5);
    assertClose(params.value.w, 1, 0);
  },
);

testOnBackends(
  "lookaheadUtility() of a linear softmax gives the closed form's values",
  () => {
    using x = owned(inputs());
    const { params, ...data } = x.value;
    assertClose(
      take(lookaheadUtility(linear, params, data, { learningRate })),
      golden.utility,
      5e-6,
    );
  },
);

testOnBackends("lookaheadUtility() moves the trainable weights only", () => {
  using x = owned(inputs());
  const { params, ...data } = x.value;
  const options = {
    learningRate,
    trainable: (name: string) => name === "bias",
  };
  assertClose(
    take(lookaheadUtility(linear, params, data, options)),
    golden.utilityBiasOnly,
    5e-6,
  );
});

testOnBackends(
  "lookaheadUtility() leaves weights alone that the loss does not read",
  () => {
    using x = owned(inputs());
    using statistics = owned(tf.tensor1d([4, 5]));
    const { params, ...data } = x.value;
    const utility = lookaheadUtility(
      linear,
      { "norm.running_mean": statistics.value, ...params },
      data,
      { learningRate },
    );
    assertClose(take(utility), golden.utility, 5e-6);
    assertClose(statistics.value, [4, 5], 0);
  },
);

// For small rates the change is -eta times the inner product of the two gradients: here -eta (w - x) mean(w - batch).
testOnBackends("lookaheadUtility() is first-order in a small rate", () => {
  using data = owned({ batch: points(3, 5), candidates: points(2, 4) });
  using params = owned({ w: tf.scalar(1) });
  const utility = lookaheadUtility(parabola, params.value, data.value, {
    learningRate: 1e-3,
  });
  assertClose(take(utility).map((x) => 1e3 * x), [-3, -9], 2e-2);
});

testOnBackends(
  "lookaheadUtility() of the batch itself is negative on average for a small rate",
  () => {
    using x = owned(inputs());
    const { params, batch } = x.value;
    const utility = take(
      lookaheadUtility(linear, params, { batch, candidates: batch }, {
        learningRate: 0.01,
      }),
    );
    assert(utility.reduce((sum, change) => sum + change) < 0);
  },
);

testOnBackends(
  "lookaheadUtility() and selectLookahead() keep the samples whose loss falls",
  () => {
    using data = owned({
      batch: points(3, 5),
      candidates: points(2, 1, 4, -2),
    });
    using params = owned({ w: tf.scalar(1) });
    const utility = take(
      lookaheadUtility(parabola, params.value, data.value, {
        learningRate: 0.5,
      }),
    );
    assertClose(Array.from(selectLookahead(utility)), [2, 0], 0);
  },
);

testOnBackends(
  "lookaheadUtility() runs inside jit, its rate an argument",
  () => {
    using x = owned(inputs());
    const { params, ...data } = x.value;
    const compiled = jit(
      (params: Params, data: typeof x.value, rate: tf.Scalar) =>
        lookaheadUtility(linear, params, data, { learningRate: rate }),
    );
    for (const rate of [learningRate, 0.05]) {
      using scalar = owned(tf.scalar(rate));
      using plain = owned(
        lookaheadUtility(linear, params, data, { learningRate: rate }),
      );
      assertClose(
        take(compiled(params, x.value, scalar.value)),
        plain.value,
        1e-5,
      );
    }
    compiled.dispose();
  },
);

// -eta (w - x) g with g = -3: exact is more by the curvature, eta² g² / 2 = 1.125 for each.
testOnBackends("lookaheadUtility() to first order leaves curvature out", () => {
  using data = owned({ batch: points(3, 5), candidates: points(2, 1, 4) });
  using params = owned({ w: tf.scalar(1) });
  const utility = lookaheadUtility(parabola, params.value, data.value, {
    learningRate: 0.5,
    method: "firstOrder",
  });
  assertClose(take(utility), [-1.5, 0, -4.5], 1e-3);
  assertClose(params.value.w, 1, 0);
});

testOnBackends(
  "lookaheadUtility() to first order is the inner product of gradients of a linear softmax",
  () => {
    using x = owned(inputs());
    const { params, ...data } = x.value;
    const options = { learningRate, method: "firstOrder" } as const;
    assertClose(
      take(lookaheadUtility(linear, params, data, options)),
      golden.firstOrder,
      1e-4,
    );
    const trainable = (name: string) => name === "bias";
    assertClose(
      take(lookaheadUtility(linear, params, data, { ...options, trainable })),
      golden.firstOrderBiasOnly,
      1e-4,
    );
  },
);

testOnBackends(
  "lookaheadUtility() to first order orders candidates as the exact one does at a small rate",
  () => {
    using x = owned(inputs());
    const { params, ...data } = x.value;
    const [exact, first] = (["exact", "firstOrder"] as const).map((method) =>
      take(
        lookaheadUtility(linear, params, data, { learningRate: 0.01, method }),
      )
    );
    assertEquals(
      selectLookahead(first, { keepFraction: 1 }),
      selectLookahead(exact, { keepFraction: 1 }),
    );
    // What they differ by falls with the square of the rate: 1e-4 times a curvature of about 1.
    assertClose(first, exact, 2e-4);
  },
);

testOnBackends(
  "lookaheadUtility() to first order takes weights that are zero",
  () => {
    using data = owned({ batch: points(3, 5), candidates: points(2, 1) });
    using params = owned({ w: tf.scalar(0) });
    const utility = lookaheadUtility(parabola, params.value, data.value, {
      learningRate: 0.5,
      method: "firstOrder",
    });
    assertClose(take(utility), [-4, -2], 1e-3); // g = -4
  },
);

testOnBackends(
  "lookaheadUtility() leaves running statistics of batch normalisation untouched",
  () => {
    const normalised = (training: boolean): SampleLoss => (params, x, labels) =>
      tf.tidy(() => {
        const { output } = batchNorm(x as tf.Tensor2D, {
          scale: params.scale as tf.Tensor1D,
          offset: params.offset as tf.Tensor1D,
          mean: params["running_mean"] as tf.Tensor1D,
          variance: params["running_var"] as tf.Tensor1D,
          training,
        });
        return linear(params, output, labels);
      });
    using x = owned(inputs());
    using norm = owned({
      scale: tf.ones([4]),
      offset: tf.zeros([4]),
      running_mean: tf.tensor1d([0.5, 0.25, -1, 2]),
      running_var: tf.tensor1d([1, 2, 3, 4]),
    });
    const { params, ...data } = x.value;
    for (const training of [false, true]) {
      for (const method of ["exact", "firstOrder"] as const) {
        const utility = take(
          lookaheadUtility(
            normalised(training),
            { ...params, ...norm.value },
            data,
            { learningRate, method },
          ),
        );
        assert(utility.every((change) => Number.isFinite(change)));
        assertClose(norm.value.running_mean, [0.5, 0.25, -1, 2], 0);
        assertClose(norm.value.running_var, [1, 2, 3, 4], 0);
      }
    }
  },
);

testOnBackends(
  "lookaheadUtility() refuses steps that go nowhere and lengths that differ",
  () => {
    using x = owned(inputs());
    const { params, ...data } = x.value;
    assertThrows(
      () => lookaheadUtility(linear, params, data, { learningRate: 0 }),
      RangeError,
      "Cannot look ahead as 'learningRate' must be a finite number above 0: current value is 0",
    );
    assertThrows(
      () =>
        lookaheadUtility(linear, params, data, {
          learningRate,
          trainable: () => false,
        }),
      RangeError,
      "'trainable' must leave a weight that the loss depends on",
    );
    assertThrows(
      () =>
        lookaheadUtility(linear, params, {
          ...data,
          batch: { ...data.batch, labels: data.candidates.labels },
        }, { learningRate }),
      TypeError,
      "'batch.labels' must be of shape [6]: current value is [5]",
    );
    assertThrows(
      () =>
        lookaheadUtility(linear, params, data, {
          learningRate,
          method: "second" as "exact",
        }),
      RangeError,
      "method",
    );
    const mean: SampleLoss = (...args) =>
      tf.tidy(() => tf.mean(linear(...args)) as unknown as tf.Tensor1D);
    assertThrows(
      () => lookaheadUtility(mean, params, data, { learningRate }),
      TypeError,
      "must be of shape [5]: current value is []",
    );
  },
);
