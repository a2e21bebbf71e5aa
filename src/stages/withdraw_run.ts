/**
 * A run directory without a person.
 *
 * @module
 */
import type { FolderReplacement } from "../core/mod.ts";
import {
  type ExportedDatasetFolder,
  linkFolder,
  openExported,
  rewriteExport,
  type RewriteExportOptions,
} from "../data/mod.ts";
import { readSafetensors } from "../io/mod.ts";
import { CLASS_TABLE } from "./condition_latents.ts";
import { type RetiredWeights, retireWeights } from "./retire_class.ts";

/** What a run knows of its people. */
export interface RunPeople {
  /** Its synthetic images; absent where there are none. */
  set?: ExportedDatasetFolder;
  /** Names of its classes, in order; absent where it has no generator of its own. */
  classes?: string[];
  /** Files of weights, from the run. */
  weights: string[];
  /** Pages that show people, from the run. */
  pages: string[];
}

const ACT = "withdraw a person";

/**
 * Looks at what a run holds of people.
 *
 * @param run The run directory.
 * @returns Images, classes, weights, pages.
 * @throws {RangeError} If it is no run, or its checkpoints have other classes than its images.
 *
 * @example
 * ```ts
 * import { runPeople } from "./withdraw_run.ts";
 *
 * await runPeople("no/such/run").catch((error) => console.log(error.message));
 * ```
 */
export async function runPeople(run: string): Promise<RunPeople> {
  let manifest: { format?: string; schema?: number; classes?: string[] };
  try {
    manifest = JSON.parse(await Deno.readTextFile(`${run}/manifest.json`));
  } catch {
    throw refused("a run directory with a manifest.json", run);
  }
  if (manifest.format !== "outis-run" || manifest.schema !== 1) {
    throw refused(
      "of format outis-run 1",
      `${manifest.format} ${manifest.schema}`,
    );
  }
  const files = await filesBelow(run);
  const set = files.includes("synthetic/manifest.json")
    ? await openExported(`${run}/synthetic`)
    : undefined;
  const weights = files.filter((path) => path.endsWith(".safetensors"));
  const own = "checkpoints/cold-start.safetensors";
  const pages = files.filter((path) => path.endsWith(".html"));
  if (!weights.includes(own)) {
    const study = weights.find((path) =>
      path.endsWith("/cold-start.safetensors")
    );
    if (study !== undefined) {
      throw refused(
        "a run of one generator, as a study does not tell whose its classes are",
        run,
      );
    }
    return { set, weights, pages };
  }
  const classes = manifest.classes ??
    [...new Set(set?.rows.map(({ identity }) => identity))];
  const { tensors } = await readSafetensors(`${run}/${own}`);
  const table = Object.entries(tensors)
    .find(([name]) => name.endsWith(CLASS_TABLE))?.[1];
  if (table?.shape[0] !== classes.length + 1) {
    throw refused(
      `a run whose images tell its classes, ${(table?.shape[0] ?? 1) - 1}`,
      `${classes.length} identities`,
    );
  }
  return { set, classes, weights, pages };
}

/** How a run is rewritten. */
export interface WithdrawFromRunOptions
  extends Pick<RewriteExportOptions, "isKept" | "note" | "signal"> {
  /** Class of the person; absent where there is none. */
  label?: number;
  /** When, ISO 8601. */
  at: string;
}

/**
 * Writes a run directory again without a person: images and their list, zeros for the class in all checkpoints, no page
 * that shows people; the manifest says that somebody has withdrawn, so that the run is not resumed.
 *
 * @param people What {@linkcode runPeople} found.
 * @param replacement Where the run is and its next version is put together.
 * @param options Class, and which images stay.
 * @returns The weights.
 *
 * @example
 * ```ts
 * import { withdrawFromRun } from "./withdraw_run.ts";
 *
 * console.log(withdrawFromRun.length); // 3
 * ```
 */
export async function withdrawFromRun(
  people: RunPeople,
  { path: run, next }: Pick<FolderReplacement, "path" | "next">,
  options: WithdrawFromRunOptions,
): Promise<RetiredWeights[]> {
  const { set, classes, weights, pages } = people;
  const { label, at } = options;
  using lock = await Deno.open(`${run}/.lock`, { write: true, create: true });
  if (!await lock.tryLock(true)) {
    throw refused("one that no other process uses", run);
  }
  const rewritten = new Set([...pages, "manifest.json", ".lock"]);
  await linkFolder(
    run,
    next,
    (path) =>
      !rewritten.has(path) &&
      !(set !== undefined && path.startsWith("synthetic/")),
  );
  if (set !== undefined) {
    await rewriteExport(set, { ...options, out: `${next}/synthetic` });
  }
  const manifest = JSON.parse(
    await Deno.readTextFile(`${run}/manifest.json`),
  );
  const left = {
    ...manifest,
    ...(classes && {
      classes: classes.map((name, i) => i === label ? `withdrawn-${i}` : name),
    }),
    withdrawn: [
      ...manifest.withdrawn ?? [],
      { at, ...(label === undefined ? {} : { class: label }) },
    ],
  };
  await Deno.writeTextFile(
    `${next}/manifest.json`,
    JSON.stringify(left, null, 2) + "\n",
  );
  if (label === undefined) return [];
  return await retireWeights(run, {
    files: weights,
    out: next,
    label,
    classes: classes!.length,
  });
}

async function filesBelow(root: string, within = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${within}`)) {
    const path = within + name;
    if (isDirectory) files.push(...await filesBelow(root, `${path}/`));
    else files.push(path);
  }
  return files.sort();
}

function refused(rule: string, value: string): RangeError {
  return new RangeError(
    `Cannot ${ACT} as 'run' must be ${rule}: current value is ${value}`,
  );
}
