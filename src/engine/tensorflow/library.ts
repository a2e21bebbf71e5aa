/**
 * Looks for libtensorflow on this machine: what the user names, then what
 * `outis setup` has installed, then what Python or the system has. Never
 * installs, loads or runs anything; needs leave to read files, no more.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { environment } from "../environment.ts";
import { kindOf, namesIn } from "./folder.ts";
import { pythonPackageFolders } from "./python_packages.ts";
import { sharedObjectFault } from "./shared_object.ts";

/** A libtensorflow that was found. */
export interface LibraryFile {
  /** Path of the library that holds the C API. */
  path: string;
  /** Path of `libtensorflow_framework` beside it, where there is one. */
  framework?: string;
  /** Where it was found. */
  source: "option" | "environment" | "cache" | "python" | "system";
  /** Its version, where the folders around it tell. */
  version?: string;
}

/** What {@linkcode findLibrary} returns. */
export interface LibrarySearch {
  /** The library; absent if none was found. */
  library?: LibraryFile;
  /** Places that were looked at, each with why nothing came of it. */
  places: string[];
}

/** Options of {@linkcode findLibrary}. */
export interface FindLibraryOptions {
  /** Library file or folder named by the user; beats the environment. */
  library?: string;
  /** Folder of the cache, `<version>` folders inside. @default libraryCache() */
  cacheDir?: string;
  /** Operating system. @default Deno.build.os */
  os?: string;
  /** Processor. @default Deno.build.arch */
  arch?: string;
  /** Reads an environment variable. @default environment */
  environment?: (name: string) => string | undefined;
}

/** Oldest TensorFlow whose C API has all the engine calls. */
export const OLDEST_TENSORFLOW = "2.9";

/**
 * Names of the library and of its companion on an operating system, the
 * wheels' names before those of the official archives.
 *
 * @param os Operating system. Default: `Deno.build.os`.
 * @returns File names.
 *
 * @example
 * ```ts
 * import { libraryNames } from "./library.ts";
 *
 * libraryNames("linux").library[0]; // "libtensorflow_cc.so.2"
 * ```
 */
export function libraryNames(
  os: string = Deno.build.os,
): { library: string[]; framework: string } {
  if (os === "windows") {
    return { library: ["tensorflow.dll"], framework: "" };
  }
  const name = (part: string, version: string) =>
    os === "darwin"
      ? `libtensorflow${part}${version}.dylib`
      : `libtensorflow${part}.so${version}`;
  return {
    library: [name("_cc", ".2"), name("", ".2"), name("", "")],
    framework: name("_framework", ".2"),
  };
}

/**
 * Folder in which `outis setup` keeps libtensorflow, one folder per version.
 *
 * @param options Operating system and environment.
 * @returns The folder, which need not exist; undefined if there is no home.
 *
 * @example
 * ```ts
 * import { libraryCache } from "./library.ts";
 *
 * libraryCache({ os: "linux", environment: () => "/x" });
 * // "/x/outis/libtensorflow"
 * ```
 */
export function libraryCache(
  options: Pick<FindLibraryOptions, "os" | "environment"> = {},
): string | undefined {
  const { os = Deno.build.os, environment: read = environment } = options;
  const home = read("HOME") ?? read("USERPROFILE");
  const own = os === "windows"
    ? read("LOCALAPPDATA")
    : home && join(home, os === "darwin" ? "Library/Caches" : ".cache");
  const cache = read("XDG_CACHE_HOME") ?? own;
  return cache && join(cache, "outis", "libtensorflow");
}

/**
 * Looks for libtensorflow: in `options.library`, else in
 * `OUTIS_LIBTENSORFLOW` (a file, or a folder with the library in it, in its
 * `lib/` or in its `tensorflow/`), else in the cache (newest version first),
 * else in the Python packages and library folders of this machine.
 *
 * @param options Where to look, and for which machine.
 * @returns The library, and the places looked at.
 * @throws {RangeError} If what the user named is not there, has no library
 * in it, or is damaged, too old or made for another machine.
 *
 * @example
 * ```ts
 * import { findLibrary } from "./library.ts";
 *
 * const { library, places } = findLibrary();
 * const found = library?.path ?? `not in ${places.join(", ")}`;
 * ```
 */
