/**
 * The machine a run is planned for.
 *
 * @module
 */
import { statfs } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { dirname } from "node:path";
import type { BackendInfo } from "../engine/mod.ts";
import { isThere } from "../core/mod.ts";
import { engineSpeed } from "./engine_speed.ts";

/** The machine that kept times were measured on. */
export const REFERENCE = "2 idle cores of an AMD EPYC with TensorFlow";

/** The machine, as a plan needs it. What is not known is left out. */
export interface Machine {
  /** What computes, as in `2 cores of AMD EPYC`. */
  computes: string;
  /** How many times as fast as {@linkcode REFERENCE}. */
  speed?: number;
  /** How many programs want a core, for each core; above 1 it is busy. */
  load?: number;
  /** Memory that is free, MB. */
  memory?: number;
  /** Disk that is free where the run writes, MB. */
  disk?: number;
}

/** Options of {@linkcode lookAtMachine}. */
export interface LookAtMachineOptions {
  /** What computes; none where nothing does. */
  engine?: BackendInfo;
  /** Threads it was told to use. @default all cores */
  threads?: number;
  /** Folder the run writes to. */
  out?: string;
  /** Whether to measure for half a second how fast the engine is. @default false */
  measures?: boolean;
}

/**
 * Looks at the machine.
 *
 * @param options What computes, where is written.
 * @returns What a plan needs to know.
 *
 * @example
 * ```ts
 * import { lookAtMachine } from "./machine.ts";
 *
 * const { computes, memory } = await lookAtMachine();
 * console.log(computes, memory! > 0); // as in "2 cores of AMD EPYC" true
 * ```
 */
export async function lookAtMachine(
  options: LookAtMachineOptions = {},
): Promise<Machine> {
  const { engine, out, measures } = options;
  return {
    computes: computesOf(options),
    load: Deno.loadavg()[0] / availableParallelism(),
    memory: Deno.systemMemoryInfo().available / 1e6,
    ...(measures && engine && { speed: await engineSpeed() }),
    ...(out !== undefined && { disk: await freeDisk(out) }),
  };
}

function computesOf({ engine, threads }: LookAtMachineOptions): string {
  if (engine?.name === "webgpu") return "webgpu";
  // wasm has one thread, whatever it is told.
  const count = engine?.name === "wasm" ? 1 : threads ?? availableParallelism();
  const cores = count === 1 ? "1 core" : `${count} cores`;
  const processor = cpus()[0]?.model.replace(/\s+/g, " ").trim();
  const named = processor ? `${cores} of ${processor}` : cores;
  return engine?.name === "wasm" ? `${named} with wasm` : named;
}

/** Free space of the file system a folder lies in, or will lie in, MB. */
async function freeDisk(folder: string): Promise<number> {
  let place = folder;
  while (!await isThere(place) && dirname(place) !== place) {
    place = dirname(place);
  }
  const { bavail, bsize } = await statfs(place);
  return bavail * bsize / 1e6;
}
