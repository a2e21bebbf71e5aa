/**
 * The results page of a study of reinforcement.
 *
 * @module
 */
import type {
  StudyArm,
  StudyCurve,
  StudySettings,
} from "./study_reinforcement.ts";
import {
  type StudyContrast,
  type StudyRow,
  studySummary,
} from "./study_summary.ts";

/** What the page tells. */
export interface StudyPageInput {
  /** What was measured. */
  curves: StudyCurve[];
  /** Sizes, seeds, arms. */
  settings: StudySettings;
  /** The command that makes the page anew. */
  command: string;
  /** One phrase on the images, without anything of them. */
  source: string;
  /** What computed. */
  engine: string;
  /** Identities and images trained on. */
  train: { identities: number; images: number };
  /** What a reader should make of it, in Markdown, for the page's end. */
  notes?: string;
}

const TITLES: { [reward: string]: string } = {
  semantic: "semantic consistency (eq. 3)",
  coverage: "coverage (eq. 5)",
  expressive: "expressive diversity (eq. 9)",
  auditor: "second embedder (eq. 3)",
};

/**
 * Writes the page.
 *
 * @param input What was measured, and how.
 * @returns Markdown for readers, and the same numbers as JSON.
 *
 * @example
 * ```ts
 * import { studyPage, type StudyPageInput } from "@outis/outis/stages";
 *
 * async function write(input: StudyPageInput) {
 *   const { markdown, json } = studyPage(input);
 *   await Deno.writeTextFile("reinforcement.md", markdown);
 *   await Deno.writeTextFile("reinforcement.json", json);
 * }
 * console.log(write.length); // 1
 * ```
 */
export function studyPage(
  input: StudyPageInput,
): { markdown: string; json: string } {
  const { curves, settings, command, source, engine, train } = input;
  const { rows, contrasts } = studySummary(curves, settings);
  const { samplingSteps, guidance } = settings.sampling;
  const seeds = settings.seeds.join(", ");
  const rewards = [...new Set(rows.map(({ reward }) => reward))];
  const seconds = rows.filter(({ reward }) => reward === rewards[0]);
  const markdown = `# What reinforcement does to the rewards

Made by \`${command}\` on ${source}; ${engine}. Numbers with more digits, settings and
curves: reinforcement.json.

## Protocol

- Seeds ${seeds}. Each seed trains its own embedder and its own cold start (${settings.coldStart.steps} steps) on
  ${train.images} images of ${train.identities} identities; all arms of a seed start from that cold start.
- Measured are ${settings.measure.samples} samples of every identity from fixed noise that no training sees, ${samplingSteps}
  transitions (DDIM, eta 1), guidance ${guidance}: the raw rewards, never those of the training batches.
- A change is that of identities paired with themselves. Per seed: mean ± standard error over identities. Over
  seeds: mean ± standard error of the seeds' changes (of a single seed, that over its identities).
- The second embedder was trained on other (procedural) people and is no part of any reward.
- ${settings.arms.map((arm) => armSentence(arm, settings)).join("\n- ")}

## Change of each reward

${
    rewards.map((reward) =>
      rewardTable(rows.filter((row) => row.reward === reward), settings.seeds)
    ).join("\n\n")
  }

## Cost

${
    table(
      ["way", "iterations", "samples", "seconds of processor time"],
      seconds.map(({ arm, seeds }) => [
        arm,
        range(seeds.map(({ step }) => step)),
        range(seeds.map(({ step }) => step * samplesOf(settings))),
        range(seeds.map(({ seconds }) => Math.round(seconds))),
      ]),
    )
  }

## What holds

A change counts where it is at least two of its standard errors and has one sign in all seeds.

${verdictTable(rows)}

Differences of the changes, paired by seeds:

${contrastTable(contrasts)}

## Health of the training

${healthTable(curves)}

${alarmLines(curves).join("\n") || "No alarm was raised."}

${input.notes ?? ""}
`;
  const json = JSON.stringify(
    {
      schema: 1,
      command,
      source,
      engine,
      train,
      settings,
      rows,
      contrasts,
      curves: curves.map((curve) => ({
        ...curve,
        // Means alone: what single identities score is nobody's business.
        points: curve.points.map(({ rewards, ...point }) => ({
          ...point,
          ...Object.fromEntries(
            Object.entries(rewards).map(([name, values]) => [
              name,
              mean(values),
            ]),
          ),
        })),
      })),
    },
    null,
    1,
  );
  return { markdown: tidy(markdown), json: json + "\n" };
}

function samplesOf({ reinforce }: StudySettings): number {
  return reinforce.identities * reinforce.samples;
}

