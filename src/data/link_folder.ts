/**
 * A folder made of another one's files, without copying them.
 *
 * @module
 */

/**
 * Makes hard links to all files of a folder in another, or copies where the disk has no links.
 *
 * Folders that lose all their files are left out; those that were empty are made.
 *
 * @param from Folder.
 * @param to Folder to fill; made if missing.
 * @param isWanted Tells by the path within the folder whether a file is taken.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { linkFolder } from "./link_folder.ts";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/a`);
 * for (const name of ["1.txt", "2.txt"]) await Deno.writeTextFile(`${folder}/a/${name}`, name);
 * await linkFolder(`${folder}/a`, `${folder}/b`, (path) => path !== "2.txt");
 * assertEquals(Array.from(Deno.readDirSync(`${folder}/b`), ({ name }) => name), ["1.txt"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function linkFolder(
  from: string,
  to: string,
  isWanted: (path: string) => boolean,
): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  await fill(from, to, "", isWanted);
}

/** One folder and what is below it. */
async function fill(
  from: string,
  to: string,
  within: string,
  isWanted: (path: string) => boolean,
): Promise<void> {
  let isMade = within === "";
  let isEmpty = true;
  const make = async () => {
    if (!isMade) await Deno.mkdir(`${to}/${within}`, { recursive: true });
    isMade = true;
  };
  for await (const entry of Deno.readDir(`${from}/${within}`)) {
    isEmpty = false;
    const path = within + entry.name;
    if (entry.isDirectory) await fill(from, to, `${path}/`, isWanted);
    else if (isWanted(path)) {
      await make();
      await link(`${from}/${path}`, `${to}/${path}`);
    }
  }
  if (isEmpty) await make();
}

async function link(from: string, to: string): Promise<void> {
  try {
    await Deno.link(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    await Deno.copyFile(from, to);
  }
}
