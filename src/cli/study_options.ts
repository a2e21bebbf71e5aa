/**
 * Options that all studies have, and what they plan.
 *
 * @module
 */
import type { Option } from "./options.ts";
import type { Plan } from "./plan.ts";

/** What differs between studies. */
export interface StudyNames {
  /** Name of its files among the results. */
  files: string;
  /** Run directory, unless it is given. */
  run: string;
  /** Names of the sizes. */
  presets: readonly string[];
  /** How many seeds there are, unless it is said. */
  seeds: number;
  /** The least there may be. @default 1 */
  least?: number;
}

/** A value that has to be an option's kind. */
type Valued = Option & { value: string };

/** What every study understands. */
export interface StudyOptions {
  /** Sizes. */
  preset: Valued;
  /** How many seeds. */
  seeds: Valued & { least: number };
  /** Where the run is kept. */
  out: Valued;
  /** Where page and numbers go. */
  results: Valued;
}

/**
 * Makes the options that all studies have.
 *
 * @param study What differs between them.
 * @returns The options.
 *
 * @example
 * ```ts
 * import { studyOptions } from "./study_options.ts";
 *
 * const { seeds } = studyOptions({ files: "trial", run: "runs/trial", presets: ["tiny"], seeds: 3 });
 * console.log(seeds.help); // how many seeds (default 3)
 * ```
 */
export function studyOptions(
  { files, run, presets, seeds, least = 1 }: StudyNames,
): StudyOptions {
  return {
    preset: {
      value: "NAME",
      choices: presets,
      help: `sizes: ${presets.join(" or ")} (default small)`,
    },
    seeds: { value: "N", least, help: `how many seeds (default ${seeds})` },
    out: {
      value: "DIR",
      help: `run directory, gone on with if there (default ${run})`,
    },
    results: {
      value: "DIR",
      help:
        `where ${files}.{json,md} go, and ${files}_notes.md for the page's end is (default data/results)`,
    },
  };
}

/** What the page calls images that were given. */
export const sourceOption = {
  value: "TEXT",
  help: "what the page calls the images (default: their numbers)",
} as const;

/** The generator a study starts from. */
export const priorOption = {
  value: "DIR",
  help: "pretrained generator with its auditor (default: the one shipped)",
} as const;

/** What a study is about to do. */
export interface StudyWork {
  /** What it does, without seeds: a sentence without its full stop. */
  does: string;
  /** How many seeds. */
  seeds: number;
  /** Seconds a seed takes on the machine of reference. */
  seconds: number;
  /** Seconds all of them need once. @default 0 */
  once?: number;
  /** Where the run is kept. */
  out: string;
}

/** Memory of the largest of them, MB. */
const MEMORY = 1600;

/**
 * Plans a study.
 *
 * @param work What it is about to do.
 * @returns The plan.
 *
 * @example
 * ```ts
 * import { studyPlan } from "./study_options.ts";
 *
 * const work = { does: "Trains five recognisers", seeds: 3, seconds: 100, out: "runs/trial" };
 * console.log(studyPlan(work).does); // Trains five recognisers under 3 seeds
 * ```
 */
export function studyPlan(
  { does, seeds, seconds, once = 0, out }: StudyWork,
): Plan {
  return {
    does: `${does} under ${seeds} seed${seeds === 1 ? "" : "s"}`,
    referenceSeconds: once + seeds * seconds,
    memory: MEMORY,
    disk: 200,
    out,
  };
}
