// Types of what `deno-std/text/levenshtein_distance.js` exports.

/**
 * The fewest letters to insert, remove or replace that make one text of another.
 *
 * @param str1 One text.
 * @param str2 The other.
 * @returns How many.
 */
export function levenshteinDistance(str1: string, str2: string): number;
