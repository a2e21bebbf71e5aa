/**
 * Curves that grow in a notebook while a stage works.
 *
 * @module
 */
import { checkRange } from "../core/mod.ts";
import { curveFigure } from "./curve_figure.ts";
import { curveSketch } from "./curve_sketch.ts";
import { mediaBundle } from "./displayable.ts";
import type { FigureText } from "./figure.ts";

/** How a notebook shows something, and shows something else in its place: `Deno.jupyter.display`. */
export type NotebookDisplay = (
  bundle: unknown,
  options: { raw: true; display_id: string; update: boolean },
) => Promise<void>;

/** Options of {@linkcode liveCurves}. */
export interface LiveCurvesOptions extends Partial<FigureText> {
  /** Which of a step's numbers are drawn. @default all of the first step */
  names?: readonly string[];
  /** How often it is drawn anew, at most, evenly over the steps; the last one is always drawn. @default 60 */
  drawings?: number;
}

/** What a stage tells of a step, by name. */
export type StepNumbers = { [name: string]: number };

/** The `onStep` of a stage that does one thing, and of one that does several, which has the name of the part in front. */
export interface LiveCurves {
  (done: number, total: number, numbers: StepNumbers): Promise<void>;
  (
    part: string,
    done: number,
    total: number,
    numbers: StepNumbers,
  ): Promise<void>;
}

/**
 * Draws what a stage tells at each step, in one output that is drawn anew; one for each part, where a stage has parts.
 *
 * While the curves grow they are a sketch, after the last step a figure of Plotly: JupyterLab draws those only once.
 *
 * @param display The kernel's, `Deno.jupyter.display`.
 * @param options Which numbers, how often, titles.
 * @returns The `onStep` of a stage.
 *
 * @example
 * ```ts
 * import { liveCurves } from "@outis/outis/figures";
 *
 * // In a notebook: const { display } = Deno.jupyter;
 * const display = () => Promise.resolve();
 * const onStep = liveCurves(display, { title: "Loss", names: ["loss"] });
 * await onStep(1, 2, { loss: 0.5, norm: 3 });
 * ```
 */
export function liveCurves(
  display: NotebookDisplay,
  options: LiveCurvesOptions = {},
): LiveCurves {
  const { title = "Steps", ...rest } = options;
  const parts = new Map<string, ReturnType<typeof liveOutput>>();
  return (
    ...step: [number, number, StepNumbers] | [
      string,
      number,
      number,
      StepNumbers,
    ]
  ) => {
    const [part, done, total, numbers] = step.length === 4
      ? step
      : ["", ...step] as const;
    if (!parts.has(part)) {
      const named = part === "" ? title : `${title}: ${part}`;
      parts.set(part, liveOutput(display, { ...rest, title: named }));
    }
    return parts.get(part)!(done, total, numbers);
  };
}

/** One output. */
function liveOutput(
  display: NotebookDisplay,
  options: LiveCurvesOptions & { title: string },
) {
  const { drawings = 60, names, ...text } = options;
  checkRange("draw curves", "drawings", drawings, { min: 1, integer: true });
  const id = crypto.randomUUID();
  const x: number[] = [];
  const curves = new Map<string, number[]>();
  let drawn: number | undefined;
  return async (done: number, total: number, numbers: StepNumbers) => {
    if (x.length === 0) {
      for (const name of names ?? Object.keys(numbers)) curves.set(name, []);
    }
    for (const [name, y] of curves) y.push(numbers[name] ?? NaN);
    x.push(done);
    const share = Math.floor(done * drawings / total);
    if (share === drawn && done < total) return;
    const series = Array.from(curves, ([name, y]) => ({ name, y }));
    const curve = { xTitle: `step of ${total}`, ...text, x, series };
    const bundle = mediaBundle(
      done < total ? curveSketch(curve) : curveFigure(curve),
    );
    const update = drawn !== undefined;
    drawn = share;
    await display(bundle, { raw: true, display_id: id, update });
  };
}
