import { assertAlmostEquals, assertEquals } from "@std/assert";
import { randomStream } from "../../src/core/mod.ts";
import { gaussianFit } from "../../src/metrics/gaussian_fit.ts";
import { testOnBackends } from "../support/backends.ts";

for (
  const [name, count, width] of [
    ["fewer vectors than features", 4, 6],
    ["more vectors than features", 40, 6],
    ["more vectors than are added at a time", 1500, 4],
  ] as const
) {
  testOnBackends(`gaussianFit() factors the covariance of ${name}`, () => {
    const data = randomStream(1).normals(count * width).map((v, at) =>
      v + at % width
    );
    const { mean, factor, trace } = gaussianFit({ data, width });
    assertEquals(factor.columns, width);
    assertEquals(factor.rows, Math.min(count, width));
    const column = (i: number) => data.filter((_, at) => at % width === i);
    const average = (values: ArrayLike<number>) =>
      Array.from(values).reduce((a, b) => a + b) / values.length;
    const product = factor.transpose().mmul(factor);
    let diagonal = 0;
    for (let i = 0; i < width; i++) {
      assertAlmostEquals(mean[i], average(column(i)), 1e-12);
      for (let j = 0; j < width; j++) {
        const [a, b] = [
          Float64Array.from(column(i)),
          Float64Array.from(column(j)),
        ];
        const covariance = average(a.map((v, k) =>
          (v - mean[i]) * (b[k] - mean[j])
        )) *
          count / (count - 1);
        assertAlmostEquals(product.get(i, j), covariance, 1e-10);
        if (i === j) diagonal += covariance;
      }
    }
    assertAlmostEquals(trace, diagonal, 1e-10);
  });
}
