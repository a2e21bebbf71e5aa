/**
 * The study of reinforcement: the same cold starts tuned in several ways, over several seeds.
 *
 * @module
 */
import { type ImageSet, splitIdentities, splitImages } from "../data/mod.ts";
import {
  fileName,
  type Params,
  readJsonIfThere,
  type RunDirectory,
} from "../core/mod.ts";
import { coldStart } from "./cold_start.ts";
import type { Generator } from "./generator.ts";
import type { Alarm } from "./health.ts";
import { type MeasuredRewards, rewardMeter } from "./measure_rewards.ts";
import { reinforce } from "./reinforce.ts";
import type { ReinforceOptions } from "./reinforce_options.ts";
import type { ReproduceSettings } from "./reproduce_settings.ts";
import { trainJudges } from "./train_judges.ts";
import type { TrainedRecognizer } from "./train_recognizer.ts";
import type { StepMetrics } from "./training_loop.ts";

/** A way to tune. Plain data. */
export type StudyArm = {
  /** What it is called in the results. */
  name: string;
  /** Where it differs from the study's reinforcement. */
  reinforce:
    & Partial<
      Pick<
        ReinforceOptions,
        "objective" | "rate" | "klWeight" | "weights" | "policy" | "direct"
      >
    >
    & {
      steps?: number;
      trainable?: ReproduceSettings["reinforce"]["trainable"];
    };
  /** Goes on beyond its steps until it has trained as long as the arm of this name. */
  asLongAs?: string;
  /** In how many seeds, from the first on; in all of them unless given. */
  seeds?: number;
};

/** Sizes of a study. Plain data, printed with the results. */
export type StudySettings = Omit<ReproduceSettings, "seed" | "generate"> & {
  /** Seeds of everything: cold start, draws and noise. */
  seeds: number[];
  /** The ways compared. */
  arms: StudyArm[];
};

/** What was measured of one arm under one seed. */
export interface StudyCurve {
  /** The seed. */
  seed: number;
  /** The arm. */
  arm: string;
  /** Whether it came to its end. */
  done: boolean;
  /** Measurements on fixed seeds, the cold start's first. */
  points: {
    /** Iterations done. */
    step: number;
    /** Seconds spent in them, measurements apart. */
    seconds: number;
    /** Raw rewards per identity. */
    rewards: { [name: string]: number[] };
  }[];
  /** Means of the training batches' numbers over the iterations since the measurement before. */
  training: ({ step: number } & StepMetrics)[];
  /** Alarms, which were only told. */
  alarms: Alarm[];
}

/** What a study needs. */
export interface StudyReinforcementInput {
  /** All images of the target, with identities. */
  images: ImageSet;
  /** The pretrained generator. Borrowed. */
  prior: Generator;
  /** A recogniser of other people. Borrowed. */
  auditor: TrainedRecognizer;
  /** Sizes, seeds, arms. */
  settings: StudySettings;
  /** Where everything is kept, and found again. */
  run: RunDirectory;
  /** Milliseconds from any fixed moment; processor time where the machine has other work, too. */
  now: () => number;
  /** Ends the study after the present step. */
  signal?: AbortSignal;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
}

/**
 * Runs the study. What was done before is taken from the run directory.
 *
 * @param input Images, prior, settings.
 * @returns A curve for each seed and arm.
 * @throws The signal's reason, if it fired: what was done is kept.
 *
 * @example
 * ```ts
 * import { studyReinforcement, type StudyReinforcementInput } from "@outis/outis/stages";
 *
 * // The change of the semantic reward in each run: minutes to hours, as the settings say.
 * async function changes(input: StudyReinforcementInput) {
 *   const curves = await studyReinforcement(input);
 *   const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
 *   return curves.map(({ points }) =>
 *     mean(points.at(-1)!.rewards.semantic) - mean(points[0].rewards.semantic)
 *   );
 * }
 * console.log(changes.length); // 1
 * ```
 */
export async function studyReinforcement(
  input: StudyReinforcementInput,
): Promise<StudyCurve[]> {
  const { seeds, arms } = input.settings;
  const curves: StudyCurve[] = [];
  // What all seeds have first: a study that is stopped early has the more of it.
  for (const isPartial of [false, true]) {
    for (const [index, seed] of seeds.entries()) {
      const own = arms.filter(({ seeds }) =>
        (seeds !== undefined) === isPartial && index < (seeds ?? Infinity)
      );
      if (own.length > 0) curves.push(...await studySeed(input, seed, own));
    }
  }
  return curves;
}

