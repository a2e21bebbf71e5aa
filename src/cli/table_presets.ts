/**
 * Sizes of the tables.
 *
 * @module
 */
import { type NetworkName, networkPreset } from "../models/mod.ts";
import {
  type Backbones,
  type ProceduralTablePeople,
  type TableMethod,
  tableMethods,
  type TableNumber,
  type TableObjectives,
  type TableRecognizer,
  type TableSettings,
} from "../stages/mod.ts";
import {
  directGradient,
  paper as printed,
  photographs,
  small as whole,
  tiny as smallest,
} from "./presets.ts";

/** Names of the sizes. */
export type TablePreset = "tiny" | "small" | "paper";

/** All names. */
export const TABLE_PRESETS: readonly TablePreset[] = ["tiny", "small", "paper"];

/** Which ways of reinforcement have rows. */
export type Objective = "policy" | "direct" | "both";

/** All choices. */
export const OBJECTIVES: readonly Objective[] = ["policy", "direct", "both"];

/** What one size of one table has. */
interface Sizes {
  /** The procedural people, where no data set is given. */
  people: ProceduralTablePeople;
  /** Name of the network. */
  network: NetworkName;
  /** Whether it has a neck. */
  neck: boolean;
  /** Rows of its images. */
  height: number;
  /** All else about the recogniser. */
  recognizer: Omit<TableRecognizer, "network">;
  /** All else. */
  settings: Pick<
    TableSettings,
    "coldStart" | "sampling" | "reinforce" | "generate" | "embedder" | "resize"
  >;
  /** Where the two ways of reinforcement differ from `settings.reinforce`. */
  objectives: { [name in "policy" | "direct"]: TableMethod["reinforce"] };
}

const pick = (
  { coldStart, sampling, reinforce, generate, embedder, recognizer }:
    typeof whole,
): Sizes["settings"] => ({
  coldStart,
  sampling,
  reinforce,
  generate,
  embedder: {
    ...embedder,
    batchSize: recognizer.batchSize,
    rate: recognizer.rate,
  },
  resize: false,
});

/** What each way of reinforcement needs of its own. */
const objectives: Sizes["objectives"] = {
  policy: { objective: "policy" },
  direct: directGradient,
};

/** Few pictures of few people, and as many strangers to judge on as give steady numbers. */
const people: ProceduralTablePeople = {
  identities: 32,
  imagesPerIdentity: 6,
  testIdentities: 48,
  testImagesPerIdentity: 6,
};

const faces: Sizes = {
  people,
  network: "small",
  neck: false,
  height: 64,
  recognizer: {
    recipe: "faces",
    steps: 200,
    batchSize: 32,
    candidates: 32,
    keepFraction: 0.75,
    // The published margin and scale belong to thousands of identities.
    loss: { classification: "cosFace", margin: 0.25, scale: 24 },
    rate: 0.05,
    padding: 4,
  },
  settings: pick(whole),
  objectives,
};

const persons: Sizes = {
  people: { ...people, identities: 48, testIdentities: 96 },
  network: "resnet-small",
  neck: true,
  height: 64,
  recognizer: {
    recipe: "persons",
    steps: 300,
    sampler: { identities: 8, images: 4 },
    candidates: 32,
    keepFraction: 0.75,
    padding: 3,
    // Chosen on other procedural people than the table's; the published rate belongs to pretrained weights.
    rate: 2e-3,
    schedule: { shape: "cosine" },
  },
  settings: {
    ...pick(whole),
    // A class table alone cannot give the colours of cameras that the prior has not seen.
    coldStart: {
      ...whole.coldStart,
      trainable: "labelEmbedding+adaLN",
      rate: 3e-3,
    },
  },
  objectives,
};

/** A look at every part in seconds; its numbers mean nothing. */
const tinyOf = (sizes: Sizes): Sizes => ({
  ...sizes,
  people: {
    identities: 6,
    imagesPerIdentity: 4,
    testIdentities: 6,
    testImagesPerIdentity: 4,
  },
  recognizer: {
    ...sizes.recognizer,
    steps: 8,
    ...(sizes.recognizer.sampler !== undefined && {
      sampler: { identities: 4, images: 4 },
    }),
  },
  settings: {
    ...pick(smallest),
    coldStart: { ...smallest.coldStart, steps: 4, decoderSteps: 2 },
    sampling: { samplingSteps: 3, guidance: 1 },
    reinforce: { ...smallest.reinforce, steps: 2, samples: 3 },
    generate: { imagesPerIdentity: 2, samplingSteps: 3 },
    embedder: { steps: 4, batchSize: 16, rate: 0.05 },
  },
  objectives: {
    ...sizes.objectives,
    direct: { ...sizes.objectives.direct, steps: 2 },
  },
});

/** Section 5.1; the lengths, which it does not print, are those usual for these data sets. */
const paperPersons: Sizes = {
  ...persons,
  network: "resnet50",
  height: 256,
  recognizer: { recipe: "persons", steps: 24_000, candidates: 64 },
  settings: { ...pick(printed), resize: true },
};

