/**
 * What Market-1501 and the data sets in its manner share: three folders of images whose names tell everything.
 *
 * @module
 */
import type { Dataset, ImageRecord } from "./image_record.ts";
import { isImageName, listFolder } from "./list_folder.ts";

/** Options of {@linkcode readPersonFolders}. */
export interface ReadPersonFoldersOptions {
  /** Name of the layout, for the result. */
  layout: string;
  /** Sentence about variant and protocol, for the result. */
  protocol: string;
  /** Takes the name of a file apart: groups `identity` and `camera`. */
  pattern: RegExp;
  /** Example of such a name, for problems. */
  example: string;
  /** Largest number of a camera. */
  cameras: number;
}

/** The folders, and what they are for. */
const PARTS = [
  ["bounding_box_train", "train"],
  ["query", "query"],
  ["bounding_box_test", "gallery"],
] as const;

/**
 * Reads the folders `bounding_box_train`, `query` and `bounding_box_test`.
 *
 * Identity `-1` is junk and `0000` a distractor: both keep these names, get a `role`, and belong into the gallery only.
 * What does not fit is a problem that names the file: other names, cameras that are none, a training identity in the
 * test parts, a query that no other camera's gallery image answers.
 *
 * @param folder Path.
 * @param options How files are named.
 * @returns Images: first `train`, then `query`, then `gallery`, each sorted by name.
 * @throws {RangeError} If one of the folders is missing or none holds a readable name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readPersonFolders } from "./read_person_folders.ts";
 *
 * const folder = await Deno.makeTempDir();
 * for (const part of ["bounding_box_train", "query", "bounding_box_test"]) {
 *   await Deno.mkdir(`${folder}/${part}`);
 * }
 * await Deno.writeTextFile(`${folder}/bounding_box_train/0002_c1.jpg`, "");
 * const { records } = await readPersonFolders(folder, {
 *   layout: "example",
 *   protocol: "An example.",
 *   pattern: /^(?<identity>\d+)_c(?<camera>\d)\.jpg$/,
 *   example: "0002_c1.jpg",
 *   cameras: 6,
 * });
 * assertEquals([records[0].identity, records[0].camera], ["0002", 1]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readPersonFolders(
  folder: string,
  options: ReadPersonFoldersOptions,
): Promise<Dataset> {
  const { layout, protocol } = options;
  const { folders, problems } = await listFolder(folder);
  const missing = PARTS.map(([name]) => name)
    .filter((name) => !folders.includes(name));
  if (missing.length > 0) {
    throw new RangeError(
      `Cannot read ${layout} as '${folder}' must hold the folders ${
        PARTS.map(([name]) => name).join(", ")
      }: current value is one without ${missing.join(", ")}`,
    );
  }
  const records: ImageRecord[] = [];
  for (const [name, split] of PARTS) {
    const content = await listFolder(`${folder}/${name}`);
    problems.push(...content.problems);
    for (const below of content.folders) {
      problems.push(`${folder}/${name}/${below} is left out: a folder`);
    }
    for (const file of content.files) {
      const path = `${folder}/${name}/${file}`;
      const record = recordOf(path, file, split, options);
      if (typeof record === "string") problems.push(record);
      else records.push(record);
    }
  }
  if (records.length === 0) {
    throw new RangeError(
      `Cannot read ${layout} as '${folder}' must hold images named as ${options.example}: current value is one without`,
    );
  }
  problems.push(...protocolProblems(records));
  return { layout, protocol, records, problems };
}

function recordOf(
  path: string,
  file: string,
  split: string,
  { pattern, example, cameras }: ReadPersonFoldersOptions,
): ImageRecord | string {
  if (!isImageName(file)) return `${path} is left out: not PNG, JPEG or WebP`;
  const groups = pattern.exec(file)?.groups;
  if (groups === undefined) {
    return `${path} is left out: not named as ${example}`;
  }
  const { identity } = groups;
  const camera = Number(groups.camera);
  if (!(camera >= 1 && camera <= cameras)) {
    return `${path} is left out: camera ${camera} is none of 1 to ${cameras}`;
  }
  const role = identity === "-1"
    ? "junk"
    : /^0+$/.test(identity)
    ? "distractor"
    : undefined;
  if (role !== undefined && split !== "gallery") {
    return `${path} is left out: ${role} images belong into bounding_box_test only`;
  }
  return { path, identity, camera, split, ...(role ? { role } : {}) };
}

function protocolProblems(records: readonly ImageRecord[]): string[] {
  const problems: string[] = [];
  const people = records.filter(({ role }) => role === undefined);
  const camerasOf = new Map<string, Set<number>>();
  const trained = new Set<string>();
  for (const { identity, camera, split } of people) {
    if (split === "train") trained.add(identity);
    if (split !== "gallery") continue;
    if (!camerasOf.has(identity)) camerasOf.set(identity, new Set());
    camerasOf.get(identity)!.add(camera!);
  }
  const shared = new Set(
    people.filter(({ split, identity }) =>
      split !== "train" && trained.has(identity)
    ).map(({ identity }) => identity),
  );
  for (const identity of shared) {
    problems.push(`Identity ${identity} is in the training and the test part`);
  }
  for (const { path, identity, camera, split } of people) {
    if (split !== "query") continue;
    const others = new Set(camerasOf.get(identity)).difference(
      new Set([camera!]),
    );
    if (others.size === 0) {
      problems.push(
        `${path} cannot be searched for: no other camera's gallery image shows ${identity}`,
      );
    }
  }
  return problems;
}
