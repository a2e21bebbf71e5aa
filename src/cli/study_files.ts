/**
 * What every study leaves: a page, its numbers, and what people have written about them.
 *
 * @module
 */
import process from "node:process";
import { isThere, writeAtomic } from "../core/mod.ts";
import type { Outcome } from "./command.ts";

/**
 * Reads what people have written about a study's results: the page that is made anew keeps it.
 *
 * @param folder Folder of the results.
 * @param name Name of the study's files.
 * @returns The text of `<name>_notes.md`, where it is there.
 *
 * @example
 * ```ts
 * import { readNotes } from "./study_files.ts";
 *
 * console.log(await readNotes("/no/such/folder", "audit")); // {}
 * ```
 */
export async function readNotes(
  folder: string,
  name: string,
): Promise<{ notes?: string }> {
  const path = `${folder}/${name}_notes.md`;
  return await isThere(path) ? { notes: await Deno.readTextFile(path) } : {};
}

/**
 * Writes a study's page and its numbers.
 *
 * @param folder Folder of the results, made if it is not there.
 * @param name Name of the study's files.
 * @param page Both as text.
 * @returns Where the page is, and the numbers for scripts.
 *
 * @example
 * ```ts
 * import { writeStudy } from "./study_files.ts";
 *
 * const folder = await Deno.makeTempDir();
 * await writeStudy(folder, "trial", { json: "{}", markdown: "# A trial\n" });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeStudy(
  folder: string,
  name: string,
  page: { json: string; markdown: string },
): Promise<Outcome> {
  await Deno.mkdir(folder, { recursive: true });
  await writeAtomic(`${folder}/${name}.json`, page.json);
  await writeAtomic(`${folder}/${name}.md`, page.markdown);
  return { text: `${folder}/${name}.md`, json: JSON.parse(page.json) };
}

/**
 * Milliseconds of work of all cores: other work on the machine does not lengthen them.
 *
 * @returns The time of this process so far.
 *
 * @example
 * ```ts
 * import { processorTime } from "./study_files.ts";
 *
 * console.log(processorTime() > 0); // true
 * ```
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
