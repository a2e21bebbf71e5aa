import { assertEquals, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  diffusionSchedule,
  samplingSteps,
  stepScalars,
  stepTensor,
} from "../../src/diffusion/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

testOnBackends("stepScalars() takes apart what stepTensor() packed", () => {
  const steps = samplingSteps(diffusionSchedule(), {
    count: 5,
    prediction: "velocity",
  });
  for (const step of steps) {
    using packed = owned(stepTensor(step));
    using scalars = owned({ ...stepScalars(packed.value) });
    const { clippedWeights: [p, q, r], ...own } = step;
    const expected: { [name: string]: number } = {
      ...own,
      logDeviation: step.deviation > 0 ? Math.log(step.deviation) : 0,
      clippedCleanWeight: p,
      clippedStateWeight: q,
      clippedPredictionWeight: r,
    };
    assertEquals(
      Object.keys(scalars.value).toSorted(),
      Object.keys(expected).toSorted(),
    );
    for (const [name, scalar] of Object.entries(scalars.value)) {
      assertEquals(scalar.shape, []);
      assertClose(scalar, expected[name], 1e-6);
    }
  }
});

testOnBackends("stepScalars() refuses a tensor that is no step", () => {
  tf.tidy(() => {
    assertThrows(
      () => stepScalars(tf.zeros([5])),
      TypeError,
      "'step' must be of shape [14]: current value is [5]",
    );
  });
});
