/**
 * The part of a report that tells whether the reinforcement was healthy.
 *
 * @module
 */
import type { MetricRecord } from "../core/mod.ts";
import { curveFigure, type Figure } from "../figures/mod.ts";

/** A part of a report. */
export interface HealthSection {
  /** Its title. */
  heading: string;
  /** What the numbers are of, and which alarms there were. */
  intro: string;
  /** Curves over the iterations. */
  parts: Figure[];
}

/** Curves that belong together: title, names in the log, and how they are drawn. */
const FIGURES: {
  title: string;
  names: string[];
  yTitle?: string;
  yScale?: "log";
  smooth?: boolean;
}[] = [
  {
    title: "Semantic reward of the batch",
    names: ["semantic", "auditor"],
    smooth: true,
  },
  { title: "Coverage of the batch", names: ["coverage"], smooth: true },
  {
    title: "Expressive diversity of the batch",
    names: ["expressive"],
    smooth: true,
  },
  {
    title: "Mean size of the standardised rewards",
    names: [
      "semanticStandardized",
      "coverageStandardized",
      "expressiveStandardized",
    ],
    smooth: true,
  },
  {
    title: "Weights of the rewards",
    names: ["semanticWeight", "coverageWeight", "expressiveWeight"],
  },
  {
    title: "Divergence from the cold start",
    names: ["kl"],
    yTitle: "nats per dimension",
  },
  {
    title: "Spread within identities (S_g of eq. 8)",
    names: ["spread"],
    smooth: true,
  },
  {
    title: "Norm of the gradient before clipping",
    names: ["norm"],
    yScale: "log",
  },
  {
    title: "Clipped share, and effective share of the samples",
    names: ["clipFraction", "sampleSize"],
  },
];

/**
 * Draws the logged numbers of a reinforcement; a curve for each that was logged.
 *
 * @param training Records of the iterations, oldest first.
 * @param sizes Of the batches.
 * @returns The part of the report.
 *
 * @example
 * ```ts
 * import { reinforcementHealth } from "./report_health.ts";
 *
 * const records = [1, 2].map((step) => ({ step, kl: 0.01 * step, alarm: 0 }));
 * const { intro } = reinforcementHealth(records, { identities: 8, samples: 16 });
 * console.log(intro.includes("No alarm")); // true
 * ```
 */
export function reinforcementHealth(
  training: MetricRecord[],
  { identities, samples }: { identities: number; samples: number },
): HealthSection {
  const x = training.map(({ step }) => Number(step));
  const logged = (name: string) => training.some((record) => name in record);
  const alarms = training.filter(({ alarm }) => Number(alarm ?? 0) > 0)
    .map(({ step }) => step);
  const alarmed = alarms.length === 0
    ? "No alarm was raised."
    : `An alarm was raised at ${alarms.length} of ${training.length} iterations, first at ${
      alarms[0]
    }.`;
  return {
    heading: "Health of the reinforcement",
    intro:
      `Numbers of the training batches (${identities} identities x ${samples} samples, drawn anew each time). ${alarmed}`,
    parts: FIGURES.flatMap(({ names, smooth, ...figure }) => {
      const own = names.filter(logged);
      if (own.length === 0) return [];
      return [curveFigure({
        ...figure,
        xTitle: "iteration",
        smoothing: smooth && training.length > 10 ? 5 : 1,
        series: own.map((name) => ({
          name,
          x,
          y: training.map((record) => Number(record[name] ?? NaN)),
        })),
      })];
    }),
  };
}
