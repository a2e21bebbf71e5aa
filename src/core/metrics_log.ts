/**
 * Numbers of a run over time, one JSON record a line.
 *
 * @module
 */
import { writeAtomic } from "./write_atomic.ts";

/** One record, as `{ stage: "reinforce", step: 12, reward: 0.81 }`. Not finite numbers are written as `null`. */
export type MetricRecord = {
  [name: string]: number | string | boolean | null;
};

/** A log file; see {@linkcode openMetricsLog}. */
export interface MetricsLog {
  /** Adds a line. It is with the operating system when the call returns, so a killed process loses none. */
  append(record: MetricRecord): void;
  /** All records, oldest first. */
  read(): Promise<MetricRecord[]>;
  /** Drops the records that `keep` refuses: on resume, those after the checkpoint. */
  truncate(keep: (record: MetricRecord) => boolean): Promise<void>;
}

/**
 * Opens a log of metrics.
 *
 * @param path File, made by the first `append`. A last line cut off by a crash is dropped here.
 * @returns The log.
 * @throws {SyntaxError} From `read` and `truncate`, if a complete line is no JSON record.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { openMetricsLog } from "@outis/outis/core";
 *
 * const folder = await Deno.makeTempDir();
 * const log = await openMetricsLog(`${folder}/metrics.jsonl`);
 * log.append({ step: 1, loss: 0.5 });
 * await log.truncate(({ step }) => Number(step) < 1);
 * assert((await log.read()).length === 0);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openMetricsLog(path: string): Promise<MetricsLog> {
  const found = await readOrEmpty(path);
  const complete = found.lastIndexOf("\n") + 1;
  if (complete < found.length) {
    await writeAtomic(path, found.slice(0, complete));
  }

  async function read(): Promise<MetricRecord[]> {
    const lines = (await readOrEmpty(path)).split("\n").slice(0, -1);
    return lines.map((line, i) => parseLine(line, `${path}:${i + 1}`));
  }

  return {
    append(record) {
      Deno.writeTextFileSync(path, JSON.stringify(record) + "\n", {
        append: true,
      });
    },
    read,
    async truncate(keep) {
      const kept = (await read()).filter(keep);
      const text = kept.map((record) => JSON.stringify(record) + "\n").join("");
      await writeAtomic(path, text);
    },
  };
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function parseLine(line: string, place: string): MetricRecord {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read metrics as '${place}' must be a JSON record: current value is ${line}`,
      { cause },
    );
  }
}
