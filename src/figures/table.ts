/**
 * Tables of results, with their protocol and their footnotes.
 *
 * @module
 */
import { checkLength, checkRange } from "../core/mod.ts";
import { Html, markup } from "./html.ts";

/** One column of a {@linkcode table}. */
export interface TableColumn {
  /** Heading. */
  title: string;
  /** Unit, written after the heading. @default none */
  unit?: string;
  /** Decimals of its numbers. @default 0 for whole numbers, else 4 significant digits */
  digits?: number;
  /** Side on which its text stands; numbers stand right always. @default "left" */
  align?: "left" | "right";
}

/** A cell that says more than its value. */
export interface TableCell {
  /** Text, number, or markup such as a link within the page; null is a dash. */
  value: string | number | Html | null;
  /** Uncertainty, written as ± behind a number. @default none */
  error?: number;
  /** Footnote: collected below the table, equal ones once. @default none */
  note?: string;
  /** Whether the cell stands out, e.g. the best of its column. @default false */
  strong?: boolean;
  /** Share of a whole in [0, 1], drawn as a bar behind the cell. @default none */
  share?: number;
}

/** Options of {@linkcode table}. */
export interface TableOptions {
  /** What the numbers are and by which protocol. Stands above the table. @default none */
  caption?: string | Html;
}

/**
 * Writes a table; the first column heads the rows.
 *
 * @param columns Columns, from left to right.
 * @param rows Rows of cells, one per column; a bare value is a cell without extras.
 * @param options Caption.
 * @returns A `<figure>`; the look comes with the style sheet of {@linkcode reportPage}.
 * @throws {TypeError} If a row has not one cell per column.
 * @throws {RangeError} If a share lies outside [0, 1].
 *
 * @example
 * ```ts
 * import { table } from "@outis/outis/figures";
 *
 * const results = table(
 *   [{ title: "training data" }, { title: "accuracy", digits: 3 }],
 *   [
 *     ["real", { value: 0.862, error: 0.011 }],
 *     ["real + synthetic", { value: 0.889, error: 0.009, strong: true }],
 *   ],
 *   { caption: "10-fold verification on 10 identities never trained on" },
 * );
 * ```
 */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly (TableCell | TableCell["value"])[])[],
  options: TableOptions = {},
): Html {
  const cells = rows.map((row, r) => {
    checkLength("write a table", `rows[${r}]`, row, columns.length);
    return row.map(asCell);
  });
  const right = columns.map((column, c) =>
    column.align === "right" ||
    cells.some((row) => typeof row[c].value === "number")
  );
  const notes = new Set<string>();
  const head = columns.map(({ title, unit }, c) =>
    markup`<th scope="col" class="${right[c] ? "right" : "left"}">${title}${
      unit && markup` <span class="unit">${unit}</span>`
    }</th>`
  );
  const body = cells.map((row, r) =>
    markup`<tr>${
      row.map((cell, c) => {
        checkShare(cell, `rows[${r}][${c}].share`);
        if (cell.note) notes.add(cell.note);
        const mark = cell.note && letters([...notes].indexOf(cell.note));
        const side = right[c] ? "right" : "left";
        const content = cellContent(cell, columns[c], mark);
        return c === 0
          ? markup`<th scope="row" class="${side}">${content}</th>`
          : markup`<td class="${side}">${content}</td>`;
      })
    }</tr>`
  );
  const caption = options.caption &&
    markup`<figcaption>${options.caption}</figcaption>`;
  const list = notes.size > 0 &&
    markup`<ol type="a">${
      [...notes].map((note) => markup`<li>${note}</li>`)
    }</ol>`;
  return markup`<figure class="numbers">${caption}<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${list}</figure>
`;
}

function asCell(cell: TableCell | TableCell["value"]): TableCell {
  return cell !== null && typeof cell === "object" && !(cell instanceof Html)
    ? cell
    : { value: cell };
}

function checkShare({ share }: TableCell, argument: string): void {
  if (share === undefined) return;
  checkRange("write a table", argument, share, { min: 0, max: 1 });
}

function cellContent(
  { value, error, strong, share }: TableCell,
  { digits }: TableColumn,
  mark: string | undefined,
): Html {
  const text = typeof value === "number"
    ? numberText(value, digits)
    : value ?? "–";
  const content = markup`${text}${
    error !== undefined &&
    markup`<span class="error"> ± ${numberText(error, digits, 2)}</span>`
  }${mark && markup`<sup>${mark}</sup>`}`;
  const weighted = strong ? markup`<strong>${content}</strong>` : content;
  return share === undefined
    ? weighted
    : markup`<span class="share" style="--share: ${share}">${weighted}</span>`;
}

function numberText(
  value: number,
  digits: number | undefined,
  significant = 4,
): string {
  if (!Number.isFinite(value)) return String(value);
  if (digits !== undefined) return value.toFixed(digits);
  return String(
    Number.isInteger(value) ? value : +value.toPrecision(significant),
  );
}

/** 0 -> a, 25 -> z, 26 -> aa: as browsers number a list of type "a". */
function letters(index: number): string {
  const last = String.fromCharCode(97 + index % 26);
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
