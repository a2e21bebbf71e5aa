/**
 * The results of a study of privacy, for people and for programs.
 *
 * @module
 */
import {
  type Figure,
  type Tradeoff,
  tradeoffFigure,
  type TradeoffLevel,
} from "../figures/mod.ts";
import { meanAndError } from "../metrics/mod.ts";
import type { PrivacyPoint } from "./study_privacy.ts";
import type { PrivacyStudySettings } from "./study_privacy_settings.ts";

/** What a page is made from. */
export interface StudyPrivacyPageInput {
  /** What was measured. */
  points: readonly PrivacyPoint[];
  /** Sizes and settings. */
  settings: PrivacyStudySettings;
  /** The command that makes the page. */
  command: string;
  /** What the images are. */
  source: string;
  /** What computed. */
  engine: string;
  /** What people have to say about the numbers; stands at the end. */
  notes?: string;
  /** Where the figure lies as a picture, from the page. @default none */
  picture?: string;
  /** Images and people that were trained on, and those that were not. */
  counts: {
    train: { identities: number; images: number };
    control: { identities: number; images: number };
  };
}

/** The page. */
export interface StudyPrivacyPage {
  /** For people, with one table. */
  markdown: string;
  /** Everything, the figure included. */
  json: string;
  /** Accuracy against leak rate. */
  figure: Figure;
}

/** A measure over seeds. */
interface Measured {
  mean: number;
  /** Standard error over seeds; NaN of a single one. */
  error: number;
}

interface Row {
  curve: string;
  setting: string;
  seeds: number;
  images: number;
  made: number;
  passed: number;
  leakRate?: Measured;
  excess?: Measured;
  accuracy?: Measured;
}

/**
 * Writes down what a study has found: means and standard errors over seeds.
 *
 * @param input Points, settings, and where they come from.
 * @returns Markdown, JSON and the figure.
 * @throws {RangeError} If no point has both a leak rate and an accuracy.
 *
 * @example
 * ```ts
 * import { studyPrivacyPage, type StudyPrivacyPageInput } from "@outis/outis/stages";
 *
 * function tableOf(input: StudyPrivacyPageInput) {
 *   return studyPrivacyPage(input).markdown.split("\n").filter((line) => line.startsWith("|"));
 * }
 * console.log(tableOf.length); // 1
 * ```
 */
export function studyPrivacyPage(
  input: StudyPrivacyPageInput,
): StudyPrivacyPage {
  const { points, settings, command, source, engine, counts } = input;
  const rows = rowsOf(points);
  const seeds = [...new Set(points.map(({ seed }) => seed))];
  const figure = figureOf(rows, seeds.length);
  const { falseMatchRate, recognizer, coldStart, reinforce } = settings;
  const own = settings.private;
  const markdown = `# Privacy against utility

Made by \`${command}\` on ${source};
${engine}. Numbers with more digits, settings and the figure: privacy_utility.json; the figure as a page: report.html of the
run.

## Protocol

- Seeds ${
    seeds.join(", ")
  }; mean ± standard error over seeds. The figure's bars are these errors.
- The generator knows ${counts.train.images} images of ${counts.train.identities} people. Accuracy is verified on ${counts.control.images} images of
  ${counts.control.identities} other people, by a small recogniser trained for ${recognizer.steps} steps on the released images **alone**.
- Leak rate: share of the released images that at least one of two judges matches with a training photograph, or a training
  person's centroid, at a false-match rate of ${falseMatchRate}. Judges are recognisers of other, procedural people; none gives a
  reward, and the two that measure are not the two that drop. Photographs of strangers are matched, too: with so many
  photographs to be compared with, false matches add up to the rate of the line "chance".
- The excess is a share of pairs: what the training people match more than people whom the generator has never seen. It is what
  the audit tests, over people.
- A class-conditional generator is *made* to draw its training people: that its images match them is the rule, and whoever
  releases them releases these people's likeness.
- **drop threshold**: images that the gate's two judges match are not released.
- **reward weights** (semantic : coverage : expressive): ${reinforce.steps} steps of the direct gradient, ${reinforce.identities} x ${reinforce.samples} samples, rate ${reinforce.rate}.
- **Langevin radius**: as many new identities as there were people, in the cold start's own condition space; references that
  come within d_c of a training photograph are pushed away or redrawn.
- **private cold start**: unit ${own.unit ?? "image"}, delta ${
    own.delta ?? 1e-5
  }, clip ${own.clip ?? 0.1}, ${own.steps} steps, trained: ${own.trainable}${
    own.rank === undefined ? "" : ` by adapters of rank ${own.rank}`
  }.
  Without privacy: ${coldStart.steps} steps, trained: ${coldStart.trainable}. Epsilon speaks of one ${
    own.unit ?? "image"
  }; a person has ${settings.data.trainCount}.

## Accuracy and leak rate

${
    input.picture === undefined
      ? ""
      : `![Accuracy against leak rate](${input.picture})\n\n`
  }${tableOf(rows)}

${input.notes ?? ""}`;
  const json = JSON.stringify(
    { command, source, engine, settings, counts, rows, points, figure },
    null,
    1,
  );
  return { markdown: markdown.trimEnd() + "\n", json: json + "\n", figure };
}