const paperFaces: Sizes = {
  ...faces,
  network: "resnet50",
  height: 112,
  recognizer: { recipe: "faces", steps: 40_000, candidates: 128 },
  settings: { ...pick(printed), resize: true },
};

/** The training population of the third table: one group has most of the people. */
const UNBALANCED = { A: 0.7, B: 0.1, C: 0.1, D: 0.1 };

const unbalanced = (sizes: Sizes): Sizes => ({
  ...sizes,
  people: { ...sizes.people, groups: UNBALANCED },
});

const sizes: Record<TableNumber, Record<TablePreset, Sizes>> = {
  1: { tiny: tinyOf(persons), small: persons, paper: paperPersons },
  2: { tiny: tinyOf(faces), small: faces, paper: paperFaces },
  3: {
    tiny: unbalanced(tinyOf(faces)),
    small: unbalanced(faces),
    paper: unbalanced(paperFaces),
  },
};

/** What a command may choose beside the size. */
export interface TableSettingsOptions {
  /** The seeds. */
  seeds: number[];
  /** Name of the network. @default the preset's */
  network?: NetworkName | undefined;
  /** Rows of the images; columns are as many for faces, half as many for persons. @default the preset's */
  height?: number | undefined;
  /** Whether images of the generator's size are brought to the recogniser's. @default the preset's */
  resize?: boolean | undefined;
  /** Whether the images are one's own, and no procedural people. @default false */
  isOwn?: boolean | undefined;
  /** Which ways of reinforcement have rows; of both the policy gradient is the table's own. @default "both" */
  objective?: Objective | undefined;
  /** Rows, of the ways of reinforcement there are, the table's own first. @default the table's */
  methods?: ((objectives: TableObjectives) => TableMethod[]) | undefined;
}

/** What the rows call a way of reinforcement. */
const NAMES = { policy: "policy gradient", direct: "direct gradient" };

/**
 * The settings of a table.
 *
 * @param number Which table.
 * @param preset Which size.
 * @param options Seeds, network and size of the images.
 * @returns Settings with the methods, the procedural people, and the ways of reinforcement.
 * @throws {RangeError} If the network cannot have this size.
 *
 * @example
 * ```ts
 * import { tableSettings } from "./table_presets.ts";
 *
 * const { settings } = tableSettings(1, "small", { seeds: [0, 1, 2] });
 * console.log(settings.methods.length, settings.recognizer.recipe); // 8 persons
 * ```
 */
export function tableSettings(
  number: TableNumber,
  preset: TablePreset,
  options: TableSettingsOptions,
): {
  settings: TableSettings;
  people: ProceduralTablePeople;
  objectives: TableObjectives;
} {
  const { isOwn = false } = options;
  const own = sizes[number][preset];
  const base = isOwn && preset === "small" ? pick(photographs) : own.settings;
  const { objective = "both", methods = tableRows(number) } = options;
  const wanted = objective === "both"
    ? ["policy", "direct"] as const
    : [objective];
  const objectives: TableObjectives = Object.fromEntries(
    wanted.map((name) => [
      NAMES[name],
      // Whole, as the other's numbers are not its own.
      { ...base.reinforce, ...own.objectives[name] },
    ]),
  ) as TableObjectives;
  const { seeds, network = own.network, height = own.height } = options;
  const width = number === 1 ? Math.round(height / 2) : height;
  // The small recogniser and insightface's have no neck to leave out.
  const description = networkPreset(network, {
    height,
    width,
    neck: own.neck,
  });
  return {
    people: own.people,
    objectives,
    settings: {
      ...base,
      reinforce: {
        ...base.reinforce,
        ...own.objectives[wanted[0]],
      } as TableSettings["reinforce"],
      resize: options.resize ?? base.resize,
      seeds,
      methods: methods(objectives),
      recognizer: { ...own.recognizer, network: description },
    },
  };
}

/** The table's rows: its own way of reinforcement is named by no more than "Ours". */
function tableRows(number: TableNumber) {
  return (objectives: TableObjectives): TableMethod[] =>
    tableMethods(
      number,
      Object.fromEntries(Object.entries(objectives).slice(1)),
    );
}

/**
 * The backbones of Figure 6: the table's own CNN, and a vision transformer of about its size.
 *
 * @param preset Which size.
 * @param height Rows of the images. @default the preset's
 * @returns Where each differs from the table's recogniser.
 * @throws {RangeError} If a network cannot have this size.
 *
 * @example
 * ```ts
 * import { backbonesOf } from "./table_presets.ts";
 *
 * console.log(Object.keys(backbonesOf("small"))); // CNN, ViT
 * ```
 */
export function backbonesOf(preset: TablePreset, height?: number): Backbones {
  const { height: own, neck } = sizes[1][preset];
  const rows = height ?? own;
  const network = networkPreset(preset === "paper" ? "vit-s16" : "vit-small", {
    height: rows,
    width: Math.round(rows / 2),
    neck,
  });
  // Chosen on the tuning people: at smaller rates it learns nothing in so few steps.
  return {
    CNN: {},
    ViT: { network, ...(preset !== "paper" && { rate: 5e-3 }) },
  };
}