export function findLibrary(options: FindLibraryOptions = {}): LibrarySearch {
  const { environment: read = environment, os = Deno.build.os } = options;
  const named = options.library
    ? { name: "library", value: options.library, source: "option" as const }
    : {
      name: "OUTIS_LIBTENSORFLOW",
      value: read("OUTIS_LIBTENSORFLOW"),
      source: "environment" as const,
    };
  if (named.value) {
    const found = examine(named.value, options);
    if (typeof found === "string") {
      throw new RangeError(
        `Cannot load TensorFlow as '${named.name}' must be ${found}`,
      );
    }
    return { library: { ...found, source: named.source }, places: [] };
  }

  const cache = options.cacheDir ?? libraryCache(options);
  const places = ["OUTIS_LIBTENSORFLOW (not set)"];
  const folders = [
    ...(cache ? versionFolders(cache) : []).map((path) => ({
      path,
      source: "cache" as const,
    })),
    ...pythonPackageFolders({ os, environment: read }).map((path) => ({
      path: join(path, "tensorflow"),
      source: "python" as const,
    })),
    ...(os === "windows" ? [] : ["/usr/local/lib", "/usr/lib"]).map((path) => ({
      path,
      source: "system" as const,
    })),
  ];
  for (const { path, source } of folders) {
    if (!libraryIn(path, os)) continue;
    const found = examine(path, options);
    if (typeof found !== "string") {
      return { library: { ...found, source }, places };
    }
    places.push(`${path} (must be ${found})`);
  }
  places.push(
    cache ? `${cache} (no version in it)` : "the cache (no home folder)",
    "the Python packages of this machine (no tensorflow)",
  );
  return { places };
}

/** The library behind a path, or what the path must be instead. */
function examine(
  path: string,
  options: FindLibraryOptions,
): Omit<LibraryFile, "source"> | string {
  const { os = Deno.build.os, arch } = options;
  const kind = kindOf(path);
  if (!kind) return `an existing file or folder: current value is '${path}'`;
  const { library: names, framework: companion } = libraryNames(os);
  const file = kind === "folder" ? libraryIn(path, os) : path;
  if (!file) {
    return `a folder with ${names[0]} (or ${names.at(-1)}) in it, in its ` +
      `lib/ or in its tensorflow/: current value is '${path}'`;
  }
  const fault = sharedObjectFault(file, { os, arch });
  if (fault) {
    return `${fault.rule}: current value is '${file}', ${fault.found}`;
  }
  const version = versionOf(file);
  if (version && compareVersions(version, OLDEST_TENSORFLOW) < 0) {
    return `TensorFlow ${OLDEST_TENSORFLOW} or newer: current value is ` +
      `'${file}', version ${version}`;
  }
  const framework = companion && join(dirname(file), companion);
  return {
    path: file,
    ...(framework && kindOf(framework) === "file" ? { framework } : {}),
    ...(version ? { version } : {}),
  };
}

function libraryIn(folder: string, os: string): string | undefined {
  return ["", "lib", "tensorflow"]
    .flatMap((inner) =>
      libraryNames(os).library.map((name) => join(folder, inner, name))
    )
    .find((path) => kindOf(path) === "file");
}

// The wheels that carry the library; tensorflow_estimator and such do not.
const RECORD =
  /^tensorflow(?:_(?:cpu|cpu_aws|gpu|intel|macos|rocm))?-(\d[\w.]*)\.dist-info$/;

/** From the folder's own name, or from pip's record beside the package. */
function versionOf(file: string): string | undefined {
  const folder = dirname(file);
  if (isVersion(basename(folder))) return basename(folder);
  return namesIn(dirname(folder))
    .map((name) => RECORD.exec(name))
    .find((match) => match !== null)?.[1];
}

function versionFolders(cache: string): string[] {
  return namesIn(cache)
    .filter(isVersion)
    .sort((a, b) => compareVersions(b, a))
    .map((name) => join(cache, name));
}

function isVersion(name: string): boolean {
  return /^\d+\.\d+(\.\w+)*$/.test(name);
}

/** Negative if a is older than b; compares the numbers, part by part. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(".").map(parseFloat));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] || 0) - (right[i] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
