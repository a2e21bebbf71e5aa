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
  reinforce?:
    & StudyArm["reinforce"]
    & Partial<
      Pick<
        ReproduceSettings["reinforce"],
        "identities" | "samples" | "onAlarm"
      >
    >;
  /** Where the training of its recogniser differs from the table's, for backbones. @default nowhere */
  recognizer?: Partial<TableRecognizer>;
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
    /** Seeds of training and generation, and of the people where the target draws them. */
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

/** Ways of reinforcement by what a row says of them, and where each differs from the table's. */
export type TableObjectives = {
  readonly [name: string]: NonNullable<TableMethod["reinforce"]>;
};

/**
 * The methods of a table that can be run here: real images only, Random Erasing, the cold start without reinforcement,
 * and the paper's; the generators' images each trained on all of them and on those that lookahead selects.
 *
 * @param number Which table.
 * @param objectives Further ways of reinforcement: two more rows each, in the place of the paper's. @default none
 * @returns A row each.
 * @throws {RangeError} If there is no such table.
 *
 * @example
 * ```ts
 * import { tableMethods } from "@outis/outis/stages";
 *
 * console.log(tableMethods(2).map(({ name }) => name));
 * // Real only, Random Erasing, Base DiT, Base DiT + selection, Ours without selection, Ours
 * console.log(tableMethods(2, { "direct gradient": { objective: "direct" } }).length); // 8
 * ```
 */
export function tableMethods(
  number: TableNumber,
  objectives: TableObjectives = {},
): TableMethod[] {
  checkOneOf("list methods", "number", number, TABLE_NUMBERS);
  const isPersons = number === 1;
  const reinforced = (name: string, own: Partial<TableMethod>) =>
    [
      {
        name: `${name} without selection`,
        synthetic: "reinforced",
        ...(own.reinforce && { reinforce: own.reinforce }),
      },
      { name, synthetic: "reinforced", selection: "lookahead", ...own },
    ] satisfies TableMethod[];
  return [
    { name: "Real only", printed: isPersons ? "ResNet-50" : "CASIA subset" },
    {
      name: "Random Erasing",
      ...(isPersons && { printed: "Random Erasing" }),
      erase: 0.5,
    },
    { name: "Base DiT", synthetic: "coldStart" },
    {
      name: "Base DiT + selection",
      synthetic: "coldStart",
      selection: "lookahead",
    },
    ...reinforced("Ours", { printed: "Ours" }),
    ...Object.entries(objectives).flatMap(([name, reinforce]) =>
      reinforced(`Ours, ${name}`, { reinforce })
    ),
  ];
}

/**
 * The rows of the paper's ablation (Figure 5): the cold start, then lookahead selection, then one reward after the other.
 *
 * @param objectives Ways of reinforcement: the three last rows for each. @default the table's alone
 * @returns A row each, with the paper's weights of the rewards that are on.
 *
 * @example
 * ```ts
 * import { ablationMethods } from "@outis/outis/stages";
 *
 * console.log(ablationMethods().length); // 5
 * console.log(ablationMethods({ policy: { objective: "policy" }, direct: { objective: "direct" } }).length); // 8
 * ```
 */
export function ablationMethods(
  objectives: TableObjectives = { "": {} },
): TableMethod[] {
  const { semantic, coverage, expressive } = PAPER_WEIGHTS;
  const rewards: [string, RewardWeights][] = [
    ["+ semantic", { semantic, coverage: 0, expressive: 0 }],
    ["+ coverage", { semantic, coverage, expressive: 0 }],
    ["+ expression", { semantic, coverage, expressive }],
  ];
  return [
    { name: "Base DiT", synthetic: "coldStart" },
    { name: "+ selection", synthetic: "coldStart", selection: "lookahead" },
    ...Object.entries(objectives).flatMap(([objective, reinforce]) =>
      rewards.map(([name, weights]): TableMethod => ({
        name: objective === "" ? name : `${name}, ${objective}`,
        synthetic: "reinforced",
        selection: "lookahead",
        reinforce: { ...reinforce, weights },
      }))
    ),
  ];
}
