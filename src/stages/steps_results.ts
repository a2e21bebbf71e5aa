/**
 * The results page of methods in steps: the ablation (Figure 5) and the backbones (Figure 6).
 *
 * @module
 */
import { ablationFigure, type Figure, plainTable } from "../figures/mod.ts";
import { type PairedTest, pairedTest } from "../metrics/mod.ts";
import { tableNotes } from "./table_notes.ts";
import type { TablePageInput } from "./table_page.ts";
import { hours, settingsTried } from "./table_results.ts";
import { tableSummary } from "./table_summary.ts";

/** Methods that stand one below the other. Plain data. */
export interface StepsGroup {
  /** What they have in common: a way of reinforcement, a backbone. */
  name: string;
  /** From top to bottom, at least two. */
  steps: readonly {
    /** What the line says. */
    label: string;
    /** Name of the method that was run. */
    method: string;
    /** What the paper prints for it, percent. @default nothing */
    printed?: number;
  }[];
}

/** What the page tells. */
export interface StepsResultsInput extends TablePageInput {
  /** Number of the figure. */
  figure: number;
  /** What it shows, a title. */
  title: string;
  /** The methods. */
  groups: readonly StepsGroup[];
  /** What each line is compared with. */
  against: "first" | "previous";
  /** Name of the page's files. */
  name: string;
  /** What it ran on. */
  machine: string;
  /** Seconds of processor time. */
  seconds: { recognition: number; generation: number };
  /** Which settings were tried, and on whom, in Markdown. @default none */
  tried?: string;
  /** What people have to say about the numbers, in Markdown; stands at the end. */
  notes?: string;
  /** Where the figures lie as pictures, from the page, one for each group. @default none */
  pictures?: readonly string[];
}

/** A line of the page in numbers. */
export interface StepsRow {
  /** The group. */
  group: string;
  /** What the line says. */
  label: string;
  /** What it was judged by. */
  column: string;
  /** What the paper prints, percent. */
  printed?: number;
  /** Mean over the seeds, percent. */
  mean: number;
  /** Half width of the 95 % interval; left out with one seed. */
  halfWidth?: number;
  /** Score per seed. */
  values: number[];
  /** The line that it is compared with. */
  with?: string;
  /** What it has more than that line under the same seeds; left out with one seed. */
  difference?: PairedTest;
}

/** The page. */
export interface StepsResults {
  /** For people. */
  markdown: string;
  /** Everything. */
  json: string;
  /** A figure for each group that can be drawn. */
  figures: Figure[];
}

/**
 * Writes down what methods in steps have scored.
 *
 * @param input What was scored, how, on what.
 * @returns Markdown, JSON and figures.
 *
 * @example
 * ```ts
 * import { stepsResults, type StepsResultsInput } from "@outis/outis/stages";
 *
 * async function write(input: StepsResultsInput) {
 *   const { markdown, json } = stepsResults(input);
 *   await Deno.writeTextFile("figure_5.md", markdown);
 *   await Deno.writeTextFile("figure_5.json", json);
 * }
 * console.log(write.length); // 1
 * ```
 */
export function stepsResults(input: StepsResultsInput): StepsResults {
  const { figure, title, name, command, engine, machine, seconds } = input;
  const { groups, settings, target, pictures = [] } = input;
  const rows = rowsOf(input);
  const own = (group: string, column: string) =>
    rows.filter((row) => row.group === group && row.column === column);
  const { headlines } = target.judge;
  const figures = settings.seeds.length < 2
    ? []
    : groups.flatMap((group) =>
      own(group.name, headlines[0]).length < group.steps.length
        ? []
        : [figureOf(input, group, own(group.name, headlines[0]))]
    );
  const parts = [
    `# Figure ${figure} in the small: ${title}`,
    `Made by \`${command}\`; ${engine}, ${machine}; ${
      hours(seconds.generation)
    } of processor time for the synthetic images, ${
      hours(seconds.recognition)
    } for training and judging the recognisers. Numbers with more digits, settings and the cell of every seed: ${name}.json.`,
    ...groups.flatMap((group) => [
      `## ${group.name}`,
      ...headlines.map((column) => tableOf(own(group.name, column), column)),
    ]),
    ...pictures.map((path, i) => `![${title}, ${groups[i].name}](${path})`),
    tableNotes(input),
    ...settingsTried(input.tried),
    ...(input.notes === undefined ? [] : [input.notes.trim()]),
  ];
  const { source, judge, drawsPeople = false } = target;
  return {
    markdown: parts.join("\n\n") + "\n",
    json: JSON.stringify(
      {
        schema: 1,
        figure,
        title,
        command,
        engine,
        machine,
        seconds,
        trainedOn: source,
        judgedOn: judge.source,
        drawsPeople,
        seeds: settings.seeds,
        rows,
        absent: input.absent,
        settings,
        cells: input.cells,
      },
      null,
      1,
    ) + "\n",
    figures,
  };
}

function rowsOf(input: StepsResultsInput): StepsRow[] {
  const { groups, against, target, settings } = input;
  const scored = new Map(
    tableSummary(input, input).rows.map((row) => [row.name, row.scores]),
  );
  return target.judge.headlines.flatMap((column) =>
    groups.flatMap(({ name, steps }) =>
      steps.flatMap(({ label, method, printed }, i): StepsRow[] => {
        const score = scored.get(method)?.[column];
        if (score === undefined) return [];
        const base = steps[against === "first" ? 0 : Math.max(0, i - 1)];
        const under = scored.get(base.method)?.[column];
        const isCompared = i > 0 && under !== undefined &&
          settings.seeds.length > 1;
        return [{
          group: name,
          label,
          column,
          ...(printed !== undefined && { printed }),
          ...score,
          ...(isCompared && {
            with: base.label,
            difference: pairedTest(under.values, score.values),
          }),
        }];
      })
    )
  );
}

function tableOf(rows: readonly StepsRow[], column: string): string {
  if (rows.length === 0) return "Nothing of it could be run; see below.";
  const isPrinted = rows.some(({ printed }) => printed !== undefined);
  return plainTable(
    [
      { title: "step" },
      ...(isPrinted ? [{ title: "paper, %", digits: 2 }] : []),
      { title: `${column}, %`, digits: 2 },
      { title: "against" },
      { title: "difference", digits: 2 },
      { title: "p", digits: 3 },
    ],
    rows.map((row) => [
      row.label,
      ...(isPrinted ? [row.printed ?? null] : []),
      row.halfWidth === undefined
        ? { value: row.mean }
        : { value: row.mean, error: row.halfWidth },
      row.with ?? "",
      row.difference === undefined
        ? null
        : { value: row.difference.mean, error: row.difference.halfWidth },
      row.difference?.p ?? null,
    ]),
    { format: "markdown" },
  ).trim();
}

function figureOf(
  { figure, title, against, settings }: StepsResultsInput,
  { name }: StepsGroup,
  rows: readonly StepsRow[],
): Figure {
  return ablationFigure({
    title: `Figure ${figure}: ${title}, ${name}`,
    note:
      `${settings.seeds.length} seeds; intervals: 95 %, Student's t; on the right the differences under the same seeds`,
    xTitle: rows[0].column,
    labels: rows.map(({ label }) => label),
    series: [{ name, values: rows.map(({ values }) => values) }],
    against,
    digits: 2,
  });
}
