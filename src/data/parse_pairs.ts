/**
 * LFW's list of pairs (G. B. Huang et al., "Labeled faces in the wild", 2007).
 *
 * @module
 */

/** Image of a person, by number. */
export interface NumberedImage {
  /** Name of the person. */
  name: string;
  /** Number of the image, from 1. */
  number: number;
}

/** One line of the list. */
export interface ListedPair {
  /** First image. */
  first: NumberedImage;
  /** Second image. */
  second: NumberedImage;
  /** Whether both show the same person. */
  same: boolean;
  /** Fold, from 0, where the list begins with the sizes of its folds. */
  fold?: number;
  /** Line of the file, from 1. */
  line: number;
}

/**
 * Parses a list of pairs.
 *
 * Three columns are name and two numbers, four are name, number, name, number; columns are apart by tabs, or by spaces
 * where there is no tab. A first line of two numbers is the number of folds and of same pairs in each, which as many
 * different ones follow; a first line of one number is the number of same pairs, without folds.
 *
 * @param text Content of the file.
 * @param source Name of the file, for errors and problems.
 * @param problems Where lines that are no pairs are named.
 * @returns The pairs, in order.
 * @throws {SyntaxError} If there is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parsePairs } from "@outis/outis/data";
 *
 * const text = "1\t1\nAda\t1\t4\nAda\t1\tBob\t2\n";
 * const [, { same, fold, second }] = parsePairs(text, "pairs.txt", []);
 * assertEquals([same, fold, second.name], [false, 0, "Bob"]);
 * ```
 */
export function parsePairs(
  text: string,
  source: string,
  problems: string[] = [],
): ListedPair[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const header = /^\s*(\d{1,9})(?:\s+(\d{1,9}))?\s*$/.exec(lines[0]);
  const [folds, each] = header === null
    ? []
    : header[2] === undefined
    ? [undefined, Number(header[1])]
    : [Number(header[1]), Number(header[2])];
  const pairs: ListedPair[] = [];
  let count = 0;
  for (let i = header === null ? 0 : 1; i < lines.length; i++) {
    if (lines[i].trim() === "") continue;
    const line = i + 1;
    const fold = folds === undefined || !each
      ? undefined
      : Math.min(Math.floor(count / (2 * each)), folds - 1);
    count++;
    const pair = pairOf(lines[i]);
    if (pair === undefined) {
      problems.push(
        `Line ${line} of ${source} is left out: not a name and two numbers, or two names with a number each`,
      );
    } else {pairs.push({
        ...pair,
        ...(fold === undefined ? {} : { fold }),
        line,
      });}
  }
  const announced = each === undefined ? count : 2 * each * (folds ?? 1);
  if (announced !== count) {
    problems.push(`${source} announces ${announced} pairs and holds ${count}`);
  }
  if (pairs.length === 0) {
    throw new SyntaxError(
      `Cannot read pairs as '${source}' must hold at least one: current value is ${
        problems[0] ?? "an empty file"
      }`,
    );
  }
  return pairs;
}

function pairOf(
  line: string,
): Pick<ListedPair, "first" | "second" | "same"> | undefined {
  const columns = line.trim().split(line.trim().includes("\t") ? /\t+/ : /\s+/)
    .map((column) => column.trim());
  const name = columns[0];
  const [a, other, b] = columns.length === 3
    ? [columns[1], name, columns[2]]
    : columns.slice(1);
  const isPair = (columns.length === 3 || columns.length === 4) &&
    /^\d{1,9}$/.test(a) && /^\d{1,9}$/.test(b) && isName(name) && isName(other);
  if (!isPair) return undefined;
  return {
    first: { name, number: Number(a) },
    second: { name: other, number: Number(b) },
    same: name === other,
  };
}

// A name is a folder's: it must not lead elsewhere.
function isName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[\/\\\0]/.test(name);
}