/** An arm in words: all that decides it. */
function armSentence(arm: StudyArm, settings: StudySettings): string {
  const own = { ...settings.reinforce, ...arm.reinforce };
  const { identities, samples, policy, direct } = own;
  const parts = [
    own.objective === "direct"
      ? `direct gradient through the last ${direct?.lastSteps} transitions`
      : `policy gradient, baseline ${policy?.baseline}, time weights ${policy?.timeWeights}`,
    `${own.steps} iterations of ${identities} x ${samples} samples`,
    `rate ${own.rate}`,
    `trained: ${own.trainable}`,
    `KL weight ${own.klWeight}`,
    `weights ${
      own.weights === "adaptive"
        ? "adaptive (MGDA)"
        : Object.values(own.weights ?? { s: 1, c: 0.75, e: 0.25 }).join(" : ")
    }`,
    ...(arm.asLongAs === undefined
      ? []
      : [`goes on until it has trained as long as "${arm.asLongAs}"`]),
    ...(arm.seeds === undefined
      ? []
      : [`first ${arm.seeds} seed${arm.seeds === 1 ? "" : "s"} only`]),
  ];
  return `**${arm.name}**: ${parts.join("; ")}.`;
}

function rewardTable(rows: StudyRow[], seeds: number[]): string {
  const [{ reward }] = rows;
  return `### ${TITLES[reward]}\n\n${
    table(
      [
        "way",
        "before",
        "after",
        ...seeds.map((seed) => `seed ${seed}`),
        "over seeds",
      ],
      rows.map((row) => [
        row.arm,
        mean(row.seeds.map(({ before }) => before)).toFixed(4),
        mean(row.seeds.map(({ after }) => after)).toFixed(4),
        ...seeds.map((seed) => {
          const found = row.seeds.find((one) => one.seed === seed);
          return found === undefined ? "" : plus(found.change, found.error);
        }),
        plus(row.change.mean, row.change.standardError),
      ]),
    )
  }`;
}

/** How sure the changes are, by one rule for all. */
function verdictTable(rows: StudyRow[]): string {
  return pivot(rows, ({ seeds, change }) => {
    const errors = change.mean === 0
      ? 0
      : Math.abs(change.mean) / change.standardError;
    const same = seeds.filter((one) => one.change * change.mean > 0).length;
    const isSure = errors >= 2 && same === seeds.length;
    const direction = change.mean > 0 ? "rises" : "falls";
    const only = seeds.length === 1 ? " (one seed)" : "";
    return `${isSure ? `**${direction}**` : "not certain"}${only}, ${
      errors.toFixed(1)
    } errors`;
  });
}

function contrastTable(contrasts: StudyContrast[]): string {
  const rows = contrasts.map((one) => ({
    ...one,
    arm: `${one.arm} minus ${one.with}`,
  }));
  return pivot(
    rows,
    ({ difference: { mean, standardError } }) => plus(mean, standardError),
  );
}

/** A line for each arm, a column for each reward. */
function pivot<Row extends { arm: string; reward: string }>(
  rows: Row[],
  cell: (row: Row) => string,
): string {
  const arms = [...new Set(rows.map(({ arm }) => arm))];
  const rewards = [...new Set(rows.map(({ reward }) => reward))];
  return table(
    ["way", ...rewards.map((reward) => TITLES[reward])],
    arms.map((arm) => [
      arm,
      ...rewards.map((reward) => {
        const row = rows.find((one) =>
          one.arm === arm && one.reward === reward
        );
        return row === undefined ? "" : cell(row);
      }),
    ]),
  );
}

/** Numbers of the last stretch of training, means over seeds. */
function healthTable(curves: StudyCurve[]): string {
  const arms = [...new Set(curves.map(({ arm }) => arm))];
  const names = [
    "kl",
    "norm",
    "spread",
    "semanticWeight",
    "coverageWeight",
    "expressiveWeight",
  ];
  return table(
    ["last stretch of training", ...names],
    arms.map((arm) => {
      const last = curves.filter((curve) => curve.arm === arm)
        .flatMap(({ training }) => training.slice(-1));
      return [
        arm,
        ...names.map((name) => {
          const values = last.flatMap((numbers) => numbers[name] ?? []);
          return values.length === 0 ? "" : mean(values).toPrecision(3);
        }),
      ];
    }),
  );
}

function alarmLines(curves: StudyCurve[]): string[] {
  return curves.flatMap(({ arm, seed, alarms }) =>
    alarms.slice(0, 1).map(({ message }) =>
      `- ${arm}, seed ${seed}: ${alarms.length} alarm(s), first: ${message}.`
    )
  );
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join(
    "\n",
  );
}

function plus(value: number, error: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)} ± ${
    error.toFixed(4)
  }`;
}

function range(values: number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function mean(values: number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}

/** No more than one empty line between parts. */
function tidy(text: string): string {
  return text.replaceAll(/\n{3,}/g, "\n\n");
}
