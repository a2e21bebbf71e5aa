/**
 * Pairs of pictures side by side, with how alike they are.
 *
 * @module
 */
import { checkFinite } from "../core/mod.ts";
import { type Html, markup } from "./html.ts";
import { type GridImage, imageHtml } from "./image_grid.ts";
import { table, type TableCell } from "./table.ts";

/** A table gives a picture no width of its own. */
const FRAME = "display: inline-block; width: 7rem; vertical-align: middle";

/** Two pictures, one of which came up as the other's neighbour. */
export interface NeighbourPair {
  /** What the pair is, e.g. why it is shown. */
  label: string;
  /** The picture that was asked about. */
  query: GridImage;
  /** Its neighbour. */
  neighbour: GridImage;
  /** How alike they are, by the name of the measure; the same names in every pair. */
  similarities: { readonly [measure: string]: number };
  /** Measures by which they are too much alike; these stand out. @default none */
  matched?: readonly string[];
}

/** Options of {@linkcode neighboursTable}. */
export interface NeighboursTableOptions {
  /** Headings of the two pictures. @default ["query", "neighbour"] */
  titles?: readonly [query: string, neighbour: string];
  /** What the pairs are, and how they were chosen. Stands above the table. @default none */
  caption?: string | Html;
}

/**
 * Writes a table of pairs, one a row: what it is, both pictures, and a column for each measure.
 *
 * @param pairs Pairs, from top to bottom.
 * @param options Headings and caption.
 * @returns A `<figure>`; the look comes with the style sheet of `reportPage`, light and dark.
 * @throws {TypeError} If an image is no PNG.
 * @throws {RangeError} If there is no pair, or a pair lacks a measure of the first.
 *
 * @example
 * ```ts
 * import { neighboursTable } from "@outis/outis/figures";
 *
 * const png = Uint8Array.fromBase64(
 *   "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2sAAAAABJRU5ErkJggg==",
 * );
 * const page = neighboursTable([
 *   { label: "match", query: { png }, neighbour: { png }, similarities: { cosine: 0.93 }, matched: ["cosine"] },
 * ], { titles: ["synthetic", "real"] });
 * ```
 */
export function neighboursTable(
  pairs: readonly NeighbourPair[],
  options: NeighboursTableOptions = {},
): Html {
  const { titles = ["query", "neighbour"], caption } = options;
  const act = "lay out neighbours";
  if (pairs.length === 0) {
    throw new RangeError(
      `Cannot ${act} as 'pairs' must be at least one: current value is none`,
    );
  }
  const measures = Object.keys(pairs[0].similarities);
  const rows = pairs.map((pair, r): (TableCell | TableCell["value"])[] => {
    const values = measures.map((name) => pair.similarities[name]);
    checkFinite(act, `pairs[${r}].similarities`, values);
    const show = (image: GridImage, title: string) =>
      markup`<span class="pictures" style="${FRAME}">${
        imageHtml(image, `pairs[${r}]`, `${pair.label}, ${title}`)
      }</span>`;
    return [
      pair.label,
      show(pair.query, titles[0]),
      show(pair.neighbour, titles[1]),
      ...measures.map((name, k) => ({
        value: values[k],
        strong: pair.matched?.includes(name) ?? false,
      })),
    ];
  });
  return table(
    [
      { title: "" },
      { title: titles[0] },
      { title: titles[1] },
      ...measures.map((title) => ({ title, digits: 3 })),
    ],
    rows,
    caption === undefined ? {} : { caption },
  );
}
