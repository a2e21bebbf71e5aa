/**
 * Sizes and methods of a table: plain data, printed with the results.
 *
 * @module
 */
import { checkOneOf } from "../core/mod.ts";
import type { NetworkDescription } from "../models/mod.ts";
import { PAPER_WEIGHTS, type RewardWeights } from "../rewards/mod.ts";
import { TABLE_NUMBERS, type TableNumber } from "./paper_rows.ts";
import type { ReproduceSettings } from "./reproduce_settings.ts";
import type { StudyArm } from "./study_reinforcement.ts";
import type { TrainRecognizerOptions } from "./train_recognizer_options.ts";

/** A row that can be run: what a recogniser is trained on, and how. */
export type TableMethod = {
  /** What it is called in the table. */
  name: string;
  /** The paper's row for it. @default none */
  printed?: string;
  /**
   * Where its synthetic images come from: the cold start, what reinforcement made of it, or a folder of images.
   *
   * @default none: real images alone
   */
  synthetic?: "coldStart" | "reinforced" | { folder: string };
  /** Whether real images are trained on, too. @default "both" */
  training?: "both" | "synthetic";
  /** All synthetic images, or those lookahead keeps (eq. 12). @default "all" */
  selection?: "all" | "lookahead";
  /** Probability of Random Erasing. @default 0 */
  erase?: number;
  /** Where its reinforcement differs from the table's, for ablations. @default nowhere */
  reinforce?: StudyArm["reinforce"];
};

/** How the recognisers of a table are trained: a recipe, and where this differs from it. Plain data. */
export type TableRecognizer =
  & {
    /** The network; the images are of its size. */
    network: NetworkDescription;
    /** As section 5.1 trains persons, or faces. */
    recipe: "persons" | "faces";
    /** Number of steps. */
    steps: number;
    /** Synthetic candidates in a step. */
    candidates: number;
  }
  & Pick<
    TrainRecognizerOptions,
    | "batchSize"
    | "sampler"
    | "keepFraction"
    | "loss"
    | "rate"
    | "schedule"
    | "padding"
    | "average"
  >;

/** Everything that decides a table, beside data, prior and engine. */
export type TableSettings =
  & Pick<
    ReproduceSettings,
    "coldStart" | "sampling" | "reinforce" | "generate"
  >
  & {
    /** Seeds of training and generation; the images are the same under all. */
    seeds: number[];
    /** Rows, from top to bottom. */
    methods: TableMethod[];
    /** The recogniser whose features are rewarded. */
    embedder: { steps: number; batchSize: number; rate: number };
    /** The recognisers compared. */
    recognizer: TableRecognizer;
    /** Whether images of the generator's size are brought to the recogniser's where these differ. */
    resize: boolean;
  };

/**
 * The methods of a table that can be run here: real images only, Random Erasing, the cold start without reinforcement,
 * and the paper's.
 *
 * @param number Which table.
 * @returns A row each.
 * @throws {RangeError} If there is no such table.
 *
 * @example
 * ```ts
 * import { tableMethods } from "@outis/outis/stages";
 *
 * console.log(tableMethods(2).map(({ name }) => name)); // Real only, Random Erasing, Base DiT, Ours
 * ```
 */
export function tableMethods(number: TableNumber): TableMethod[] {
  checkOneOf("list methods", "number", number, TABLE_NUMBERS);
  const isPersons = number === 1;
  return [
    { name: "Real only", printed: isPersons ? "ResNet-50" : "CASIA subset" },
    {
      name: "Random Erasing",
      ...(isPersons && { printed: "Random Erasing" }),
      erase: 0.5,
    },
    { name: "Base DiT", synthetic: "coldStart" },
    {
      name: "Ours",
      printed: "Ours",
      synthetic: "reinforced",
      selection: "lookahead",
    },
  ];
}

/**
 * The rows of the paper's ablation (Figure 5): the cold start, then lookahead selection, then one reward after the other.
 *
 * @returns A row each, with the paper's weights of the rewards that are on.
 *
 * @example
 * ```ts
 * import { ablationMethods } from "@outis/outis/stages";
 *
 * console.log(ablationMethods().length); // 5
 * ```
 */
export function ablationMethods(): TableMethod[] {
  const { semantic, coverage, expressive } = PAPER_WEIGHTS;
  const rewards: [string, RewardWeights][] = [
    ["+ semantic", { semantic, coverage: 0, expressive: 0 }],
    ["+ coverage", { semantic, coverage, expressive: 0 }],
    ["+ expression", { semantic, coverage, expressive }],
  ];
  return [
    { name: "Base DiT", synthetic: "coldStart" },
    { name: "+ selection", synthetic: "coldStart", selection: "lookahead" },
    ...rewards.map(([name, weights]): TableMethod => ({
      name,
      synthetic: "reinforced",
      selection: "lookahead",
      reinforce: { weights },
    })),
  ];
}
