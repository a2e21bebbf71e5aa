/** A file of the package. */
export interface PackageFile {
  /** Path from the root. */
  path: string;
  /** Bytes. */
  size: number;
}

const MIB = 2 ** 20;

/** The most that one file may have: what JSR's documentation says, less than what its server refuses. */
const LARGEST_FILE = 4 * MIB;

/** The most that all files may have together before compression; JSR refuses more. */
const LARGEST_PACKAGE = 20 * MIB;

/**
 * Finds what JSR would refuse, and what `deno publish` warns of.
 *
 * @param output What `deno publish --dry-run` printed, without colours.
 * @param files What it would publish.
 * @returns One line per fault.
 */
export function packageFaults(
  output: string,
  files: readonly PackageFile[],
): string[] {
  const faults = output.split("\n").filter((line) => /^warning/i.test(line))
    .map((line) => `deno publish: ${line}`);
  const mebibytes = (size: number) => `${(size / MIB).toFixed(1)} MiB`;
  const seen = new Set<string>();
  for (const { path, size } of files) {
    if (size > LARGEST_FILE) {
      faults.push(
        `${path} is larger than ${LARGEST_FILE / MIB} MiB: ${mebibytes(size)}`,
      );
    }
    const folded = path.toLowerCase();
    if (seen.has(folded)) {
      faults.push(`${path} and another file differ in case only`);
    }
    seen.add(folded);
  }
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > LARGEST_PACKAGE) {
    faults.push(
      `all files together are larger than ${LARGEST_PACKAGE / MIB} MiB: ${
        mebibytes(total)
      }`,
    );
  }
  return faults;
}
