/**
 * The report of a reproduction.
 *
 * @module
 */
import { tf } from "../engine/mod.ts";
import { type MetricRecord, readJsonIfThere } from "../core/mod.ts";
import { gatherImages, groupByLabel, type ImageSet } from "../data/mod.ts";
import {
  barFigure,
  curveFigure,
  type Figure,
  type GridImage,
  type GridRow,
  imageGrid,
  reportPage,
  rocFigure,
  table,
} from "../figures/mod.ts";
import { protocolLine } from "../metrics/mod.ts";
import type { PrivacyAudit } from "./audit_privacy_options.ts";
import { pictureOf } from "./picture_of.ts";
import { reportFindings } from "./report_findings.ts";
import { reinforcementHealth } from "./report_health.ts";
import { reportPrivacy } from "./report_privacy.ts";
import type { ReproduceInput, ReproduceResult } from "./reproduce.ts";

/** What a report is made from. */
export interface ReportInput extends ReproduceInput, ReproduceResult {
  /** Real images trained on. */
  train: ImageSet;
  /** Real images of identities never trained on. */
  test: ImageSet;
  /** How the images were split. */
  rules: string[];
  /** Samples before reinforcement. */
  base: ImageSet;
  /** Samples after it, from the same noise. */
  synthetic: ImageSet;
  /** Images through the autoencoder and back. */
  reconstruct: (images: tf.Tensor4D) => tf.Tensor4D;
  /** Rewards on fixed seeds over the iterations. */
  measurements: MetricRecord[];
  /** Numbers of the iterations themselves. */
  training: MetricRecord[];
  /** Rank-1 of the embedder on held-out images of the training identities. */
  heldOut?: { accuracy: number; chance: number; count: number };
  /** Time per part. */
  seconds: { [part: string]: number };
}

/** Identities shown side by side. */
const COLUMNS = 8;

/**
 * Writes `report.html` into the run directory. An audit of the run's images is told of if it lies in its folder `audit`.
 *
 * @param input Everything a run was given and found.
 *
 * @example
 * ```ts
 * import { type ReportInput, writeReport } from "./write_report.ts";
 *
 * // The report once more, with real faces blurred.
 * async function redact(input: ReportInput): Promise<void> {
 *   await writeReport({ ...input, redact: true });
 * }
 * console.log(redact.length); // 1
 * ```
 */
export async function writeReport(input: ReportInput): Promise<void> {
  const { run, settings, train, test, rules, engine, source, seconds } = input;
  const { training, rewards: changes } = input;
  const health = reinforcementHealth(training, settings.reinforce);
  const audit = await readJsonIfThere<PrivacyAudit>(
    run.file("audit", "audit.json"),
  );
  const total = Object.values(seconds).reduce((a, b) => a + b, 0);
  const page = await reportPage({
    title: "Reinforcement-guided synthetic identities",
    subtitle:
      `${source}: a generator adapted to ${train.identities.length} identities, tuned by ${settings.reinforce.steps} iterations of ${
        settings.reinforce.objective === "policy"
          ? "policy gradient"
          : "direct reward gradient"
      }, and what its images do for a recogniser.`,
    facts: [
      [
        "Training",
        `${train.count} images of ${train.identities.length} identities`,
      ],
      [
        "Test",
        `${test.count} images of ${test.identities.length} other identities`,
      ],
      ["Split", rules.join(" ")],
      ["Seed", settings.seed],
      ["Engine", engine.description],
      [
        "Time",
        total < 120
          ? `${Math.round(total)} s`
          : `${Math.round(total / 60)} min`,
      ],
    ],
    sections: [
      await pictures(input),
      {
        heading: "In short",
        parts: [
          reportFindings({
            rewards: changes,
            recognition: input.recognition,
            alarms: health.alarms,
          }),
        ],
      },
      rewards(input),
      recognition(input),
      health,
      reportPrivacy({
        overlap: input.overlap,
        testCount: test.count,
        ...(input.privacy && { privacy: input.privacy }),
        ...(audit && { audit }),
      }),
      {
        heading: "Time",
        parts: [table(
          [{ title: "Part" }, { title: "Time", unit: "s", digits: 1 }],
          Object.entries(seconds),
        )],
      },
    ],
    manifest: run.manifest,
  });
  await run.writeAtomic("report.html", page);
}

async function pictures(
  { train, base, synthetic, reconstruct, redact }: ReportInput,
): Promise<
  { heading: string; intro: string; parts: ReturnType<typeof imageGrid>[] }