async function studySeed(
  input: StudyReinforcementInput,
  seed: number,
  arms: StudyArm[],
): Promise<StudyCurve[]> {
  const { images, prior, settings, run, signal, onStep } = input;
  const file = (name: string) => run.file(`seed-${seed}`, name);
  await Deno.mkdir(file("cold-start"), { recursive: true });
  const known = await Promise.all(
    arms.map(({ name }) =>
      readJsonIfThere<StudyCurve>(file(`${fileName(name)}.json`))
    ),
  );
  const whole = known.filter((curve) => curve?.done === true);
  if (whole.length === arms.length) return whole as StudyCurve[];

  using owned = new DisposableStack();
  const part = (name: string) => `seed ${seed}, ${name}`;
  const { train } = splitImages(
    splitIdentities(images, settings.data).train,
    settings.data,
  );
  const judged = owned.use(
    await trainJudges(train, {
      ...settings.recognizer,
      ...settings.embedder,
      auditor: input.auditor,
      seed: seed + 1,
      signal,
      checkpoint: file("embedder.safetensors"),
      onStep: (...told) => onStep?.(part("embedder"), ...told),
    }),
  );
  const adapted = await coldStart(prior, train, {
    ...settings.coldStart,
    seed: seed + 2,
    signal,
    checkpoints: file("cold-start"),
    onStep: (name, ...told) => onStep?.(part(`cold start, ${name}`), ...told),
  });
  owned.defer(adapted.dispose);
  const judges = { ...judged, ...settings.sampling };
  const meter = rewardMeter(adapted, { ...judges, ...settings.measure });
  owned.defer(meter.dispose);

  const curves: StudyCurve[] = [];
  for (const [i, arm] of arms.entries()) {
    const found = known[i];
    if (found?.done) {
      curves.push(found);
      continue;
    }
    const path = `seed-${seed}/${fileName(arm.name)}`;
    const longest = curves.find(({ arm: name }) => name === arm.asLongAs)
      ?.points.at(-1);
    curves.push(
      await runArm({
        ...input,
        arm,
        curve: found ??
          {
            seed,
            arm: arm.name,
            done: false,
            points: [],
            training: [],
            alarms: [],
          },
        seconds: longest?.seconds,
        generator: adapted,
        judges,
        measure: meter.measure,
        checkpoint: run.file(`${path}.safetensors`),
        save: (curve) => run.writeAtomic(`${path}.json`, JSON.stringify(curve)),
        part: part(arm.name),
      }),
    );
  }
  return curves;
}

interface ArmInput extends StudyReinforcementInput {
  arm: StudyArm;
  /** What is known of it so far. */
  curve: StudyCurve;
  /** How long it goes on at least, seconds of training. */
  seconds?: number;
  generator: Generator;
  judges: Pick<ReinforceOptions, "bank" | "embedder" | "auditor">;
  measure: (dit: Params) => MeasuredRewards;
  checkpoint: string;
  save: (curve: StudyCurve) => Promise<unknown>;
  part: string;
}

async function runArm(input: ArmInput): Promise<StudyCurve> {
  const { arm, curve, settings, generator, now, measure, seconds = 0 } = input;
  const { every } = settings.measure;
  const least = arm.reinforce.steps ?? settings.reinforce.steps;
  const add = async (dit: Params, step: number, spent: number) => {
    const rewards = Object.fromEntries(
      Object.entries(measure(dit)).map(([name, values]) => [
        name,
        Array.from(values!),
      ]),
    );
    curve.points.push({ step, seconds: spent, rewards });
    await input.save(curve);
  };
  if (curve.points.length === 0) await add(generator.params.dit, 0, 0);
  // A checkpoint is written where a curve is, so the two are of one iteration, or the curve is one point ahead.
  let spent = curve.points.at(-1)!.seconds;
  let mark = now();
  let told: StepMetrics[] = [];
  const enough = new AbortController();
  const isEnough = (step: number) => step >= least && spent >= seconds;
  try {
    const tuned = await reinforce(generator, {
      ...input.judges,
      ...settings.sampling,
      ...settings.reinforce,
      ...arm.reinforce,
      onAlarm: "log",
      tellAlarm: (alarm) => {
        curve.alarms = curve.alarms.filter(({ step }) => step < alarm.step);
        curve.alarms.push(alarm);
      },
      // An end by time is not known before.
      steps: seconds > 0 ? 100 * least : least,
      seed: curve.seed + 3,
      checkpoint: input.checkpoint,
      checkpointEvery: every,
      signal: input.signal === undefined
        ? enough.signal
        : AbortSignal.any([input.signal, enough.signal]),
      onStep: (step, _, metrics) => {
        spent += (now() - mark) / 1000;
        mark = now();
        told.push(metrics);
        input.onStep?.(input.part, step, Math.max(least, step), metrics);
      },
      inspect: {
        every,
        look: async (dit, step) => {
          // A resumed arm repeats what was told after its checkpoint.
          const isBefore = (record: { step: number }) => record.step < step;
          curve.points = curve.points.filter(isBefore);
          curve.training = curve.training.filter(isBefore);
          curve.training.push({ step, ...meansOf(told) });
          told = [];
          await add(dit, step, spent);
          if (isEnough(step)) enough.abort();
          mark = now();
        },
      },
    });
    tuned.dispose();
  } catch (error) {
    if (!enough.signal.aborted || input.signal?.aborted) throw error;
  }
  curve.done = true;
  await input.save(curve);
  return curve;
}

function meansOf(told: StepMetrics[]): StepMetrics {
  const names = Object.keys(told[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      told.reduce((sum, numbers) => sum + (numbers[name] ?? 0), 0) /
      told.length,
    ]),
  );
}
