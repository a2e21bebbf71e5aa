/**
 * One look for all figures and pages: a colour-blind safe palette, and the quiet colours around it in light and dark.
 *
 * @module
 */
import type { Layout, Template } from "plotly.js-dist-min";

/**
 * Colours of series, from Okabe and Ito, "Color Universal Design" (2008), in the order in which they are given out.
 *
 * The first four keep a contrast of 3 to 1 on both backgrounds; none depends on telling red from green.
 */
export const palette: readonly string[] = [
  "#0072b2", // blue
  "#d55e00", // vermillion
  "#009e73", // bluish green
  "#cc79a7", // reddish purple
  "#e69f00", // orange
  "#56b4e9", // sky blue
];

/** Shapes of marks in the order in which they are given out, so that colour is never the only difference. */
export const symbols: readonly (
  "circle" | "square" | "diamond" | "triangle-up" | "x" | "cross"
)[] = ["circle", "square", "diamond", "triangle-up", "x", "cross"];

/** Colours around the data, as CSS colours. */
export interface Theme {
  /** Behind everything. */
  paper: string;
  /** Behind cards, code and the boxes that appear under the pointer. */
  surface: string;
  /** Text. */
  ink: string;
  /** Text of second rank: captions, axis titles, labels. */
  muted: string;
  /** Rules and axis lines. */
  rule: string;
  /** Grid lines inside a figure. */
  grid: string;
  /** Links and marks. */
  accent: string;
}

/** On white. */
export const lightTheme: Theme = {
  paper: "#ffffff",
  surface: "#f5f6f7",
  ink: "#1b1f24",
  muted: "#59626d",
  rule: "#c9ced4",
  grid: "#e8ebee",
  accent: "#005f95",
};

/** On near-black. */
export const darkTheme: Theme = {
  paper: "#13161a",
  surface: "#1c2126",
  ink: "#e7eaed",
  muted: "#a0a9b3",
  rule: "#434b54",
  grid: "#262c32",
  accent: "#6cb8ea",
};

/** Fonts that are there without being fetched. */
export const sansSerif =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';

/**
 * A theme as a Plotly template: figures name no colour but those of their series, so the template alone turns them
 * from light to dark.
 *
 * @param theme Colours around the data.
 * @returns Template for `layout.template`.
 *
 * @example
 * ```ts
 * import { darkTheme, plotTemplate } from "@outis/outis/figures";
 *
 * plotTemplate(darkTheme).layout?.paper_bgcolor; // rgba(0, 0, 0, 0): the page shows through
 * ```
 */
export function plotTemplate(theme: Theme): Template {
  const axis: Partial<Layout["xaxis"]> = {
    gridcolor: theme.grid,
    linecolor: theme.rule,
    tickcolor: theme.rule,
    zeroline: false,
    automargin: true,
    exponentformat: "e",
    minexponent: 5,
    ticklabelstandoff: 4,
    title: { font: { color: theme.muted, size: 12 }, standoff: 8 },
    tickfont: { color: theme.muted, size: 11 },
  };
  return {
    data: { bar: [{ type: "bar", error_y: { color: theme.ink } }] },
    layout: {
      paper_bgcolor: "rgba(0, 0, 0, 0)",
      plot_bgcolor: "rgba(0, 0, 0, 0)",
      colorway: [...palette],
      font: { family: sansSerif, size: 12, color: theme.ink },
      title: {
        x: 0,
        xref: "container",
        font: { size: 15, color: theme.ink },
        subtitle: { font: { size: 12, color: theme.muted } },
      },
      margin: { l: 48, r: 12, t: 56, b: 40 },
      legend: {
        orientation: "h",
        x: 0,
        y: 1.02,
        xanchor: "left",
        yanchor: "bottom",
        font: { color: theme.ink, size: 12 },
      },
      hoverlabel: {
        bgcolor: theme.surface,
        bordercolor: theme.rule,
        font: { color: theme.ink, family: sansSerif },
      },
      modebar: {
        bgcolor: "rgba(0, 0, 0, 0)",
        color: theme.rule,
        activecolor: theme.muted,
      },
      xaxis: {
        ...axis,
        showgrid: false,
        ticks: "outside",
        ticklen: 4,
        ticklabelstandoff: 0,
      },
      yaxis: axis,
      geo: {
        bgcolor: "rgba(0, 0, 0, 0)",
        framecolor: theme.rule,
        lonaxis: { gridcolor: theme.grid },
        lataxis: { gridcolor: theme.grid },
      },
    },
  };
}
