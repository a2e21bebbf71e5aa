/**
 * Pictures in rows and columns, as one piece of HTML.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import { type Html, markup } from "./html.ts";
import { pngPicture } from "./png_picture.ts";

/** One picture of an {@linkcode imageGrid}. */
export interface GridImage {
  /** Encoded PNG. What must not be recognised is blurred before it comes here. */
  png: Uint8Array;
  /** Short text below the picture, e.g. a score. @default none */
  caption?: string;
  /** What the picture shows: its alternative text and its tooltip. @default row label and position */
  title?: string;
}

/** One row of an {@linkcode imageGrid}: pictures of one kind, such as "real" or "after RL". */
export interface GridRow {
  /** Stands before the row. */
  label: string;
  /** Pictures, one per column; a shorter row ends early. */
  images: readonly GridImage[];
}

/** Options of {@linkcode imageGrid}. */
export interface ImageGridOptions {
  /** Headings of the columns, e.g. identities, one per column. @default none */
  columns?: readonly string[];
  /** What is shown and how it was chosen. Stands below the grid. @default none */
  note?: string | Html;
  /** Width of a picture where there is room, in CSS pixels; on a narrow page at least half of it. @default 112 */
  width?: number;
  /** How pictures are enlarged; "auto" shows the pixels of pictures enlarged three times or more. @default "auto" */
  scaling?: "auto" | "pixels" | "smooth";
}

/**
 * Lays out pictures in a grid that holds them all: nothing is fetched, so the page works offline.
 *
 * @param rows Rows, from top to bottom.
 * @param options Headings, note and size.
 * @returns A `<figure>`; the look comes with the style sheet of {@linkcode reportPage}.
 * @throws {TypeError} If an image is no PNG, or there is not one heading per column.
 * @throws {RangeError} If there is no picture at all, or the width is below 8.
 *
 * @example
 * ```ts
 * import { imageGrid } from "@outis/outis/figures";
 *
 * const png = Uint8Array.fromBase64(
 *   "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2sAAAAABJRU5ErkJggg==",
 * );
 * const grid = imageGrid([
 *   { label: "real", images: [{ png, title: "identity 1" }] },
 *   { label: "generated", images: [{ png, caption: "0.97" }] },
 * ], { columns: ["identity 1"] });
 * ```
 */
export function imageGrid(
  rows: readonly GridRow[],
  options: ImageGridOptions = {},
): Html {
  const { columns, note, width = 112, scaling = "auto" } = options;
  const count = Math.max(0, ...rows.map((row) => row.images.length));
  checkRange("lay out images", "columns", count, { min: 1 });
  checkRange("lay out images", "width", width, { min: 8 });
  if (columns) checkLength("lay out images", "columns", columns, count);
  const head = columns &&
    markup`<thead><tr><td></td>${
      columns.map((title) => markup`<th scope="col">${title}</th>`)
    }</tr></thead>`;
  const body = rows.map((row, r) =>
    markup`<tr><th scope="row">${row.label}</th>${
      row.images.map((image, i) =>
        markup`<td>${
          imageHtml(
            image,
            `rows[${r}].images[${i}].png`,
            `${row.label}, ${i + 1}`,
            { width, scaling },
          )
        }</td>`
      )
    }</tr>`
  );
  const style = `--columns: ${count}; --width: ${width}px`;
  const caption = note && markup`<figcaption>${note}</figcaption>`;
  return markup`<figure class="pictures" style="${style}"><div class="scroll"><table>${head}<tbody>${body}</tbody></table></div>${caption}</figure>
`;
}

/**
 * One picture as HTML that holds it.
 *
 * @param image The picture.
 * @param argument What messages call it.
 * @param fallbackTitle What it shows, where it does not say so itself.
 * @param options Width, and how it is enlarged.
 * @returns An `<img>`, and its caption.
 * @throws {TypeError} If it is no PNG.
 *
 * @example
 * ```ts
 * import { imageHtml } from "./image_grid.ts";
 *
 * const png = Uint8Array.fromBase64(
 *   "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2sAAAAABJRU5ErkJggg==",
 * );
 * console.log(imageHtml({ png }, "png", "a dot").source.startsWith("<img")); // true
 * ```
 */
export function imageHtml(
  { png, caption, title }: GridImage,
  argument: string,
  fallbackTitle: string,
  options: Pick<ImageGridOptions, "width" | "scaling"> = {},
): Html {
  const { width = 112, scaling = "auto" } = options;
  const { address, ...natural } = pngPicture(png, argument);
  const pixels = scaling === "pixels" ||
    scaling === "auto" && width >= 3 * natural.width;
  const text = title ?? fallbackTitle;
  const attributes = Object.entries({
    src: address,
    width: natural.width,
    height: natural.height,
    alt: text,
    title: text,
    class: pixels ? "pixels" : "smooth",
    loading: "lazy",
    decoding: "async",
  }).map(([name, value]) => markup` ${name}="${value}"`);
  return markup`<img${attributes}>${
    caption && markup`<small>${caption}</small>`
  }`;
}
