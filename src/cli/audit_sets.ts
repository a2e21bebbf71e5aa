/**
 * The sets of an audit, as the command line names them.
 *
 * @module
 */
import {
  type ImageSet,
  listImageFolder,
  splitIdentities,
  splitImages,
} from "../data/mod.ts";
import {
  type AuditImages,
  auditImageSet,
  auditRecords,
} from "../stages/mod.ts";
import { UsageError } from "./options.ts";
import type { PartProgress } from "./part_progress.ts";
import { readTarget } from "./read_target.ts";

/** Folders of an audit. */
export interface AuditFolders {
  /** Images that are to be released. */
  synthetic: string;
  /** The people who must not be in them. */
  real?: string;
  /** Other people. */
  control?: string;
  /** A run that has the other two. */
  run?: string;
}

/** The sets of an audit. */
export interface AuditSets {
  /** Images that are to be released; paths start from their folder. */
  synthetic: AuditImages;
  /** The people who must not be in them. */
  real: AuditImages;
  /** Other people. */
  control?: AuditImages;
}

/** Options of {@linkcode auditSets}. */
export interface AuditSetsOptions {
  /** Stops it. */
  signal: AbortSignal;
  /** Called while the images of a run are read or rendered. */
  onStep: PartProgress["step"];
}

/**
 * Says which folders are meant; all are looked for before anything slow.
 *
 * @param options What the user gave.
 * @returns The folders.
 * @throws {UsageError} If one is missing, not there, or given twice.
 *
 * @example
 * ```ts
 * import { auditFolders } from "./audit_sets.ts";
 *
 * const refused = auditFolders({ synthetic: "/no/such/folder", real: "." });
 * await refused.catch(({ name }) => console.log(name)); // UsageError
 * ```
 */
export async function auditFolders(
  options: Omit<AuditFolders, "synthetic"> & { synthetic?: string },
): Promise<AuditFolders> {
  const { run, real, control } = options;
  if (run !== undefined) {
    for (const [name, value] of Object.entries({ real, control })) {
      if (value === undefined) continue;
      throw usage(`--${name}`, "left out with --run, which has its own", value);
    }
  }
  const synthetic = options.synthetic ??
    (run === undefined ? undefined : `${run}/synthetic`);
  if (synthetic === undefined) throw usage("--synthetic", "given", "nothing");
  if (run === undefined && real === undefined) {
    throw usage("--real", "given", "nothing");
  }
  const folders = Object.entries({ synthetic, real, control })
    .filter((entry): entry is [string, string] => entry[1] !== undefined);
  const places = new Map<string, string>();
  for (const [name, folder] of folders) {
    let place: string;
    try {
      place = await Deno.realPath(folder);
    } catch {
      throw usage(`--${name}`, "a folder that is there", folder);
    }
    const other = places.get(place);
    if (other !== undefined) {
      throw usage(`--${name}`, `another folder than --${other}`, folder);
    }
    places.set(place, name);
  }
  return {
    ...Object.fromEntries(folders) as { synthetic: string },
    ...(run !== undefined && { run }),
  };
}

/**
 * Lists the images of the folders, or those of a run. Nothing is decoded before it is needed, but what a run was trained
 * on.
 *
 * @param folders Where they are.
 * @param options Signal and progress.
 * @returns The sets.
 * @throws {RangeError} If a folder holds no images.
 * @throws {UsageError} If the run is none of `reproduce`.
 *
 * @example
 * ```ts
 * import { auditSets } from "./audit_sets.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const none = auditSets({ synthetic: folder, real: folder }, {
 *   signal: new AbortController().signal,
 *   onStep: () => {},
 * });
 * await none.catch(({ message }) => console.log(message)); // there are no folders in it
 * await Deno.remove(folder);
 * ```
 */
export async function auditSets(
  folders: AuditFolders,
  options: AuditSetsOptions,
): Promise<AuditSets> {
  const listed = async (folder: string): Promise<AuditImages> => {
    const root = folder.replace(/(?<=.)\/+$/, "");
    const { records, problems } = await listImageFolder(root);
    for (const problem of problems) {
      if (!/manifest|README|classes/.test(problem)) console.error(problem);
    }
    const images = auditRecords(records);
    // As manifests and drop lists name them.
    const paths = images.paths.map((path) => path.slice(root.length + 1));
    return { ...images, paths };
  };
  const synthetic = await listed(folders.synthetic);
  if (folders.run !== undefined) {
    return { synthetic, ...await targetOf(folders.run, options) };
  }
  return {
    synthetic,
    real: await listed(folders.real!),
    ...(folders.control && { control: await listed(folders.control) }),
  };
}

/** What a run was trained on, and the people it kept for its tests. */
async function targetOf(
  run: string,
  { signal, onStep }: AuditSetsOptions,
): Promise<{ real: AuditImages; control: AuditImages }> {
  let configuration;
  try {
    const text = await Deno.readTextFile(`${run}/manifest.json`);
    configuration = JSON.parse(text).configuration;
  } catch {
    // told below
  }
  if (configuration?.settings?.data?.trainCount === undefined) {
    throw usage("--run", "a run of reproduce", run);
  }
  const { images } = await readTarget(
    configuration,
    { height: 64, width: 64 },
    signal,
    onStep,
  );
  const { data } = configuration.settings;
  const { train, test } = splitIdentities(images, data);
  const set = (images: ImageSet) => auditImageSet(images);
  return { real: set(splitImages(train, data).train), control: set(test) };
}

function usage(name: string, rule: string, value: string): UsageError {
  return new UsageError(
    `Cannot audit as '${name}' must be ${rule}: current value is ${value}`,
  );
}
