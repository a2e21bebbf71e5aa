/**
 * What can be said about a shared library from its first bytes, without
 * loading it: a loader's own words for a damaged or foreign file are hard to
 * read, and a truncated one may end the whole process.
 *
 * @module
 */

/** Options of {@linkcode sharedObjectFault}. */
export interface SharedObjectFaultOptions {
  /** Operating system the library has to fit. @default Deno.build.os */
  os?: string;
  /** Processor the library has to fit. @default Deno.build.arch */
  arch?: string;
}

/** A fault of a library file: the rule it breaks, and how. */
export interface SharedObjectFault {
  /** The rule, to follow "must be". */
  rule: string;
  /** What the file is instead. */
  found: string;
}

/** e_machine of the ELF header. */
const ELF_MACHINES: Record<number, string> = {
  3: "x86",
  40: "arm",
  62: "x86_64",
  183: "aarch64",
  243: "riscv64",
};

/** cputype of the Mach-O header. */
const MACH_O_MACHINES: Record<number, string> = {
  0x01000007: "x86_64",
  0x0100000c: "aarch64",
};

// Sizes in bytes of the parts of a 64-bit ELF file.
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const SECTION_BYTES = 64;

/**
 * Looks for a fault in a shared library: not a library at all, made for
 * another processor, or cut off.
 *
 * @param path Path of an existing file.
 * @param options System and processor to fit.
 * @returns The fault, or undefined if none can be seen from the headers.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example
 * ```ts
 * import { sharedObjectFault } from "./shared_object.ts";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "not a library");
 * sharedObjectFault(path, { os: "linux" })?.rule; // "a shared library (ELF)"
 * await Deno.remove(path);
 * ```
 */
export function sharedObjectFault(
  path: string,
  options: SharedObjectFaultOptions = {},
): SharedObjectFault | undefined {
  const { os = Deno.build.os, arch = Deno.build.arch } = options;
  using file = Deno.openSync(path);
  const size = file.statSync().size;
  const header = readAt(file, 0, HEADER_BYTES);
  if (os === "darwin") return machOFault(header, arch);
  if (os === "windows") return peFault(header);
  return elfFault(file, header, size, arch);
}

function elfFault(
  file: Deno.FsFile,
  header: DataView,
  size: number,
  arch: string,
): SharedObjectFault | undefined {
  const rule = "a shared library (ELF)";
  if (size === 0) return { rule, found: "an empty file" };
  if (size < HEADER_BYTES || header.getUint32(0) !== 0x7f454c46) {
    return { rule, found: "another kind of file" };
  }
  const isLittle = header.getUint8(5) === 1;
  const machine = header.getUint16(18, isLittle);
  const built = ELF_MACHINES[machine] ?? `processor number ${machine}`;
  if (built !== arch || header.getUint8(4) !== 2) {
    return { rule: `built for ${arch}`, found: `built for ${built}` };
  }
  if (header.getUint16(16, isLittle) !== 3) {
    return { rule, found: "an ELF file that is not shared" };
  }
  const needed = elfLength(file, header, isLittle);
  if (size < needed) {
    return {
      rule: "a whole file",
      found: `cut off after ${size} of at least ${needed} bytes`,
    };
  }
  return undefined;
}

/** Where the last segment and the section table end. */
function elfLength(
  file: Deno.FsFile,
  header: DataView,
  isLittle: boolean,
): number {
  const long = (view: DataView, at: number) =>
    Number(view.getBigUint64(at, isLittle));
  const segments = long(header, 32);
  const sections = long(header, 40);
  const segmentTable = SEGMENT_BYTES * header.getUint16(56, isLittle);
  const sectionTable = SECTION_BYTES * header.getUint16(60, isLittle);
  let end = Math.max(segments + segmentTable, sections + sectionTable);
  const table = readAt(file, segments, segmentTable);
  for (
    let at = 0;
    at + SEGMENT_BYTES <= table.byteLength;
    at += SEGMENT_BYTES
  ) {
    end = Math.max(end, long(table, at + 8) + long(table, at + 32));
  }
  return end;
}

function machOFault(
  header: DataView,
  arch: string,
): SharedObjectFault | undefined {
  const rule = "a shared library (Mach-O)";
  if (header.byteLength < 8) return { rule, found: "another kind of file" };
  // A universal file holds several processors: the loader picks.
  if (header.getUint32(0) === 0xcafebabe) return undefined;
  if (header.getUint32(0, true) !== 0xfeedfacf) {
    return { rule, found: "another kind of file" };
  }
  const machine = header.getUint32(4, true);
  const built = MACH_O_MACHINES[machine] ?? `processor number ${machine}`;
  if (built !== arch) {
    return { rule: `built for ${arch}`, found: `built for ${built}` };
  }
  return undefined;
}

function peFault(header: DataView): SharedObjectFault | undefined {
  if (header.byteLength < 2 || header.getUint16(0) !== 0x4d5a) {
    return { rule: "a shared library (DLL)", found: "another kind of file" };
  }
  return undefined;
}

function readAt(file: Deno.FsFile, offset: number, length: number): DataView {
  file.seekSync(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return new DataView(bytes.buffer, 0, filled);
}
