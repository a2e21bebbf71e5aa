/**
 * What a run writes down as it goes: numbers of every step, measurements, time per part.
 *
 * @module
 */
import type { MetricRecord, RunDirectory } from "../core/mod.ts";
import { meanAndError } from "../metrics/mod.ts";
import { eventLog } from "./event_log.ts";
import type { MeasuredRewards } from "./measure_rewards.ts";
import type { StepMetrics, TrainingOptions } from "./training_loop.ts";

/** The log of a run. */
export interface RunLog {
  /** Writes the numbers of a step and tells the user. */
  step: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
  /** The same as a training's `onStep`. */
  training: (part: string) => Pick<TrainingOptions, "onStep">;
  /** Writes a measurement of the rewards after `done` iterations. */
  measure: (done: number, rewards: MeasuredRewards) => Promise<void>;
  /** All measurements so far, those of earlier sessions of the run included. */
  measurements: () => MetricRecord[];
  /** All records of a part. */
  records: (part: string) => MetricRecord[];
  /** Runs a part and adds up its time. */
  timed: <T>(part: string, work: () => Promise<T>) => Promise<T>;
  /** Seconds per part, over all sessions of the run. */
  seconds: () => { [part: string]: number };
}

/** Options of {@linkcode runLog}. */
export interface RunLogOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Called as the parts go on. */
  onStep?: (
    part: string,
    done: number,
    total: number,
    metrics: StepMetrics,
  ) => void;
}

const MEASUREMENT = "measurement";

/**
 * Opens the log: `metrics.jsonl`, and the same numbers as events of TensorBoard, a folder for each part. A resumed run goes on from a checkpoint, which may be older than its last records: those of a part that
 * is done again are dropped at its first new one.
 *
 * @param run Where the records are kept.
 * @param options Clock, and who else is told.
 * @returns The log.
 *
 * @example
 * ```ts
 * import { openRunDirectory } from "@outis/outis/core";
 * import { runLog } from "./run_log.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const now = () => 0;
 * {
 *   const manifest = { configuration: {} };
 *   using run = await openRunDirectory(folder, { manifest, now });
 *   const log = await runLog(run, { now });
 *   await log.training("embedder").onStep?.(1, 1, { loss: 0.5 });
 *   console.log(log.records("embedder")); // [{ part: "embedder", step: 1, loss: 0.5 }]
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function runLog(
  run: RunDirectory,
  options: RunLogOptions,
): Promise<RunLog> {
  let records = await run.metrics.read();
  const seconds = {
    ...(run.manifest.seconds as { [part: string]: number } | undefined),
  };
  const begun = new Set<string>();
  const events = eventLog(run, options.now);

  async function append(record: MetricRecord): Promise<void> {
    const { part, step } = record;
    const repeats = (other: MetricRecord) =>
      other.part === part && Number(other.step) >= Number(step);
    if (!begun.has(String(part)) && records.some(repeats)) {
      records = records.filter((other) => !repeats(other));
      await run.truncateMetrics((other) => !repeats(other));
    }
    begun.add(String(part));
    records.push(record);
    run.metrics.append(record);
    await events(record);
  }

  return {
    step: (part, done, total, metrics) =>
      options.onStep?.(part, done, total, metrics),
    training: (part) => ({
      onStep: async (done, total, metrics) => {
        await append({ part, step: done, ...metrics });
        options.onStep?.(part, done, total, metrics);
      },
    }),
    async measure(done, rewards) {
      const parts = Object.entries(rewards).flatMap(([name, values]) => {
        const { mean, standardError } = meanAndError(values);
        return [[name, mean], [`${name}Error`, standardError]];
      });
      await append({
        part: MEASUREMENT,
        step: done,
        ...Object.fromEntries(parts),
      });
    },
    measurements: () => records.filter(({ part }) => part === MEASUREMENT),
    records: (part) => records.filter((record) => record.part === part),
    async timed(part, work) {
      const start = options.now();
      try {
        return await work();
      } finally {
        const spent = (options.now() - start) / 1000;
        seconds[part] = (seconds[part] ?? 0) + spent;
        await run.updateManifest({ seconds: { ...seconds } });
      }
    },
    seconds: () => ({ ...seconds }),
  };
}
