/**
 * What trainings came to, picked up from their progress.
 *
 * @module
 */
/** One training, as far as it was seen. */
export interface TrainingRecord {
  /** Name of the part. */
  part: string;
  /** Steps it had. */
  steps: number;
  /** Mean loss over its last tenth. */
  loss: number;
  /** Minutes from its first step to its last; left out where it was gone on with. */
  minutes?: number;
}

/** Takes progress and gives records. */
export interface TrainingRecords {
  /** As `onStep` is called. */
  take(
    part: string,
    done: number,
    total: number,
    metrics?: { [name: string]: number },
  ): void;
  /** The trainings that told a loss, in the order they began. */
  list(): TrainingRecord[];
}

/**
 * Makes a recorder of trainings.
 *
 * @param now A clock, milliseconds.
 * @returns The recorder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { trainingRecords } from "./training_records.ts";
 *
 * const records = trainingRecords();
 * records.take("images", 2, 2);
 * for (const done of [1, 2]) records.take("denoiser", done, 2, { loss: 1 / done });
 * assertEquals(records.list().map(({ part, loss }) => [part, loss]), [["denoiser", 0.5]]);
 * ```
 */
export function trainingRecords(
  now: () => number = () => performance.now(),
): TrainingRecords {
  const parts = new Map<
    string,
    {
      first: number;
      began: number;
      ended: number;
      steps: number;
      losses: number[];
    }
  >();
  return {
    take(part, done, total, { loss } = {}) {
      if (loss === undefined) return;
      const time = now();
      const known = parts.get(part) ??
        { first: done, began: time, ended: time, steps: total, losses: [] };
      known.ended = time;
      if (done > 0.9 * total) known.losses.push(loss);
      parts.set(part, known);
    },
    list: () =>
      Array.from(parts, ([part, { first, began, ended, steps, losses }]) => ({
        part,
        steps,
        loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
        ...(first <= 1 && { minutes: (ended - began) / 60_000 }),
      })),
  };
}
