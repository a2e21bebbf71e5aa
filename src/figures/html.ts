/**
 * Markup that cannot be injected into: everything interpolated is escaped unless it is markup itself.
 *
 * @module
 */

/**
 * A piece of finished HTML. Strings are text; only this is markup.
 *
 * @example
 * ```ts
 * import { Html } from "@outis/outis/figures";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(`${new Html("<hr>")}`, "<hr>");
 * ```
 */
export class Html {
  /** The markup itself. */
  readonly source: string;

  /**
   * Declares a string to be safe markup. Prefer {@linkcode markup}, which escapes.
   *
   * @param source Well-formed HTML whose text is escaped already.
   */
  constructor(source: string) {
    this.source = source;
  }

  /** The markup, so that `${piece}` in a file being written is the page. */
  toString(): string {
    return this.source;
  }
}

/** What may stand inside an {@linkcode markup} template: text and numbers are escaped, markup stays, nothing is nothing. */
export type HtmlValue =
  | Html
  | string
  | number
  | false
  | null
  | undefined
  | readonly HtmlValue[];

/**
 * Writes HTML with every value escaped, in text and in quoted attributes alike.
 *
 * It is not called `html` because formatters lay out templates of that name, and white space is part of a page.
 *
 * @param strings Literal parts of the template: trusted.
 * @param values Interpolated values: never trusted, unless they are {@linkcode Html}. Arrays are joined.
 * @returns Markup.
 *
 * @example
 * ```ts
 * import { markup } from "@outis/outis/figures";
 *
 * const folder = `<script>alert("s01")</script>`;
 * markup`<b title="${folder}">${folder}</b>`.source; // <b title="&lt;script&gt;…
 * ```
 */
export function markup(
  strings: TemplateStringsArray,
  ...values: HtmlValue[]
): Html {
  let source = strings[0];
  values.forEach((value, i) => source += sourceOf(value) + strings[i + 1]);
  return new Html(source);
}

/**
 * Escapes text for HTML: the five characters that mean something there.
 *
 * @param text Any text.
 * @returns Text safe between tags and inside quoted attributes.
 *
 * @example
 * ```ts
 * import { escapeHtml } from "@outis/outis/figures";
 *
 * escapeHtml("a < b & c"); // a &lt; b &amp; c
 * ```
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

const entities: { [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function sourceOf(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.source;
  if (typeof value === "object") return value.map(sourceOf).join("");
  return escapeHtml(String(value));
}
