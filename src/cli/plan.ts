/**
 * What a run says before it starts: what it will do, about how long that takes, what it needs.
 *
 * @module
 */
import { type Machine, REFERENCE } from "./machine.ts";

/** What a run is about to do. */
export interface Plan {
  /** What it will do: a sentence without its full stop. */
  does: string;
  /** Seconds that takes on the machine kept times refer to, idle. */
  referenceSeconds?: number;
  /** Seconds that takes here, where that was measured. */
  seconds?: number;
  /** Most memory held, MB. */
  memory?: number;
  /** What is written, MB. */
  disk?: number;
  /** Where it is written. */
  out?: string;
  /** Whether a part of it was done before. @default false */
  resumed?: boolean;
}

/** Programs for each core from which on a run takes notably longer. */
const BUSY = 1.5;

/**
 * Says a plan.
 *
 * @param plan What the run is about to do.
 * @param machine Where.
 * @returns Two lines, and one more for each thing there is too little of.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { planText } from "./plan.ts";
 *
 * const plan = { does: "Trains a recogniser", referenceSeconds: 560, memory: 1500 };
 * assertEquals(planText(plan, { computes: "2 cores of AMD EPYC", speed: 2 }), [
 *   "Trains a recogniser.",
 *   "Takes about 4.7 min on 2 cores of AMD EPYC; needs about 1.5 GB of memory.",
 * ]);
 * ```
 */
export function planText(
  plan: Plan,
  { computes, speed, load = 0, memory, disk }: Machine,
): string[] {
  const seconds = plan.seconds ??
    (plan.referenceSeconds === undefined
      ? undefined
      : plan.referenceSeconds / (speed ?? 1));
  const isMeasured = plan.seconds !== undefined || speed !== undefined;
  const needs = [
    plan.memory && `${amount(plan.memory)} of memory`,
    plan.disk &&
    `${amount(plan.disk)} of disk${plan.out ? ` in ${plan.out}` : ""}`,
  ].filter(Boolean);
  const facts = [
    seconds !== undefined &&
    `Takes ${plan.resumed ? "at most " : ""}about ${roughly(seconds)} on ${
      isMeasured ? computes : REFERENCE
    }`,
    needs.length > 0 &&
    `${seconds === undefined ? "Needs" : "needs"} about ${needs.join(" and ")}`,
  ].filter(Boolean);
  return [
    `${plan.does}.`,
    ...(facts.length > 0 ? [`${facts.join("; ")}.`] : []),
    ...(seconds !== undefined && load > BUSY
      ? [
        `Longer while the machine is busy: ${
          load.toFixed(1)
        } programs want each core now.`,
      ]
      : []),
    ...scarce("memory", plan.memory, memory),
    ...scarce("disk", plan.disk, disk),
  ];
}

function scarce(what: string, needed = 0, free = Infinity): string[] {
  if (needed <= free) return [];
  return [`Only ${amount(free)} of ${what} are free: it may not suffice.`];
}

/** Two figures are all that an estimate is worth. */
function roughly(seconds: number): string {
  const round = (value: number) => Number(value.toPrecision(value < 1 ? 1 : 2));
  if (seconds < 10) return "10 s";
  if (seconds < 90) return `${10 * Math.round(seconds / 10)} s`;
  if (seconds < 90 * 60) return `${round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${round(seconds / 3600)} hours`;
  return `${round(seconds / 86_400)} days`;
}

function amount(megabytes: number): string {
  return megabytes < 1000
    ? `${Math.ceil(megabytes)} MB`
    : `${(megabytes / 1000).toFixed(1)} GB`;
}
