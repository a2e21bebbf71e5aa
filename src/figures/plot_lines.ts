/**
 * Long labels in short lines.
 *
 * @module
 */
import { plotText } from "./figure.ts";

/**
 * Breaks a text at blanks, as Plotly does not: side by side, long labels would run into each other.
 *
 * @param text Plain text.
 * @param characters Length of a line; a longer word stands alone.
 * @returns Text for Plotly, escaped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plotLines } from "./plot_lines.ts";
 *
 * assertEquals(plotLines("real + ours", 8), "real +<br>ours");
 * ```
 */
export function plotLines(text: string, characters: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    const fits = lines.length > 0 && longer.length <= characters;
    if (fits) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines.map(plotText).join("<br>");
}
