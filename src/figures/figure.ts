/**
 * What every figure builder returns, and the parts they share.
 *
 * @module
 */
import type { Data, Layout } from "plotly.js-dist-min";
import { lightTheme, plotTemplate } from "./theme.ts";

/** A plain Plotly figure: what Plotly draws in a page, and what a notebook displays. */
export interface Figure {
  /** Traces, drawn in this order. */
  readonly data: Data[];
  /** Title, axes and the light template; the report sets the dark one where the reader prefers it. */
  readonly layout: Partial<Layout>;
}

/** What every figure says about itself. */
export interface FigureText {
  /** What is shown, as a short headline. */
  title: string;
  /** How it was measured: protocol, counts, what the band means. Stands below the title. @default none */
  note?: string;
  /** Quantity and unit along the horizontal axis. @default none */
  xTitle?: string;
  /** Quantity and unit along the vertical axis. @default none */
  yTitle?: string;
}

/**
 * Layout shared by all figures: texts escaped, the light template.
 *
 * @param text Title, note and axis titles: plain text.
 * @returns Layout to spread and add to.
 *
 * @example
 * ```ts
 * import { figureLayout } from "@outis/outis/figures";
 *
 * const layout = { ...figureLayout({ title: "Loss" }), showlegend: false };
 * ```
 */
export function figureLayout(text: FigureText): Partial<Layout> {
  const { title, note, xTitle, yTitle } = text;
  return {
    template: plotTemplate(lightTheme),
    title: {
      text: plotText(title),
      ...(note && { subtitle: { text: plotText(note) } }),
    },
    xaxis: xTitle ? { title: { text: plotText(xTitle) } } : {},
    yaxis: yTitle ? { title: { text: plotText(yTitle) } } : {},
  };
}

/**
 * Escapes text for Plotly, which reads a few HTML tags (links among them) in every text it draws.
 *
 * @param text Plain text.
 * @returns Text that Plotly draws as it stands.
 *
 * @example
 * ```ts
 * import { plotText } from "@outis/outis/figures";
 *
 * plotText("s01 <a href='x'>"); // s01 &lt;a href='x'&gt;
 * ```
 */
export function plotText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/**
 * The text again, from what {@linkcode plotText} made of it.
 *
 * @param text Text of a figure.
 * @returns Plain text.
 *
 * @example
 * ```ts
 * import { plainText, plotText } from "@outis/outis/figures";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(plainText(plotText("a < b & c")), "a < b & c");
 * ```
 */
export function plainText(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
