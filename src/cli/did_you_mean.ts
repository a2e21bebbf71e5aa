/**
 * What somebody may have meant who mistyped a name.
 *
 * @module
 */
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** Shortest beginning that counts as a name cut short. */
const BEGINNING = 3;

/**
 * Ends a refusal with the name that was probably meant.
 *
 * A name is near where a third of its letters differ at most, two in short ones, or where what was given is the beginning
 * of one name alone.
 *
 * @param given What was typed.
 * @param names What there is.
 * @param before What stands before each name where it is typed, as `--`.
 * @returns As in `" (did you mean train?)"`; empty where nothing is near.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { didYouMean } from "./did_you_mean.ts";
 *
 * assertEquals(didYouMean("tarin", ["train", "table"]), " (did you mean train?)");
 * assertEquals(didYouMean("weights", ["train", "table"]), "");
 * ```
 */
export function didYouMean(
  given: string,
  names: readonly string[],
  before = "",
): string {
  const meant = (name: string) => ` (did you mean ${before}${name}?)`;
  const plain = given.toLowerCase();
  const begun = names.filter((name) => name.toLowerCase().startsWith(plain));
  if (plain.length >= BEGINNING && begun.length === 1) return meant(begun[0]);
  const [nearest] = names
    .map((name) => ({
      name,
      distance: levenshteinDistance(plain, name.toLowerCase()),
      // Letters swapped count as two; the same letters in another order come first.
      others: levenshteinDistance(sorted(plain), sorted(name)),
    }))
    .sort((a, b) => a.distance - b.distance || a.others - b.others);
  if (nearest === undefined) return "";
  const { name, distance } = nearest;
  const length = Math.max(name.length, plain.length);
  // A word of three letters is no other word with two of them changed.
  const most = Math.min(length - 2, Math.max(2, Math.floor(length / 3)));
  return distance <= most ? meant(name) : "";
}

function sorted(letters: string): string {
  return [...letters.toLowerCase()].sort().join("");
}