function rowsOf(points: readonly PrivacyPoint[]): Row[] {
  const groups = Map.groupBy(
    points,
    ({ curve, setting }) => `${curve}\n${setting}`,
  );
  return [...groups.values()].map((group) => {
    const over = (name: "leakRate" | "excess" | "accuracy") => {
      const values = group.flatMap((point) => point[name] ?? []);
      if (values.length === 0) return {};
      const { mean, standardError } = values.length === 1
        ? { mean: values[0], standardError: NaN }
        : meanAndError(values);
      return { [name]: { mean, error: standardError } };
    };
    const total = (name: "images" | "made") =>
      group.reduce((sum, point) => sum + point[name], 0) / group.length;
    return {
      curve: group[0].curve,
      setting: group[0].setting,
      seeds: group.length,
      images: total("images"),
      made: total("made"),
      passed: group.filter(({ passed }) => passed).length,
      ...over("leakRate"),
      ...over("excess"),
      ...over("accuracy"),
    };
  });
}

function figureOf(rows: Row[], seeds: number): Figure {
  const drawn = rows.filter((row) => row.leakRate && row.accuracy);
  const start = drawn.find(({ curve }) => curve === "cold start");
  const curves = [...Map.groupBy(drawn, ({ curve }) => curve)].map(
    ([name, own]): Tradeoff => {
      // Where nothing is dropped the threshold's curve begins.
      const along = name === "drop threshold" && start ? [start, ...own] : own;
      const errors = (of: "leakRate" | "accuracy") =>
        along.map((row) => row[of]!.error || 0);
      return {
        name,
        settings: along.map(({ setting }) => setting),
        x: along.map((row) => row.leakRate!.mean),
        y: along.map((row) => row.accuracy!.mean),
        ...(seeds > 1 &&
          { xError: errors("leakRate"), yError: errors("accuracy") }),
      };
    },
  );
  const level = (
    name: string,
    axis: "x" | "y",
    found?: Measured,
  ): TradeoffLevel[] =>
    found === undefined ? [] : [{ name, axis, value: found.mean }];
  const rowOf = (name: string) => rows.find(({ curve }) => curve === name);
  return tradeoffFigure({
    title: "Recognition accuracy against leak rate",
    note: `a recogniser trained on the released images alone; ${seeds} seed${
      seeds === 1 ? "" : "s"
    }, bars: standard error`,
    xTitle: "share of released images that match a training person",
    yTitle: "verification accuracy on other people",
    curves,
    levels: [
      ...level("the photographs", "y", rowOf("photographs")?.accuracy),
      ...level("strangers", "x", rowOf("chance")?.leakRate),
    ],
  });
}

function tableOf(rows: Row[]): string {
  const percent = (value?: Measured, digits = 1) =>
    value === undefined
      ? ""
      : `${(100 * value.mean).toFixed(digits)}${
        Number.isFinite(value.error)
          ? ` ± ${(100 * value.error).toFixed(digits)}`
          : ""
      }`;
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const head = [
    "curve",
    "setting",
    "released of made",
    "leak rate, %",
    "excess of pairs, %",
    "audit passed",
    "accuracy, %",
  ];
  return [
    line(head),
    line(head.map(() => "---")),
    ...rows.map((row) =>
      line([
        row.curve,
        row.setting,
        `${Math.round(row.images)} of ${Math.round(row.made)}`,
        percent(row.leakRate),
        percent(row.excess, 2),
        row.leakRate === undefined ? "" : `${row.passed} of ${row.seeds}`,
        percent(row.accuracy),
      ])
    ),
  ].join("\n");
}
