/**
 * What the paper claims, as comparisons that can be run here.
 *
 * @module
 */

/** A row of a results file: of a table by its method, of a figure by its group and label. */
export interface ClaimedRow {
  /** Method of a table, or label of a figure's line. */
  row: string;
  /** Group of the figure's line. @default none: a table */
  group?: string;
  /** What the paper prints for it. @default nothing */
  printed?: number;
}

/** A comparison that decides a claim. Plain data. */
export interface PaperClaim {
  /** What is claimed, one sentence. */
  claim: string;
  /** Where the paper says it. */
  where: string;
  /** Name of the results file, without ending. */
  file: string;
  /** The column compared: by its name, or the first of those whose name begins so. */
  column: string;
  /** What is claimed to be better. */
  better: ClaimedRow;
  /** What it is claimed to be better than. */
  than: ClaimedRow;
  /** Whether less is better, as of a deviation between groups. @default false */
  isLess?: boolean;
}

const OURS = "Ours";
const DIRECT = "Ours, direct gradient";

/** One row under both ways of reinforcement. */
const WAYS = [[OURS, ""], [DIRECT, ", by the direct reward gradient"]] as const;

/**
 * What Table 1 prints for Market-1501; it has no row for its base generator, and its baseline's Rank-1 repeats the mAP,
 * which looks like a slip: no difference is taken from it.
 */
const PERSONS: {
  [column in "mAP" | "Rank-1"]: {
    ours: number;
    real?: number;
    erasing: number;
  };
} = {
  mAP: { ours: 88.6, real: 85.4, erasing: 87.6 },
  "Rank-1": { ours: 94.9, erasing: 94.8 },
};

/** A row, and what is printed for it where it is. */
const printedRow = (row: string, printed?: number): ClaimedRow => ({
  row,
  ...(printed !== undefined && { printed }),
});

/** The two claims of the abstract, under one way of reinforcement: that guidance adds to the base, and selection to both. */
const guidanceAndSelection = (
  [name, how]: (typeof WAYS)[number],
  one: Pick<PaperClaim, "file" | "column">,
  printed: { ours?: number; selection?: number } = {},
): PaperClaim[] => {
  const without = `${name} without selection`;
  return [
    {
      ...one,
      where: printed.selection === undefined ? "in words" : "Figure 5",
      claim:
        `Reward guidance${how} improves on the adapted base, both with selection`,
      better: printedRow(name, printed.ours),
      than: printedRow("Base DiT + selection", printed.selection),
    },
    {
      ...one,
      where: "in words",
      claim:
        `Reward guidance${how} improves on the adapted base, both without selection`,
      better: { row: without },
      than: { row: "Base DiT" },
    },
    {
      ...one,
      where: "4.3, in words",
      claim: `Lookahead selection improves on all reinforced images${how}`,
      better: { row: name },
      than: { row: without },
    },
  ];
};

/** The same of pedestrians, for whom the paper prints no such rows. */
const personsInParts = (["mAP", "Rank-1"] as const).flatMap((column) => {
  const one = { file: "table_1", column };
  return [
    {
      ...one,
      where: "4.3, in words",
      claim: "Lookahead selection improves on all images of the base DiT",
      better: { row: "Base DiT + selection" },
      than: { row: "Base DiT" },
    },
    ...WAYS.flatMap((way) => guidanceAndSelection(way, one)),
  ].map((own): PaperClaim => ({ ...own, claim: `${own.claim} (${column})` }));
});

const persons = (["mAP", "Rank-1"] as const).flatMap((column) =>
  WAYS.flatMap(([name, how]): PaperClaim[] => {
    const { ours, real, erasing } = PERSONS[column];
    const one = { where: "Table 1", file: "table_1", column };
    return [
      {
        ...one,
        claim: `Ours${how} is better than real images only (${column})`,
        better: { row: name, printed: ours },
        than: printedRow("Real only", real),
      },
      {
        ...one,
        claim: `Ours${how} is better than Random Erasing (${column})`,
        better: { row: name, printed: ours },
        than: { row: "Random Erasing", printed: erasing },
      },
      {
        ...one,
        where: "5.2, in words",
        claim: `Ours${how} is better than the base DiT (${column})`,
        better: { row: name },
        than: { row: "Base DiT" },
      },
    ];
  })
);

