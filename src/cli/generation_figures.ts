/**
 * Figures of synthetic images, as `outis evaluate` prints them.
 *
 * @module
 */
import type { EvaluatedGeneration } from "../stages/mod.ts";
import {
  type EvaluationFigures,
  withoutOverlap,
} from "./evaluation_figures.ts";

/**
 * Figures of synthetic images.
 *
 * @param result What was evaluated.
 * @returns Its figures.
 *
 * @example
 * ```ts
 * import { generationFigures } from "./generation_figures.ts";
 *
 * console.log(generationFigures.length); // 1
 * ```
 */
export function generationFigures(
  result: EvaluatedGeneration,
): EvaluationFigures {
  const { frechet, kernel, prdc, angles, consistency, halves } = result;
  const degrees = (radians?: { mean: number; std: number }) =>
    radians === undefined ? null : {
      value: radians.mean * 180 / Math.PI,
      error: radians.std * 180 / Math.PI,
    };
  const { real, synthetic } = consistency;
  return {
    columns: [
      { title: "figure" },
      { title: "synthetic" },
      { title: "real, for comparison" },
    ],
    rows: [
      ["Fréchet distance", frechet.distance, halves?.frechet ?? null],
      [
        "kernel distance",
        {
          value: kernel.distance,
          ...(kernel.std !== undefined && { error: kernel.std }),
        },
        halves?.kernel ?? null,
      ],
      ["precision", prdc?.precision ?? null, null],
      ["recall", prdc?.recall ?? null, null],
      ["density", prdc?.density ?? null, null],
      ["coverage", prdc?.coverage ?? null, null],
      [
        "angle within identities, degrees",
        degrees(angles.synthetic.intra),
        degrees(angles.real.intra),
      ],
      [
        "angle between identities, degrees",
        degrees(angles.synthetic.inter),
        degrees(angles.real.inter),
      ],
      [
        "cosine with the identity's other images",
        synthetic?.cosine ?? null,
        real?.cosine ?? null,
      ],
      [
        "nearest to their own identity",
        synthetic?.own ?? null,
        real?.own ?? null,
      ],
    ],
    protocols: { "": result.protocol },
    absent: withoutOverlap(result.absent),
    overlap: result.overlap === undefined ? {} : { "": result.overlap },
    notes: [
      ...(halves
        ? [
          "The distances of real images are those between two halves of them, so with half as many.",
        ]
        : []),
      ...(frechet.caution === undefined ? [] : [frechet.caution]),
    ],
  };
}
