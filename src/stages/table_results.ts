/**
 * The results page of a table: what is committed, for people and for programs.
 *
 * @module
 */
import { ablationFigure, type Figure } from "../figures/mod.ts";
import { tablePage, type TablePageInput } from "./table_page.ts";
import { printedTable } from "./paper_rows.ts";
import { tableSummary } from "./table_summary.ts";

/** What the page tells beside the table. */
export interface TableResultsInput extends TablePageInput {
  /** Name of the page's files, so that it can name them. */
  name: string;
  /** What it ran on: cores and threads, never a host's name. */
  machine: string;
  /** Seconds of processor time. */
  seconds: { recognition: number; generation: number };
  /** Which settings were tried, and on whom, in Markdown. @default none */
  tried?: string;
  /** What people have to say about the numbers, in Markdown; stands at the end. */
  notes?: string;
  /** Where the figure lies as a picture, from the page. @default none */
  picture?: string;
}

/** The page. */
export interface TableResults {
  /** For people. */
  markdown: string;
  /** Everything, every seed's cell included. */
  json: string;
  /** The first headline column with intervals and paired differences; none of a single seed or a single row. */
  figure?: Figure;
}

/**
 * Writes down what a table has shown.
 *
 * @param input What was scored, how, on what.
 * @returns Markdown, JSON and a figure.
 *
 * @example
 * ```ts
 * import { tableResults, type TableResultsInput } from "@outis/outis/stages";
 *
 * async function write(input: TableResultsInput) {
 *   const { markdown, json } = tableResults(input);
 *   await Deno.writeTextFile("table_2.md", markdown);
 *   await Deno.writeTextFile("table_2.json", json);
 * }
 * console.log(write.length); // 1
 * ```
 */
export function tableResults(input: TableResultsInput): TableResults {
  const { number, name, command, engine, machine, seconds, picture } = input;
  const title = `Table ${number} in the small`;
  const figure = figureOf(input);
  const page = tablePage(input, "markdown");
  const parts = [
    `# ${title}`,
    `Made by \`${command}\`; ${engine}, ${machine}; ${
      hours(seconds.generation)
    } of processor time for the synthetic images, ${
      hours(seconds.recognition)
    } for training and judging the recognisers. Numbers with more digits, settings and the cell of every seed: ${name}.json.`,
    page.trim(),
    ...(picture === undefined ? [] : [`![${title}](${picture})`]),
    ...settingsTried(input.tried),
    ...(input.notes === undefined ? [] : [input.notes.trim()]),
  ];
  const json = {
    ...JSON.parse(tablePage(input, "json")),
    machine,
    seconds,
  };
  return {
    markdown: parts.join("\n\n") + "\n",
    json: JSON.stringify(json, null, 1) + "\n",
    ...(figure && { figure }),
  };
}

/**
 * The part of a page that says how its settings were chosen.
 *
 * @param tried Which were tried, and on whom, in Markdown. @default nothing is known of it
 * @returns The part, or none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { settingsTried } from "./table_results.ts";
 *
 * assertEquals(settingsTried("One rate.\n"), ["## Settings tried\n\nOne rate."]);
 * ```
 */
export function settingsTried(tried?: string): string[] {
  return tried === undefined ? [] : [`## Settings tried\n\n${tried.trim()}`];
}

/**
 * A time as people say it.
 *
 * @param seconds The time.
 * @returns In seconds, minutes or hours.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hours } from "./table_results.ts";
 *
 * assertEquals([40, 600, 9000].map(hours), ["40 s", "10 min", "2.5 h"]);
 * ```
 */
export function hours(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(0)} s`;
  if (seconds < 5400) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

function figureOf(input: TableResultsInput): Figure | undefined {
  const { rows, seeds } = tableSummary(input, input);
  const [column] = input.target.judge.headlines;
  const scored = rows.filter(({ scores }) => column in scores);
  if (seeds.length < 2 || scored.length < 2) return undefined;
  return ablationFigure({
    title: `Table ${input.number}: ${printedTable(input.number).title}`,
    note:
      `${seeds.length} seeds; intervals: 95 %, Student's t; on the right the differences under the same seeds`,
    xTitle: column,
    labels: scored.map(({ name }) => name),
    series: [{
      name: "here",
      values: scored.map(({ scores }) => scores[column].values),
    }],
    digits: 2,
  });
}