> {
  const shown = train.identities.slice(0, COLUMNS).map((_, label) => label);
  const first = (set: ImageSet, offset: number) => {
    const groups = groupByLabel(set.labels);
    return shown.map((label) => groups.get(label)![offset]);
  };
  const row = async (
    label: string,
    set: ImageSet,
    indices: number[],
    blur = false,
  ): Promise<GridRow> => ({
    label,
    images: await Promise.all(
      indices.map((i): Promise<GridImage> => pictureOf(set, i, blur)),
    ),
  });
  const real = first(train, 0);
  const decoded = tf.tidy(() => reconstruct(gatherImages(train, real)));
  const copies: ImageSet = {
    ...train,
    images: decoded.dataSync() as Float32Array,
    count: real.length,
  };
  decoded.dispose();
  const count = Math.min(4, synthetic.count / synthetic.identities.length);
  const samples = await Promise.all(
    Array.from({ length: count }, async (_, k) => [
      await row(`before RL, ${k + 1}`, base, first(base, k)),
      await row(`after RL, ${k + 1}`, synthetic, first(synthetic, k)),
    ]),
  );
  const blurred = redact === true;
  return {
    heading: "Pictures",
    intro:
      "One identity a column. Samples with the same number were drawn from the same noise before and after reinforcement.",
    parts: [imageGrid([
      await row("real", train, real, blurred),
      await row("through the autoencoder", copies, shown, blurred),
      ...samples.flat(),
    ], {
      columns: shown.map((label) => train.identities[label]),
      note: blurred
        ? "Real faces are blurred in this report."
        : "The first training image of each identity; samples are not picked.",
      width: 96,
      scaling: "smooth",
    })],
  };
}

const REWARD_TITLES = {
  semantic: "Semantic consistency (eq. 3)",
  coverage: "Coverage (eq. 5)",
  expressive: "Expressive diversity (eq. 9)",
  auditor: "Semantic consistency by a second embedder",
} as const;

function rewards(
  { measurements, rewards, settings }: ReportInput,
): {
  heading: string;
  intro: string;
  parts: (Figure | ReturnType<typeof table>)[];
} {
  const x = measurements.map(({ step }) => Number(step));
  const names = rewards.map(({ name }) => name as keyof typeof REWARD_TITLES);
  const { samples } = settings.measure;
  return {
    heading: "Rewards on fixed seeds",
    intro:
      `Raw rewards of ${samples} samples of every training identity, always from the same noise. Bands are standard errors over identities; the change is that of identities paired with themselves, so it can be certain where the bands overlap.`,
    parts: [
      table(
        [
          { title: "Reward" },
          { title: "Cold start", digits: 4 },
          { title: "Reinforced", digits: 4 },
          { title: "Change ± standard error", digits: 4 },
          { title: "Change / error", digits: 1 },
        ],
        rewards.map(({ name, before, after, change }) => [
          REWARD_TITLES[name as keyof typeof REWARD_TITLES],
          before.mean,
          after.mean,
          { value: change.mean, error: change.standardError },
          change.standardError > 0 ? change.mean / change.standardError : null,
        ]),
      ),
      ...names.map((name) =>
        curveFigure({
          title: REWARD_TITLES[name],
          xTitle: "iteration",
          series: [{
            name,
            x,
            y: measurements.map((record) => Number(record[name])),
            error: measurements.map((record) => Number(record[`${name}Error`])),
          }],
        })
      ),
    ],
  };
}

function recognition(
  { recognition, heldOut }: ReportInput,
): {
  heading: string;
  intro: string;
  parts: (Figure | ReturnType<typeof table>)[];
} {
  const embedder = heldOut === undefined
    ? ""
    : ` The embedder behind the rewards names ${
      (100 * heldOut.accuracy).toFixed(1)
    } % of ${heldOut.count} held-out images of its own identities (chance ${
      (100 * heldOut.chance).toFixed(1)
    } %).`;
  const best = Math.max(
    ...recognition.map(({ result }) => result.accuracy.mean),
  );
  const { different } = recognition[0].result.protocol.counts;
  return {
    heading: "Recognition of people never trained on",
    intro: `${
      recognition[0].result.rule
    } One training each: differences of a per cent or two are within what another seed would do.${embedder}`,
    parts: [
      table(
        [
          { title: "Trained on" },
          { title: "Accuracy", unit: "%", digits: 2 },
          { title: "Area under curve", digits: 4 },
          { title: "Equal error rate", unit: "%", digits: 2 },
          { title: "Pairs" },
        ],
        recognition.map(({ method, result }) => [
          method,
          {
            value: 100 * result.accuracy.mean,
            error: 100 * result.accuracy.std,
            note: "± is the standard deviation over the ten folds.",
            strong: result.accuracy.mean === best,
          },
          result.areaUnderCurve,
          100 * result.equalErrorRate,
          result.protocol.counts.pairs,
        ]),
        {
          caption: `Protocol: ${protocolLine(recognition[0].result.protocol)}`,
        },
      ),
      barFigure({
        title: "Accuracy",
        note:
          "Bars start at chance; the interval is one standard deviation over the ten folds.",
        yTitle: "pairs judged rightly, %",
        labels: recognition.map(({ method }) => method),
        groups: [{
          name: "accuracy",
          values: recognition.map(({ result }) => 100 * result.accuracy.mean),
          intervals: recognition.map(({ result: { accuracy } }) => [
            100 * (accuracy.mean - accuracy.std),
            100 * (accuracy.mean + accuracy.std),
          ]),
        }],
        from: 50,
        digits: 1,
      }),
      rocFigure({
        title: "Receiver operating characteristic",
        note: `${different} different pairs measure no rate below one of them.`,
        curves: recognition.map(({ method, result }) => ({
          name: method,
          points: result.points,
        })),
        // The decade that one different pair lies in.
        from: Math.min(0.1, 10 ** -Math.floor(Math.log10(different))),
      }),
    ],
  };
}
