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
  /** Number of iterations at which an alarm was raised. */
  alarms: number;
}

/** Curves that belong together: title, what a healthy one looks like, names in the log, and how they are drawn. */
const FIGURES: {
  title: string;
  note: string;
  names: string[];
  yTitle?: string;
  yScale?: "log";
  smooth?: boolean;
}[] = [
  {
    title: "Semantic reward of the batch",
    note:
      "Should rise, or stay. A second embedder that falls while the reward rises says that the reward is being gamed.",
    names: ["semantic", "auditor"],
    smooth: true,
  },
  {
    title: "Coverage of the batch",
    note:
      "How close an identity's images lie to its real ones, less how close they lie to each other: it falls when they become alike.",
    names: ["coverage"],
    smooth: true,
  },
  {
    title: "Expressive diversity of the batch",
    note:
      "At 0 images spread as wished, a little wider than the real ones; below it less, or too much.",
    names: ["expressive"],
    smooth: true,
  },
  {
    title: "Mean size of the standardised rewards",
    note:
      "What each reward brings into the sum, before its weight: none should drown the others.",
    names: [
      "semanticStandardized",
      "coverageStandardized",
      "expressiveStandardized",
    ],
    smooth: true,
  },
  {
    title: "Weights of the rewards",
    note: "How much each counts at this iteration.",
    names: ["semanticWeight", "coverageWeight", "expressiveWeight"],
  },
  {
    title: "Divergence from the cold start",
    note:
      "How far the generator has moved; slow and small is healthy, a steady climb is not.",
    names: ["kl"],
    yTitle: "nats per dimension",
  },
  {
    title: "Spread within identities (S_g of eq. 8)",
    note: "Towards 0 an identity has but one image left: collapse.",
    names: ["spread"],
    smooth: true,
  },
  {
    title: "Norm of the gradient before clipping",
    note:
      "On a logarithmic axis: peaks are single bad batches, a climb is the beginning of a divergence.",
    names: ["norm"],
    yScale: "log",
  },
  {
    title: "Clipped share, and effective share of the samples",
    note:
      "Many clipped ratios, or few samples that count, say that the step is too long.",
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
    alarms: alarms.length,
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
          name: spoken(name),
          x,
          y: training.map((record) => Number(record[name] ?? NaN)),
        })),
      })];
    }),
  };
}

/** Name of a logged number in a legend, whose figure says the rest. */
function spoken(name: string): string {
  const short = name.replace(/(Standardized|Weight)$/, "");
  return SPOKEN[short] ?? short;
}

const SPOKEN: { readonly [name: string]: string } = {
  auditor: "second embedder",
  clipFraction: "clipped",
  sampleSize: "effective",
};
