/**
 * The numbers of a run for TensorBoard.
 *
 * @module
 */
import type { MetricRecord, RunDirectory } from "../core/mod.ts";
import { encodeEvent, eventFileHead } from "../io/mod.ts";

/** Adds a record to the events of its part. */
export type EventLog = (record: MetricRecord) => Promise<void>;

/**
 * Writes records as events, in a folder for each part below `tensorboard/`: parts count their own steps, so each is a run
 * of its own to a viewer. Every session of the run begins a new file, which tells the viewer to forget the steps done again.
 *
 * @param run Where the folder is.
 * @param now Milliseconds since 1970.
 * @returns The log.
 *
 * @example
 * ```ts
 * import { openRunDirectory } from "@outis/outis/core";
 * import { eventLog } from "./event_log.ts";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   const manifest = { configuration: {} };
 *   using run = await openRunDirectory(folder, { manifest, now: Date.now });
 *   const log = eventLog(run, Date.now);
 *   await log({ part: "embedder", step: 1, loss: 0.5 });
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function eventLog(run: RunDirectory, now: () => number): EventLog {
  const { resumed } = run.manifest;
  const session = Array.isArray(resumed) ? resumed.length : 0;
  const files = new Map<string, string>();

  return async ({ part, step, ...others }) => {
    const name = String(part).replaceAll(/[^\w.-]+/g, "_");
    let file = files.get(name);
    if (file === undefined) {
      const folder = run.file("tensorboard", name);
      await Deno.mkdir(folder, { recursive: true });
      const seconds = Math.floor(now() / 1000);
      file = `${folder}/events.out.tfevents.${seconds}.outis.${session}`;
      await Deno.writeFile(file, eventFileHead(now()));
      // Alone: numbers in the same event would be forgotten with the rest.
      const restart = { time: now(), step: Number(step), restart: true };
      await Deno.writeFile(file, encodeEvent(restart), { append: true });
      files.set(name, file);
    }
    const scalars = Object.fromEntries(
      Object.entries(others).filter(([, value]) => typeof value === "number"),
    ) as { [name: string]: number };
    const event = { time: now(), step: Number(step), scalars };
    await Deno.writeFile(file, encodeEvent(event), { append: true });
  };
}
