import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { tf } from "../../src/engine/mod.ts";
import { clippedSum, type OuterGradients } from "../../src/privacy/mod.ts";
import { assertClose } from "../support/assert_close.ts";
import { testOnBackends } from "../support/backends.ts";

type Gradients = { [name: string]: OuterGradients };

/** Two tensors, [5, 3] and [1, 2]; the samples' gradients have norms around 4. */
function drawn(batch: number, seed = 1): Gradients {
  const random = randomStream(seed, "gradients");
  const rows = (name: string, width: number) =>
    tf.tensor2d(random.fork(name).normals(batch * width), [batch, width]);
  return {
    kernel: { left: rows("a", 5), right: rows("s", 3) },
    bias: { left: tf.ones([batch, 1]), right: rows("t", 2) },
  };
}

/** The definition, in doubles: gradients of single samples written out, averaged over a unit, clipped, added. */
function byLoop(
  gradients: Gradients,
  units: number,
  clip: number,
  present: number[],
): { sums: { [name: string]: number[] }; norms: number[] } {
  const rows = Object.entries(gradients).map(([name, { left, right }]) => ({
    name,
    left: left.arraySync(),
    right: right.arraySync(),
  }));
  const samples = rows[0].left.length / units;
  const sums: { [name: string]: number[] } = {};
  const norms: number[] = [];
  for (let unit = 0; unit < units; unit++) {
    const means = rows.map(({ left, right }) => {
      const mean = new Array(left[0].length * right[0].length).fill(0);
      for (let k = unit * samples; k < (unit + 1) * samples; k++) {
        left[k].forEach((l, i) =>
          right[k].forEach((r, j) =>
            mean[i * right[k].length + j] += l * r / samples
          )
        );
      }
      return mean;
    });
    const norm = Math.hypot(...means.flat());
    norms.push(norm);
    const share = present[unit] * Math.min(1, clip / norm);
    for (const [i, { name }] of rows.entries()) {
      sums[name] ??= means[i].map(() => 0);
      means[i].forEach((x: number, at: number) => sums[name][at] += share * x);
    }
  }
  return { sums, norms };
}

for (const [units, samples] of [[6, 1], [3, 4], [1, 5]]) {
  testOnBackends(
    `clippedSum() is the plain loop over samples: ${units} units of ${samples}`,
    () => {
      const gradients = drawn(units * samples);
      const flags = Array.from({ length: units }, (_, i) => i === 1 ? 0 : 1);
      const present = tf.tensor1d(flags);
      // Below all norms, among them, above all.
      for (const clip of [0.01, 3, 1e3]) {
        const { sum, norms } = clippedSum(gradients, { clip, present });
        const expected = byLoop(gradients, units, clip, flags);
        assertEquals(sum.kernel.shape, [5, 3]);
        for (const name of ["kernel", "bias"]) {
          assertClose(sum[name], expected.sums[name], 5e-5);
        }
        assertClose(norms, expected.norms, 5e-5);
        tf.dispose([sum, norms]);
      }
      tf.dispose([gradients, present]);
    },
  );
}

testOnBackends(
  "no unit adds more than the clip, to the last bit of float32",
  () => {
    for (let seed = 0; seed < 20; seed++) {
      const samples = 1 + seed % 3;
      const gradients = drawn(4 * samples, seed);
      const norms = [0, 1, 2, 3].map((unit) => {
        const only = tf.tensor1d([0, 1, 2, 3].map((i) => i === unit ? 1 : 0));
        const found = clippedSum(gradients, {
          clip: 0.5,
          present: only,
        });
        const values = Object.values(found.sum).flatMap((x) =>
          Array.from(x.dataSync())
        );
        tf.dispose([only, found]);
        return Math.hypot(...values);
      });
      tf.dispose(gradients);
      for (const norm of norms) assert(norm <= 0.5 && norm > 0.4999, `${norm}`);
    }
  },
);

testOnBackends(
  "exchanging one unit moves the sum by at most twice the clip, and leaving it out by the clip",
  () => {
    const base = drawn(6, 1);
    const other = drawn(6, 2);
    const mixed = tf.tidy(() =>
      Object.fromEntries(
        Object.entries(base).map(([name, { left, right }]) => {
          const first = (a: tf.Tensor, b: tf.Tensor) =>
            tf.concat([
              tf.mul(1e6, tf.slice(b, [0, 0], [1, b.shape[1]!])),
              tf.slice(a, [1, 0], [5, a.shape[1]!]),
            ]) as tf.Tensor2D;
          return [name, {
            left: first(left, other[name].left),
            right: first(right, other[name].right),
          }];
        }),
      )
    );
    const present = tf.ones<tf.Rank.R1>([6]);
    const without = tf.tensor1d([0, 1, 1, 1, 1, 1]);
    const sums = [
      clippedSum(base, { clip: 1, present }),
      clippedSum(mixed as Gradients, { clip: 1, present }),
      clippedSum(base, { clip: 1, present: without }),
    ];
    const flat = sums.map(({ sum }) =>
      Object.values(sum).flatMap((x) => Array.from(x.dataSync()))
    );
    const distance = (a: number[], b: number[]) =>
      Math.hypot(...a.map((x, i) => x - b[i]));
    assert(distance(flat[0], flat[1]) <= 2 + 1e-5);
    assert(distance(flat[0], flat[2]) <= 1 + 1e-5);
    tf.dispose([base, other, mixed, present, without, sums]);
  },
);

testOnBackends(
  "a gradient that is not finite is not clipped away",
  () => {
    const gradients: Gradients = {
      bias: { left: tf.ones([2, 1]), right: tf.tensor2d([[1], [NaN]]) },
    };
    const present = tf.ones<tf.Rank.R1>([2]);
    const { sum, norms } = clippedSum(gradients, { clip: 1, present });
    assert(Number.isNaN(sum.bias.dataSync()[0]));
    tf.dispose([gradients, present, sum, norms]);
  },
);

testOnBackends("clippedSum() refuses what does not fit", () => {
  const gradients = drawn(6);
  const [four, six] = [4, 6].map((n) => tf.ones<tf.Rank.R1>([n]));
  assertThrows(
    () => clippedSum(gradients, { clip: 0, present: six }),
    RangeError,
    "'clip' must be a finite number above 0: current value is 0",
  );
  assertThrows(
    () => clippedSum(gradients, { clip: 1, present: four }),
    TypeError,
    "'gradients' must be of a multiple of the 4 units: current value is of 6 samples",
  );
  const short = {
    left: tf.ones([6, 1]),
    right: tf.ones([5, 2]),
  } as OuterGradients;
  assertThrows(
    () => clippedSum({ ...gradients, bias: short }, { clip: 1, present: six }),
    TypeError,
    "'bias.right'",
  );
  tf.dispose(short);
  tf.dispose([gradients, four, six]);
});
