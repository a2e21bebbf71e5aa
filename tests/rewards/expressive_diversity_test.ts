import { assert, assertThrows } from "@std/assert";
import { owned, tf } from "../../src/engine/mod.ts";
import {
  expressiveDiversity,
  type ExpressiveDiversityOptions,
} from "../../src/rewards/mod.ts";
import golden from "../golden/rewards.json" with { type: "json" };
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";
import { assertGradient } from "./assert_gradient.ts";
import { takeAll } from "./take.ts";

function diversity(
  generated: number[][],
  reference: number[][],
  options?: ExpressiveDiversityOptions,
): { value: number[]; perSample: number[] } {
  using g = owned(tf.tensor2d(generated));
  using r = owned(tf.tensor2d(reference));
  return takeAll(expressiveDiversity(g.value, r.value, options));
}

// Spreads on the unit circle: east and north 1/2 + 1/2 = 1; east and west 1 + 1 = 2; east, east and west have the mean
// 1/3 and 4/9 + 4/9 + 16/9 = 24/9, divided by 2: 4/3.
const east = [1, 0];
const north = [0, 1];
const west = [-1, 0];

testOnBackends(
  "expressiveDiversity() punishes the distance to a little more spread (eq. 9)",
  () => {
    const { value, perSample } = diversity([[2, 0], [0, 3]], [east, west]);
    assertClose(value, [-((1 - 1.1 * 2) ** 2)], 1e-5);
    assertClose(perSample, [-1.44, -1.44], 1e-5);
    const scaled = diversity([east, west], [east, north], {
      epsilon: 0.5,
      tau: 2,
    });
    assertClose(scaled.value, [-(((2 - 1.5) / 2) ** 2)], 1e-6);
  },
);

testOnBackends(
  "expressiveDiversity() is 0 at the wished spread and negative elsewhere",
  () => {
    assertClose(
      diversity([east, west], [east, north], { epsilon: 1 }).value,
      [0],
      1e-6,
    );
    assert(diversity([east, north], [east, north]).value[0] < 0);
    assert(diversity([east, west], [east, north]).value[0] < 0);
  },
);

// Without an east: east and west, spread 2; without west: spread 0. Against 1.1 (the references' 1): -(4/3 - 1.1)²
// with all, -(2 - 1.1)² and -(0 - 1.1)² without.
testOnBackends(
  "expressiveDiversity() can credit what the set would lose without a sample",
  () => {
    const { value, perSample } = diversity([east, east, west], [east, north], {
      credit: "leaveOneOut",
    });
    const all = -((4 / 3 - 1.1) ** 2);
    assertClose(value, [all], 1e-6);
    assertClose(perSample, [all + 0.81, all + 0.81, all + 1.21], 1e-5);
  },
);

testOnBackends("expressiveDiversity() gives NumPy's values", () => {
  golden.expressiveValues.forEach((value, y) => {
    const mine = (labels: number[]) => (_: unknown, i: number) =>
      labels[i] === y;
    const generated = golden.generated.filter(mine(golden.labels));
    const reference = golden.references.filter(mine(golden.referenceLabels));
    const shared = diversity(generated, reference);
    assertClose(shared.value, [value], 1e-6);
    assertClose(
      shared.perSample,
      golden.raw.expressive.filter(mine(golden.labels)),
      1e-6,
    );
    const apart = diversity(generated, reference, { credit: "leaveOneOut" });
    assertClose(apart.value, [value], 1e-6);
    assertClose(
      apart.perSample,
      golden.raw.expressiveLeaveOneOut.filter(mine(golden.labels)),
      2e-6,
    );
  });
});

testOnBackends("expressiveDiversity() knows no norm, rotation or order", () => {
  const [c, s] = [Math.cos(2), Math.sin(2)];
  const turn = ([x, y]: number[]) => [5 * (c * x - s * y), 5 * (s * x + c * y)];
  const generated = [[1, 0.2], [-0.4, 2], [0.3, -1]];
  const reference = [[1, 1], [0, -1]];
  assertClose(
    diversity(generated.map(turn).reverse(), reference.map(turn)).value,
    diversity(generated, reference).value,
    1e-5,
  );
});

testOnBackends(
  "expressiveDiversity() has the gradient of central differences",
  () => {
    using r = owned(tf.tensor2d([[0.2, 1, -0.3], [1, 1, 1]]));
    const at = [[1, -0.5, 0.5], [0.3, 0.4, 1], [-1, 0.4, 0.6]];
    assertGradient((x) => expressiveDiversity(x, r.value).value, at);
    for (const credit of ["shared", "leaveOneOut"] as const) {
      assertGradient(
        (x) => expressiveDiversity(x, r.value, { credit }).perSample,
        at,
      );
    }
  },
);

testOnBackends(
  "expressiveDiversity() refuses sets without a covariance, never NaN",
  () => {
    assertThrows(
      () => diversity([east], [east, west]),
      RangeError,
      "Cannot score expressive diversity as 'number of samples' must be a finite number at least 2: current value is 1",
    );
    assertThrows(
      () => diversity([east, west], [east]),
      RangeError,
      "'number of references'",
    );
    assertThrows(
      () => diversity([east, west], [east, west], { credit: "leaveOneOut" }),
      RangeError,
      "at least 3: current value is 2",
    );
  },
);

testOnBackends(
  "expressiveDiversity() refuses other widths and options out of range",
  () => {
    const set = [east, west];
    assertThrows(() => diversity(set, [[1, 0, 0], [0, 1, 0]]), TypeError);
    assertThrows(() => diversity(set, set, { tau: 0 }), RangeError, "tau");
    assertThrows(
      () => diversity(set, set, { epsilon: -1 }),
      RangeError,
      "epsilon",
    );
    assertThrows(
      () => diversity(set, set, { credit: "equal" as "shared" }),
      RangeError,
      "credit",
    );
  },
);

testOnBackends(
  "expressiveDiversity() refuses vectors without a direction, never NaN",
  () => {
    assertThrows(
      () => diversity([east, [0, 0]], [east, west]),
      RangeError,
      "Cannot score expressive diversity as 'generated[1]' must be finite and not zero: current value is a zero vector",
    );
    assertThrows(
      () => diversity([east, west], [east, [NaN, 1]]),
      RangeError,
      "'reference[1]'",
    );
  },
);

// Three samples within a thousandth of each other, far narrower than wished: by hand, from float64. The difference of
// the two squares, 1.21 each, would be lost in float32.
testOnBackends(
  "expressiveDiversity() credits samples of a narrow set apart",
  () => {
    const angles = [0, 1e-3, -2e-3];
    const set = angles.map((angle) => [Math.cos(angle), Math.sin(angle)]);
    const spread = (rows: number[][]) => {
      const mean = [0, 1].map((d) =>
        rows.reduce((sum, row) => sum + row[d], 0) / rows.length
      );
      const squares = rows.map((row) =>
        (row[0] - mean[0]) ** 2 + (row[1] - mean[1]) ** 2
      );
      return squares.reduce((a, b) => a + b) / (rows.length - 1);
    };
    const wished = 1.1 * 2; // east and west spread by 2
    const reward = (rows: number[][]) => -((spread(rows) - wished) ** 2);
    const expected = set.map((_, j) =>
      reward(set) - reward(set.filter((_, k) => k !== j))
    );
    const { perSample } = diversity(set, [east, west], {
      credit: "leaveOneOut",
    });
    const scale = Math.max(...expected.map(Math.abs));
    assertClose(
      perSample.map((x) => x / scale),
      expected.map((x) => x / scale),
      1e-3,
    );
  },
);
