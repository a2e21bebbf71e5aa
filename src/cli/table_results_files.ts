/**
 * The files of a table's or figure's results: page, numbers, picture.
 *
 * @module
 */
import { isThere, writeAtomic } from "../core/mod.ts";
import { exportFigure, type Figure } from "../figures/mod.ts";
import type { TableStudy } from "./table_study.ts";
import { threadsOf } from "./table_study.ts";

/**
 * What a study ran on, as it may be printed.
 *
 * @param options Jobs and threads.
 * @returns A phrase.
 *
 * @example
 * ```ts
 * import { machineOf } from "./table_results_files.ts";
 *
 * console.log(machineOf({ jobs: 2, threads: 1 })); // 2 cores (linux x86_64), 2 processes of 1 thread
 * ```
 */
export function machineOf(
  options: { jobs?: number; threads?: number },
): string {
  const cores = navigator.hardwareConcurrency;
  const { os, arch } = Deno.build;
  const { jobs = 1 } = options;
  const threads = threadsOf(options) ?? cores;
  const counted = (count: number, one: string, many: string) =>
    `${count} ${count === 1 ? one : many}`;
  return `${counted(cores, "core", "cores")} (${os} ${arch}), ${
    counted(jobs, "process", "processes")
  } of ${counted(threads, "thread", "threads")}`;
}

/**
 * Which settings were tried on the tuning split, as the person who chose them wrote down.
 *
 * @param folder Folder of the results.
 * @param population Whom this page is about: one about the tuning split itself needs no such word.
 * @returns The text of `tried_settings.md`, where it is there.
 *
 * @example
 * ```ts
 * import { readTried } from "./table_results_files.ts";
 *
 * console.log(await readTried("/no/such/folder")); // {}
 * ```
 */
export async function readTried(
  folder: string,
  population = "test",
): Promise<{ tried?: string }> {
  const path = `${folder}/tried_settings.md`;
  return population === "test" && await isThere(path)
    ? { tried: await Deno.readTextFile(path) }
    : {};
}

/**
 * Draws a figure as a picture beside the page, where there is a browser that draws it.
 *
 * @param figure The figure; none draws nothing.
 * @param place Folder and name of the picture, without ending.
 * @param study Signal, and where the user is told.
 * @returns Name of the file.
 *
 * @example
 * ```ts
 * import { drawPicture } from "./table_results_files.ts";
 *
 * const { signal } = new AbortController();
 * const study = { signal, say: console.error };
 * console.log(await drawPicture(undefined, { folder: "results", name: "table_2" }, study)); // {}
 * ```
 */
export async function drawPicture(
  figure: Figure | undefined,
  { folder, name }: { folder: string; name: string },
  { signal, say }: Pick<TableStudy, "signal" | "say">,
): Promise<{ picture?: string }> {
  if (figure === undefined) return {};
  try {
    const png = await exportFigure(figure, { width: 900, signal });
    await Deno.mkdir(folder, { recursive: true });
    await writeAtomic(`${folder}/${name}.png`, png);
    return { picture: `${name}.png` };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    say("The page has no picture: there is no browser to draw it.");
    return {};
  }
}

/**
 * Name of a study's results' files.
 *
 * @param fallback What they are called unless asked otherwise.
 * @param options What was asked for.
 * @returns The name; that of the tuning split says so.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { resultsName } from "./table_results_files.ts";
 *
 * assertEquals(resultsName("table_2", { population: "tune" }), "table_2_tune");
 * ```
 */
export function resultsName(
  fallback: string,
  { name, population }: { name?: string; population?: string },
): string {
  return name ?? (population === "tune" ? `${fallback}_tune` : fallback);
}