const faces = WAYS.flatMap((way): PaperClaim[] => {
  const [name, how] = way;
  const two = { file: "table_2", column: "average" };
  return [
    {
      ...two,
      where: "Table 2",
      claim: `Ours${how} is better than real images only`,
      better: { row: name, printed: 79.07 },
      than: { row: "Real only", printed: 78.47 },
    },
    {
      ...two,
      where: "Figure 5",
      claim: `Ours${how} is better than the base DiT`,
      better: { row: name, printed: 79.07 },
      than: { row: "Base DiT", printed: 75.65 },
    },
    ...guidanceAndSelection(way, two, {
      ours: 79.07,
      selection: 77.85,
    }),
  ];
});

const groups = WAYS.flatMap(([name, how]): PaperClaim[] => {
  const three = { where: "Table 3", file: "table_3" };
  return [
    {
      ...three,
      column: "average",
      claim: `Ours${how} has the higher mean over the groups`,
      better: { row: name, printed: 69.78 },
      than: { row: "Real only", printed: 67.17 },
    },
    {
      ...three,
      column: "deviation",
      claim: `Ours${how} has the smaller deviation between the groups`,
      better: { row: name },
      than: { row: "Real only" },
      isLess: true,
    },
    {
      ...three,
      column: "average",
      claim: `Ours${how} has a higher mean over the groups than the base DiT`,
      better: { row: name },
      than: { row: "Base DiT" },
    },
  ];
});

/** Figure 5's lines with what it prints; the second is read from the text. */
const STEPS: [label: string, printed: number][] = [
  ["Base DiT", 75.65],
  ["+ selection", 77.85],
  ["+ semantic", 78.18],
  ["+ coverage", 78.65],
  ["+ expression", 79.07],
];

const steps = (["policy gradient", "direct gradient"] as const).flatMap(
  (group) =>
    STEPS.slice(1).flatMap(([row, printed], i): PaperClaim[] => {
      const [before, printedBefore] = STEPS[i];
      // Selection comes before any reward: one line for both ways.
      if (i === 0 && group !== "policy gradient") return [];
      return [{
        claim: i === 0
          ? "Lookahead selection improves on all images of the base DiT"
          : `${row} adds to the line before, by the ${group}`,
        where: "Figure 5",
        file: "figure_5",
        column: "average",
        better: { row, group, printed },
        than: { row: before, group, printed: printedBefore },
      }];
    }),
);

const backbones = ["CNN", "ViT"].flatMap((group) =>
  ["mAP", "Rank-1"].flatMap((column): PaperClaim[] =>
    [["base", "its baseline"], ["R-Erasing", "Random Erasing"]].map(
      ([row, name]) => ({
        claim: `With a ${group} ours is better than ${name} (${column})`,
        where: "Figure 6",
        file: "figure_6",
        column,
        better: { row: "ours", group },
        than: { row, group },
      }),
    )
  )
);

/** The order of what is not ours. */
const others: PaperClaim[] = [
  ...(["mAP", "Rank-1"] as const).flatMap((column): PaperClaim[] => [
    {
      claim: `Random Erasing is better than real images only (${column})`,
      where: "Table 1",
      file: "table_1",
      column,
      better: { row: "Random Erasing", printed: PERSONS[column].erasing },
      than: printedRow("Real only", PERSONS[column].real),
    },
    {
      claim: `The base DiT is better than Random Erasing (${column})`,
      where: "in words",
      file: "table_1",
      column,
      better: { row: "Base DiT" },
      than: { row: "Random Erasing" },
    },
  ]),
  {
    claim: "The base DiT, all its images used, is worse than real images only",
    where: "Table 2 and Figure 5",
    file: "table_2",
    column: "average",
    better: { row: "Real only", printed: 78.47 },
    than: { row: "Base DiT", printed: 75.65 },
  },
];

/** Everything that is judged, in the paper's order. */
export const PAPER_CLAIMS: readonly PaperClaim[] = [
  ...persons,
  ...others,
  ...personsInParts,
  ...faces,
  ...groups,
  ...steps,
  ...backbones,
];
