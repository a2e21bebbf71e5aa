/**
 * The Stop button of a notebook, as what long work listens to.
 *
 * @module
 */

/** Of the cells that run now; spent once it fired. */
let present: AbortController | undefined;

/**
 * Gives the signal that fires when the kernel of a notebook is interrupted: by JupyterLab's Stop button, or by "i, i".
 *
 * Trainings and `generate` listen to it by themselves in a notebook; other work takes it as `signal`. The kernel, and all
 * that cells have made, live on. An interrupt reaches the kernel as SIGINT, which ends a process that does not care: the
 * kernel of `deno task lab` ignores it until the first call of this, after which it is heard. Each interrupt fires the
 * signals given out before it, so ask for one where the work begins.
 *
 * @returns The signal; undefined outside of Deno's Jupyter kernel, where Ctrl-C keeps its meaning.
 *
 * @example
 * ```ts
 * import { stopSignal } from "@outis/outis/core";
 *
 * // In a cell: the dots end when Stop is pressed.
 * const signal = stopSignal();
 * while (signal && !signal.aborted) {
 *   await new Promise((resolve) => setTimeout(resolve, 500));
 *   console.log(".");
 * }
 * ```
 */
export function stopSignal(): AbortSignal | undefined {
  if (present === undefined) {
    if (!isNotebook()) return undefined;
    Deno.addSignalListener("SIGINT", () => {
      const stopped = present!;
      present = new AbortController();
      stopped.abort(new DOMException(STOPPED, "AbortError"));
    });
    present = new AbortController();
  }
  return present.signal;
}

const STOPPED =
  "Stopped. Run the cell again to go on from its checkpoint, or from the start where it has none";

/** Deno.jupyter throws everywhere but in the kernel. */
function isNotebook(): boolean {
  try {
    return typeof Deno.jupyter === "object";
  } catch {
    return false;
  }
}
