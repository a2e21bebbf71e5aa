/**
 * Taking libtensorflow out of a Python wheel. A wheel is a zip of up to some
 * hundred megabytes, and pip's Python reads it; Python is there, as pip is.
 *
 * @module
 */
import { basename } from "node:path";
import { findLibrary, libraryNames } from "../engine/tensorflow/library.ts";
import { runProgram } from "./child_process.ts";
import { InstallError, noRoom } from "./install_error.ts";
import type { Python } from "./pip.ts";

/** A file that was taken out of a wheel. */
export interface UnpackedFile {
  /** Name of the file. */
  name: string;
  /** Length in bytes. */
  bytes: number;
  /** SHA-256, hexadecimal. */
  sha256: string;
}

/** Options of {@linkcode unpackLibrary}. */
export interface UnpackLibraryOptions {
  /** Path of the wheel. */
  wheel: string;
  /** Existing folder for the library. */
  folder: string;
  /** Called with the length of the library in MB before it is written. */
  onSize?: (megabytes: number) => void;
  /** Ends it. */
  signal?: AbortSignal;
}

/** Every file of a wheel has its SHA-256 in the wheel's RECORD. */
const UNPACK = `
import base64, csv, hashlib, io, json, os, sys, zipfile
path, folder, *names = sys.argv[1:]
with zipfile.ZipFile(path) as wheel:
    inside = ["tensorflow/" + n for n in names]
    inside = [n for n in inside if n in wheel.namelist()]
    record = next(n for n in wheel.namelist() if n.endswith(".dist-info/RECORD"))
    rows = csv.reader(io.StringIO(wheel.read(record).decode()))
    digests = {row[0]: row[1] for row in rows if row}
    print("total", sum(wheel.getinfo(n).file_size for n in inside), flush=True)
    for name in inside:
        digest, target = hashlib.sha256(), os.path.join(folder, os.path.basename(name))
        with wheel.open(name) as source, open(target, "wb") as out:
            while block := source.read(1 << 20):
                digest.update(block)
                out.write(block)
        told = base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
        if digests.get(name) != "sha256=" + told:
            sys.exit("the checksum of " + name + " is another than its RECORD has")
        os.chmod(target, 0o755)
        print(json.dumps({"name": os.path.basename(name),
                          "bytes": os.path.getsize(target),
                          "sha256": digest.hexdigest()}), flush=True)
`;

const LOAD = `
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.TF_Version.restype = ctypes.c_char_p
print(library.TF_Version().decode())
`;

/**
 * Takes the library and its companion out of a wheel, and checks them: the
 * wheel's own checksums, the processor, and that a child process can load
 * them (a processor that is too old ends a process that tries).
 *
 * @param python Python to read the wheel with.
 * @param options Wheel and folder.
 * @returns What was written, and the version the library itself states.
 * @throws {InstallError} If the wheel is damaged, has no library in it, or
 * has one that does not run here.
 *
 * @example
 * ```ts ignore
 * const python = await findPython(["python3"]);
 * const { version } = await unpackLibrary(python, { wheel, folder });
 * ```
 */
export async function unpackLibrary(
  python: Python,
  options: UnpackLibraryOptions,
): Promise<{ files: UnpackedFile[]; version: string }> {
  const { wheel, folder, onSize, signal } = options;
  const names = libraryNames();
  const end = await runProgram(python.command, {
    args: ["-c", UNPACK, wheel, folder, names.library[0], names.framework],
    onLine: (line) => {
      const total = /^total (\d+)$/.exec(line)?.[1];
      if (total) onSize?.(Number(total) / 1e6);
    },
    signal,
  });
  if (end?.code !== 0) {
    const last = end?.errors.findLast((line) => line.trim()) ?? "nothing";
    if (/No space left/.test(last)) throw noRoom(folder);
    throw new InstallError(
      basename(wheel),
      `be a whole wheel: unpacking says "${last}"`,
    );
  }
  const files: UnpackedFile[] = end.output
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const library = files.find((file) => file.name === names.library[0]);
  if (!library) {
    throw new InstallError(basename(wheel), `hold ${names.library[0]}`);
  }
  const version = await loadedVersion(
    python,
    `${folder}/${library.name}`,
    signal,
  );
  return { files, version };
}

async function loadedVersion(
  python: Python,
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  try {
    findLibrary({ library: path });
  } catch (error) {
    const rule = /must (.*)$/s.exec((error as Error).message)?.[1];
    if (!(error instanceof RangeError) || !rule) throw error;
    throw new InstallError(basename(path), rule);
  }
  const end = await runProgram(python.command, {
    args: ["-c", LOAD, path],
    signal,
  });
  if (end?.code === 0) return end.output.at(-1) ?? "";
  const last = end?.errors.findLast((line) => line.trim()) ?? "nothing";
  throw new InstallError(
    basename(path),
    end?.signal === "SIGILL"
      ? "run on this processor: it lacks instructions the library uses"
      : `load on this machine: the loader says "${last}"`,
  );
}
