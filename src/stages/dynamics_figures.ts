/**
 * Figures of what the dynamics tell of themselves.
 *
 * @module
 */
import type { MetricRecord } from "../core/mod.ts";
import { curveFigure, type Figure } from "../figures/mod.ts";

/** Title, unit and numbers of each figure. */
const FIGURES: readonly [title: string, yTitle: string, names: string[]][] = [
  ["Angles", "rad", ["smallestAngle", "meanAngle", "largestAngle"]],
  ["Overlaps", "pairs", ["overlaps"]],
  ["Smallest distance of two latents", "", ["latentDistance"]],
  ["Norm of the forces", "", ["force", "largestForce"]],
  ["Length of a step", "time", ["dt"]],
  ["To the nearest real person", "rad", ["nearestReal"]],
  ["Rewards of the samples", "", ["semantic", "coverage", "expressive"]],
];

/**
 * Draws records of Langevin, Dispersion or reinforcement: a figure for each kind of number they have.
 *
 * @param records In the order of their steps.
 * @param xTitle What a step is.
 * @returns The figures; none where nothing was recorded.
 *
 * @example
 * ```ts
 * import { dynamicsFigures } from "./dynamics_figures.ts";
 *
 * const records = [{ step: 1, overlaps: 3 }, { step: 2, overlaps: 1 }];
 * console.log(dynamicsFigures(records, "iteration").length); // 1
 * ```
 */
export function dynamicsFigures(
  records: readonly MetricRecord[],
  xTitle: string,
): Figure[] {
  // A step of particles that stand still tells nothing but that.
  const told = (name: string) => records.filter((one) => name in one);
  return FIGURES.flatMap(([title, yTitle, names]) => {
    const series = names.map((name) => ({
      name,
      x: told(name).map(({ step }) => Number(step)),
      y: told(name).map((record) => Number(record[name])),
    })).filter(({ y }) => y.length > 0 && y.every(Number.isFinite));
    return series.length === 0
      ? []
      : [curveFigure({ title, xTitle, yTitle, series })];
  });
}
