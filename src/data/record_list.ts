/**
 * Reads the labels of a list file (`.lst`), of which there are two kinds.
 *
 * MXNet's im2rec writes number, label (or several) and path; insightface's lists hold whether the face is aligned, path
 * and label, and the number of a line is its record's, from 1. Columns are apart by tabs.
 *
 * @param text Content of the file.
 * @param source Name of the file, for problems.
 * @param problems Where lines of another kind are named.
 * @returns Label by number of the record.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listedLabels } from "./record_list.ts";
 *
 * const labels = listedLabels("12\t3.000000\tada/1.jpg\n", "train.lst", []);
 * assertEquals(labels.get(12), 3);
 * ```
 */
export function listedLabels(
  text: string,
  source: string,
  problems: string[],
): Map<number, number> {
  const labels = new Map<number, number>();
  let count = 0;
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    count++;
    const columns = line.split("\t");
    const [first, second, third] = columns;
    if (columns.length >= 3 && isNumber(first) && isNumber(second)) {
      labels.set(Number(first), Number(second));
    } else if (columns.length >= 3 && isNumber(first) && isNumber(third)) {
      labels.set(count, Number(third));
    } else {
      problems.push(`Line ${i + 1} of ${source} is left out: not a list's`);
    }
  }
  return labels;
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
