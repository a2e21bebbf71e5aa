/**
 * Progress of work that comes in parts.
 *
 * @module
 */
import { type Progress, progress, type ProgressOptions } from "./progress.ts";

/** Shows the parts of a run one after the other. */
export interface PartProgress {
  /** Shows where a part is; a new name ends the part before. */
  step: (
    part: string,
    done: number,
    total: number,
    metrics: { [name: string]: number },
  ) => void;
  /** Ends the present part. */
  end: () => void;
}

/** What is worth a glance while training, in this order. */
const GLANCED = ["loss", "semantic", "coverage", "kl"];

/**
 * Starts the display.
 *
 * @param options Where and how each part is shown.
 * @returns The display, to be ended.
 *
 * @example
 * ```ts
 * import { partProgress } from "./part_progress.ts";
 *
 * const shown: string[] = [];
 * const parts = partProgress({ write: (text) => shown.push(text) });
 * parts.step("cold start", 1, 2, { loss: 0.5 });
 * parts.step("cold start", 2, 2, { loss: 0.25 });
 * parts.end();
 * ```
 */
export function partProgress(
  options: Omit<ProgressOptions, "from"> = {},
): PartProgress {
  let current: { part: string; display: Progress } | undefined;
  let note = "";
  const end = () => {
    current?.display.done(note);
    current = undefined;
  };
  return {
    step(part, done, total, metrics) {
      if (current?.part !== part) {
        end();
        // What was done before this first call was done by an earlier session.
        const from = Math.max(0, done - 1);
        current = {
          part,
          display: progress(part, total, { ...options, from }),
        };
      }
      note = GLANCED.filter((name) => name in metrics)
        .map((name) => `${name} ${metrics[name].toPrecision(4)}`)
        .join(", ");
      current.display.update(done, note);
      if (done >= total) end();
    },
    end,
  };
}
