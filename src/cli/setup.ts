/**
 * Set-up: what the engine needs and this machine has not.
 *
 * @module
 */
import { join } from "node:path";
import { environment } from "../engine/environment.ts";
import {
  findLibrary,
  type FindLibraryOptions,
  libraryCache,
  type LibraryFile,
  type LibrarySearch,
} from "../engine/tensorflow/library.ts";
import { InstallError } from "./install_error.ts";
import { installLibrary } from "./install_library.ts";
import { findPython } from "./pip.ts";
import { type Progress, progress } from "./progress.ts";

/** Options of {@linkcode setup}. */
export interface SetupOptions {
  /** Backend that is wished for. "auto" makes do with wasm. */
  backend: "auto" | "tensorflow" | "wasm" | "webgpu";
  /** Folder that libtensorflow is kept in. @default libraryCache() */
  cacheDir?: string;
  /**
   * Version to install. Given, it is installed even if another is there; of
   * several in the cache the newest is used. @default "2.21.0"
   */
  version?: string;
  /** Whether what is missing is installed; otherwise it is only told, and wasm has to do. @default true */
  installs?: boolean;
  /** Called with each line for the user. */
  onLine: (line: string) => void;
  /** Ends the installation, leaving the cache as it was. */
  signal?: AbortSignal;
  /** Pythons to try. @default [$PYTHON, "python3", "python"] */
  pythons?: readonly string[];
  /** Looks for the library. @default findLibrary */
  search?: (options: FindLibraryOptions) => LibrarySearch;
  /** Shows how far it is, in MB. @default bar, or a line every 2 s */
  progress?: (label: string, total: number) => Progress;
}

/** What {@linkcode setup} leaves. */
export interface SetupResult {
  /** Backend that can now be used. */
  backend: "tensorflow" | "wasm" | "webgpu";
  /** The library, for the backend "tensorflow". */
  library?: LibraryFile;
  /** Why it is not the backend that was wished for. */
  reason?: string;
}

/** The version that the engine is measured with. */
const VERSION = "2.21.0";

/** What an installation takes. */
const DOWNLOADED = "about 270 MB";
const KEPT = "about 850 MB";

/** What running on wasm means. */
const WASM_COST =
  "wasm needs nothing installed, but is one thread and about ten times slower";

/**
 * Makes sure that a backend can be used: looks for libtensorflow and, where
 * there is none, installs it from its Python wheel into the cache.
 *
 * @param options Backend, and whom to tell.
 * @returns The backend to use. With "auto", wasm where libtensorflow cannot
 * be had, with the reason.
 * @throws {InstallError} If the backend "tensorflow", or a version, was asked
 * for and cannot be installed.
 * @throws {RangeError} If the version is none, or `OUTIS_LIBTENSORFLOW` names
 * no usable library.
 *
 * @example
 * ```ts
 * import { setup } from "./setup.ts";
 *
 * const { backend } = await setup({ backend: "wasm", onLine: () => {} });
 * ```
 */
export async function setup(options: SetupOptions): Promise<SetupResult> {
  const { backend, onLine, signal } = options;
  if (backend === "wasm" || backend === "webgpu") {
    onLine(`Nothing to set up for ${backend}.`);
    return { backend };
  }
  const { version, cacheDir = libraryCache(), installs = true } = options;
  if (version !== undefined && !/^\d+\.\d+(\.\w+)*$/.test(version)) {
    throw new RangeError(
      `Cannot set up TensorFlow as 'version' must be numbers, as in ` +
        `'${VERSION}': current value is '${version}'`,
    );
  }
  const find = () => findVersion(options, cacheDir);
  const found = find();
  if (found) {
    onLine(
      `TensorFlow ${
        found.version ?? "of unknown version"
      } is there: ${found.path}`,
    );
    return { backend: "tensorflow", library: found };
  }
  if (!installs) {
    const reason =
      `TensorFlow is not there: a run first installs it, ${DOWNLOADED} to download and ${KEPT} to keep`;
    onLine(`${reason}.`);
    return { backend: "wasm", reason };
  }
  try {
    const library = await install(options, cacheDir, find);
    onLine(`TensorFlow ${library.version} is installed: ${library.path}`);
    return { backend: "tensorflow", library };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof InstallError) || backend !== "auto" || version) {
      throw error;
    }
    onLine(`${error.message}.`);
    onLine(`Goes on with wasm: ${WASM_COST}.`);
    return { backend: "wasm", reason: error.message };
  }
}

/** The library to use, or the one of the version that was asked for. */
function findVersion(
  { search = findLibrary, version }: SetupOptions,
  cacheDir: string | undefined,
): LibraryFile | undefined {
  const { library } = search({ cacheDir });
  // What the user names in the environment is used, whatever its version.
  const isMeant = !version || library?.version === version ||
    library?.source === "environment";
  if (isMeant || !cacheDir) return isMeant ? library : undefined;
  try {
    const { library } = search({ library: join(cacheDir, version) });
    return library && { ...library, source: "cache" };
  } catch (error) {
    if (error instanceof RangeError) return undefined; // absent or damaged
    throw error;
  }
}

async function install(
  options: SetupOptions,
  cacheDir: string | undefined,
  find: () => LibraryFile | undefined,
): Promise<LibraryFile> {
  const { version = VERSION, onLine, signal } = options;
  const name = wheelName();
  if (!cacheDir) {
    throw new InstallError("cache", "have a place: there is no home folder");
  }
  const own = environment("PYTHON");
  const { pythons = [...(own ? [own] : []), "python3", "python"] } = options;
  const python = await findPython(pythons, signal);
  onLine(
    `Installs TensorFlow ${version}, which the engine computes with: pip ` +
      `(Python ${python.version}) downloads the wheel ${name}, ${DOWNLOADED}; ` +
      `${KEPT} stay in ${cacheDir}`,
  );
  await installLibrary(python, {
    cacheDir,
    name,
    version,
    signal,
    isThere: () => find() !== undefined,
    onWait: () => onLine("Waits for another set-up that is at work there."),
    progress: options.progress ?? display(onLine),
  });
  const library = find();
  if (!library) {
    throw new InstallError(
      "cache",
      `hold the library now: ${cacheDir} does not`,
    );
  }
  return library;
}

/** A bar on a terminal, else a line every 2 s where the other lines go. */
function display(
  onLine: (line: string) => void,
): (label: string, total: number) => Progress {
  const plain = { write: (text: string) => onLine(text.trimEnd()) };
  const where = Deno.stderr.isTerminal() ? {} : plain;
  return (label, total) =>
    progress(label, total, { unit: "MB", plainInterval: 2000, ...where });
}

/** The wheel that holds libtensorflow without CUDA on this machine. */
function wheelName(): string {
  const { os, arch } = Deno.build;
  if (os === "linux") {
    return arch === "x86_64" ? "tensorflow-cpu" : "tensorflow";
  }
  if (os === "darwin") return "tensorflow";
  throw new InstallError(
    "system",
    `be Linux or macOS: current value is '${os}'; elsewhere name a ` +
      "libtensorflow of your own in OUTIS_LIBTENSORFLOW",
  );
}
