import { assertEquals, assertThrows } from "@std/assert";
import { covariateDirection, startCovariates } from "../../src/brownian/mod.ts";
import { randomStream } from "../../src/core/mod.ts";
import { owned, tf } from "../../src/engine/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

Deno.test("covariateDirection() goes to the farther mean along the plane's normal", () => {
  // About w̄ = (1, 0) the kinds lie at x = 2 and x = -3, whatever y is.
  const data = {
    latents: [3, 1, 3, -1, -2, 1, -2, -1],
    dimensions: 2,
    labels: [1, 1, -1, -1],
    mean: [1, 0],
  };
  assertClose(covariateDirection(data, { cost: 10 }), [3, 0], 1e-5);
  const swapped = { ...data, labels: [-1, -1, 1, 1] };
  assertClose(covariateDirection(swapped, { cost: 10 }), [-3, 0], 1e-5);
});

Deno.test("covariateDirection() refuses what has no direction", () => {
  const data = {
    latents: [1, 1],
    dimensions: 1,
    labels: [1, -1],
    mean: [1],
  };
  assertThrows(() => covariateDirection(data), RangeError, "must differ");
  assertThrows(
    () => covariateDirection({ ...data, labels: [1, 1] }),
    RangeError,
    "both kinds",
  );
  assertThrows(
    () => covariateDirection({ ...data, mean: [1, 2] }),
    TypeError,
    "'mean' 1",
  );
  assertThrows(
    () => covariateDirection({ ...data, labels: [1] }),
    TypeError,
    "'latents' must be 1 x 1",
  );
});

testOnBackends(
  "startCovariates() spreads evenly over half a step to both sides",
  () => {
    using reference = owned(tf.tensor1d([7, 7]));
    const start = startCovariates(
      reference.value,
      [{ direction: [4, 0], scale: 0.5 }],
      { count: 2000, random: randomStream(1), spread: 0 },
    );
    const values = start.arraySync().map(([x]) => x - 7);
    // Uniform on [-1, 1]: mean 0, variance 1/3.
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const square = values.reduce((a, b) => a + b * b, 0) / values.length;
    assertClose([mean, square], [0, 1 / 3], 0.04);
    assertEquals(values.every((x) => Math.abs(x) <= 1), true);
    assertEquals(start.arraySync().every(([, y]) => y === 7), true);
    start.dispose();
  },
);

testOnBackends(
  "startCovariates() gives a variation the same place whatever the number of others",
  () => {
    using reference = owned(tf.tensor1d([1, 2]));
    const covariates = [{ direction: [1, 1] }];
    const random = randomStream(2);
    const few = startCovariates(reference.value, covariates, {
      count: 2,
      random,
    });
    const many = startCovariates(reference.value, covariates, {
      count: 5,
      random,
    });
    assertEquals(few.arraySync(), many.arraySync().slice(0, 2));
    tf.dispose([few, many]);
    assertThrows(
      () =>
        startCovariates(reference.value, [{ direction: [1] }], {
          count: 1,
          random,
        }),
      TypeError,
      "'covariates[0].direction' must have 2",
    );
  },
);
