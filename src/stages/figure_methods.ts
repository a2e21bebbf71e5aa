/**
 * The rows of the paper's figures that compare trainings: its ablation and its backbones.
 *
 * @module
 */
import type { StepsGroup } from "./steps_results.ts";
import {
  ablationMethods,
  type TableMethod,
  tableMethods,
  type TableObjectives,
  type TableRecognizer,
} from "./table_settings.ts";

/** Rows, and how they stand below each other. */
export interface FigureMethods {
  /** What is to be run; rows that need the same work share it. */
  methods: TableMethod[];
  /** How they are shown. */
  groups: StepsGroup[];
}

/** What the paper prints in Figure 5: average verification accuracy, percent; the second is read from the text. */
const PRINTED_ABLATION = [75.65, 77.85, 78.18, 78.65, 79.07];

/**
 * The rows of Figure 5, for each way of reinforcement: the cold start, then lookahead selection, then one reward after the
 * other.
 *
 * @param objectives Ways of reinforcement by name, at least one.
 * @returns Rows and groups.
 *
 * @example
 * ```ts
 * import { ablationFigureMethods } from "@outis/outis/stages";
 *
 * const { methods, groups } = ablationFigureMethods({ "policy gradient": { objective: "policy" } });
 * console.log(methods.length, groups[0].steps.at(-1)); // 5 + expression, printed 79.07
 * ```
 */
export function ablationFigureMethods(
  objectives: TableObjectives,
): FigureMethods {
  const labels = ablationMethods().map(({ name }) => name);
  return {
    methods: ablationMethods(objectives),
    groups: Object.keys(objectives).map((objective) => ({
      name: objective,
      steps: labels.map((label, i) => ({
        label,
        // The first two have no reward.
        method: i < 2 ? label : `${label}, ${objective}`,
        printed: PRINTED_ABLATION[i],
      })),
    })),
  };
}

/** Recognisers by what Figure 6 calls them, and where each differs from the table's. */
export type Backbones = { readonly [name: string]: Partial<TableRecognizer> };

/**
 * The rows of Figure 6: base, Random Erasing and ours for each backbone.
 *
 * @param backbones The backbones, at least one.
 * @returns Rows and groups.
 *
 * @example
 * ```ts
 * import { backboneFigureMethods } from "@outis/outis/stages";
 *
 * console.log(backboneFigureMethods({ CNN: {}, ViT: { rate: 5e-4 } }).methods.length); // 6
 * ```
 */
export function backboneFigureMethods(backbones: Backbones): FigureMethods {
  const rows = tableMethods(1);
  const shown = {
    "Real only": "base",
    "Random Erasing": "R-Erasing",
    Ours: "ours",
  };
  const steps = Object.entries(shown);
  return {
    methods: Object.entries(backbones).flatMap(([backbone, recognizer]) =>
      steps.map(([name]): TableMethod => {
        const { printed: _, ...method } = rows.find((row) =>
          row.name === name
        )!;
        return {
          ...method,
          name: `${backbone}, ${name}`,
          ...(Object.keys(recognizer).length > 0 && { recognizer }),
        };
      })
    ),
    groups: Object.keys(backbones).map((backbone) => ({
      name: backbone,
      steps: steps.map(([name, label]) => ({
        label,
        method: `${backbone}, ${name}`,
      })),
    })),
  };
}
