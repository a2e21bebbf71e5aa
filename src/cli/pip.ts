/**
 * Getting a wheel with pip, and saying in one sentence why that failed.
 *
 * @module
 */
import { type ProgramEnd, runProgram } from "./child_process.ts";
import { InstallError, noRoom } from "./install_error.ts";

/** A Python that has pip. */
export interface Python {
  /** Name or path to start it by. */
  command: string;
  /** Its version, as in "3.11.7". */
  version: string;
}

/**
 * Finds a Python that has pip.
 *
 * @param candidates Names or paths, the first that does is taken.
 * @param signal Ends the search.
 * @returns The Python.
 * @throws {InstallError} If none of them is there, or none has pip.
 *
 * @example
 * ```ts
 * import { findPython } from "./pip.ts";
 *
 * await findPython(["/no/such/python"]).catch((error) => error.message);
 * ```
 */
export async function findPython(
  candidates: readonly string[],
  signal?: AbortSignal,
): Promise<Python> {
  const versions: string[] = [];
  for (const command of candidates) {
    const told = await runProgram(command, { args: ["--version"], signal });
    const version = told && /Python (\d\S*)/.exec(lines(told))?.[1];
    if (!version) continue;
    versions.push(`${command} ${version}`);
    const pip = await runProgram(command, {
      args: ["-m", "pip", "--version"],
      signal,
    });
    if (pip?.code === 0) return { command, version };
  }
  throw versions.length === 0
    ? new InstallError(
      "Python",
      `be on this machine: tried ${candidates.join(", ")}`,
    )
    : new InstallError(
      "pip",
      `be part of Python: tried ${versions.join(", ")}`,
    );
}

/** Options of {@linkcode downloadWheel}. */
export interface DownloadWheelOptions {
  /** Name of the package. */
  name: string;
  /** Its version. */
  version: string;
  /** Existing folder for the wheel, and for what is on its way. */
  folder: string;
  /** Called with the size in MB once pip tells it. */
  onSize?: (megabytes: number) => void;
  /** Ends the download. */
  signal?: AbortSignal;
}

/**
 * Downloads one wheel, without what it depends on. pip picks the file that
 * fits Python and machine, and checks the index's SHA-256.
 *
 * @param python Python with pip.
 * @param options What to download and where to.
 * @returns Name of the wheel's file in the folder.
 * @throws {InstallError} If pip cannot get it.
 *
 * @example
 * ```ts ignore
 * const python = await findPython(["python3"]);
 * const options = { name: "tensorflow-cpu", version: "2.21.0", folder };
 * const wheel = await downloadWheel(python, options);
 * ```
 */
export async function downloadWheel(
  python: Python,
  options: DownloadWheelOptions,
): Promise<string> {
  const { name, version, folder, onSize, signal } = options;
  const flags = "--no-deps --only-binary=:all: --progress-bar off --retries 2";
  const end = await runProgram(python.command, {
    args: [
      ..."-m pip --disable-pip-version-check --no-input download".split(" "),
      ...flags.split(" "),
      ...["--dest", folder, `${name}==${version}`],
    ],
    // What is on its way lies in the same folder: its growth can be watched,
    // and one removal cleans up.
    env: { TMPDIR: folder, TEMP: folder, TMP: folder, NO_COLOR: "1" },
    onLine: (line) => {
      const size = /^\s*Downloading .*\(([\d.]+) ([MG])B\)/.exec(line);
      if (size) onSize?.(Number(size[1]) * (size[2] === "G" ? 1000 : 1));
    },
    signal,
  });
  if (!end || end.code !== 0) throw failure(end, python, options);
  const wheel = Array.from(Deno.readDirSync(folder), (entry) => entry.name)
    .find((file) => file.endsWith(".whl"));
  if (!wheel) throw new InstallError("pip", "leave a wheel: there is none");
  return wheel;
}

/** The sentence for a failure of pip, from what pip said. */
function failure(
  end: ProgramEnd | undefined,
  python: Python,
  { name, version, folder }: DownloadWheelOptions,
): InstallError {
  const said = end ? lines(end) : "";
  const network = NETWORK.exec(said)?.[0];
  if (network) {
    return new InstallError(
      "package index",
      `be within reach of pip: it says "${network}"`,
    );
  }
  if (/DO NOT MATCH THE HASHES|IncompleteRead|Connection broken/.test(said)) {
    return new InstallError(
      name,
      "arrive whole: its checksum is another; please try again",
    );
  }
  if (/No space left/.test(said)) return noRoom(folder);
  const offer = /from versions: ([^)]*)\)/.exec(said)?.[1];
  const machine = `Python ${python.version} on ${Deno.build.os} ` +
    Deno.build.arch;
  if (offer === undefined) {
    const last = end?.errors.findLast((line) => line.trim()) ?? "nothing";
    return new InstallError(
      "pip",
      `succeed: exit code ${end?.code}, it says "${last}"`,
    );
  }
  const newest = offer.split(", ").findLast((one) => /^[\d.]+$/.test(one));
  return newest
    ? new InstallError(
      "version",
      `be one that pip has for ${machine}: current value is '${version}', ` +
        `newest is '${newest}'`,
    )
    : new InstallError(name, `have a wheel for ${machine}: there is none`);
}

const NETWORK =
  /Failed to establish a new connection[^')]*|Temporary failure in name resolution|Name or service not known|Network is unreachable|ProxyError[^,)]*|ReadTimeoutError[^,)]*|ConnectTimeoutError[^,)]*|Read timed out|SSLError[^,)]*|CERTIFICATE_VERIFY_FAILED/;

function lines(end: ProgramEnd): string {
  return [...end.output, ...end.errors].join("\n");
}
