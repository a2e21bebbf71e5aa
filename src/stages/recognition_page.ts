/**
 * The results page of the study of recognition.
 *
 * @module
 */
import { meanAndError, protocolLine } from "../metrics/mod.ts";
import type {
  RecognitionResult,
  RecognitionStudySet,
} from "./study_recognition.ts";

/** What the page tells. */
export interface RecognitionPageInput {
  /** What was measured. */
  results: readonly RecognitionResult[];
  /** The sets of images; their pixels are not looked at. */
  sets: readonly RecognitionStudySet[];
  /** Seeds of the trainings. */
  seeds: readonly number[];
  /** The command that makes the page anew. */
  command: string;
  /** What computed. */
  engine: string;
  /** What a reader should make of it, in Markdown, for the page's end. */
  notes?: string;
}

/** A figure of a way of training over seeds. */
interface Row {
  set: string;
  arm: string;
  figure: string;
  seeds: { seed: number; value: number }[];
  mean: number;
  standardError?: number;
}

/**
 * Writes the page.
 *
 * @param input What was measured, and how.
 * @returns Markdown for readers, and the same numbers as JSON.
 *
 * @example
 * ```ts
 * import { recognitionPage, type RecognitionPageInput } from "@outis/outis/stages";
 *
 * async function write(input: RecognitionPageInput) {
 *   const { markdown, json } = recognitionPage(input);
 *   await Deno.writeTextFile("recognition.md", markdown);
 *   await Deno.writeTextFile("recognition.json", json);
 * }
 * console.log(write.length); // 1
 * ```
 */
export function recognitionPage(
  input: RecognitionPageInput,
): { markdown: string; json: string } {
  const { results, sets, seeds, command, engine, notes } = input;
  const rows = sets.flatMap((set) => rowsOf(results, set));
  const markdown = `# What training of recognisers reaches

Made by \`${command}\`; ${engine}. Numbers with more digits, settings and protocols: recognition.json.

Seeds ${
    seeds.join(", ")
  } of weights, batches and augmentation; the images and the tests are the same for all. Shares are in per
cent, mean ± standard error over the seeds. Nobody in a test is trained on.

${sets.map((set) => section(set, results, rows)).join("\n\n")}
${notes === undefined ? "" : `\n${notes.trim()}\n`}`;
  const json = JSON.stringify(
    {
      schema: 1,
      command,
      engine,
      seeds,
      sets: sets.map(({ name, source, how, network, training, arms }) => ({
        name,
        source,
        how,
        network,
        training: plain(training),
        arms: arms.map((arm) => ({
          name: arm.name,
          training: plain(arm.training),
        })),
      })),
      rows,
      results,
    },
    null,
    1,
  );
  return { markdown, json: json + "\n" };
}

function rowsOf(
  results: readonly RecognitionResult[],
  set: RecognitionStudySet,
): Row[] {
  return set.arms.flatMap((arm) => {
    const own = results.filter((one) =>
      one.set === set.name && one.arm === arm.name
    );
    return Object.keys(own[0]?.figures ?? {}).map((figure) => {
      const seeds = own.map(({ seed, figures }) => ({
        seed,
        value: figures[figure],
      }));
      const values = seeds.map(({ value }) => value);
      const summary = values.length < 2
        ? { mean: values[0] }
        : meanAndError(values);
      return {
        set: set.name,
        arm: arm.name,
        figure,
        seeds,
        mean: summary.mean,
        ...("standardError" in summary &&
          { standardError: summary.standardError }),
      };
    });
  });
}

function section(
  { name, source, how, arms }: RecognitionStudySet,
  results: readonly RecognitionResult[],
  rows: readonly Row[],
): string {
  const own = results.filter(({ set }) => set === name);
  const figures = Object.keys(own[0]?.figures ?? {});
  const body = arms.map((arm) => {
    const cells = figures.map((figure) => {
      const row = rows.find((one) =>
        one.set === name && one.arm === arm.name && one.figure === figure
      );
      return row === undefined ? "" : cell(row);
    });
    const seconds = own.filter((one) => one.arm === arm.name)
      .map(({ seconds }) => seconds);
    const cost = seconds.reduce((a, b) => a + b, 0) / (seconds.length || 1);
    return [arm.name, ...cells, cost.toFixed(0)];
  });
  const protocols = new Set(own.map(({ protocol }) => protocolLine(protocol)));
  const overlap = own.flatMap(({ overlap }) => overlap ?? [])
    .map(({ name, affected }) => `${affected} among ${name}`);
  return `## ${name}

${source} ${how}

${
    table(
      [
        "training",
        ...figures,
        "seconds of processor time",
      ],
      body,
    )
  }

Protocol: ${
    [...protocols].join("; ")
  }. Test images found among those trained on: ${
    overlap.join(", ") || "not looked for"
  }.`;
}

function cell({ seeds, mean, standardError }: Row): string {
  const percent = (value: number) => (100 * value).toFixed(2);
  const error = standardError === undefined
    ? ""
    : ` ± ${percent(standardError)}`;
  return `${percent(mean)}${error} (${
    seeds.map(({ value }) => percent(value)).join(", ")
  })`;
}

/** What of the options can be printed: functions and images are not. */
function plain(options: object): { [name: string]: unknown } {
  const entries = Object.entries(options)
    .filter(([name]) => name !== "optimizer" && name !== "synthetic")
    .filter(([, value]) => typeof value !== "function")
    .map(([name, value]) => [name, value === Infinity ? "none" : value]);
  return Object.fromEntries(entries);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join(
    "\n",
  );
}
