import { assert, assertEquals } from "@std/assert";
import {
  darkTheme,
  lightTheme,
  palette,
  plotTemplate,
} from "../../src/figures/theme.ts";

type Rgb = [number, number, number];
type Matrix = readonly [Rgb, Rgb, Rgb];

/** Colour blindness at full severity, on linear RGB: Machado, Oliveira and Fernandes 2009, table 1. */
const simulations: { [name: string]: Matrix } = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** sRGB to linear light (IEC 61966-2-1). */
function linear(hex: string): Rgb {
  return [1, 3, 5].map((i) => {
    const value = parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

function transform(matrix: Matrix, rgb: Rgb): Rgb {
  return matrix.map((row) =>
    Math.min(1, Math.max(0, row.reduce((sum, w, i) => sum + w * rgb[i], 0)))
  ) as Rgb;
}

/** Luminance of WCAG 2. */
function luminance([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((
    x,
    y,
  ) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** CIE L*a*b* under D65, from linear sRGB. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) =>
    t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116;
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Smallest CIE76 difference of two colours, as seen by each kind of colour blindness and by none. */
function nearest(colors: readonly string[]): number {
  const identity: Matrix = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const distances = [identity, ...Object.values(simulations)].flatMap((
    matrix,
  ) => {
    const seen = colors.map((color) => lab(transform(matrix, linear(color))));
    return seen.flatMap((a, i) =>
      seen.slice(i + 1).map((b) =>
        Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
      )
    );
  });
  return Math.min(...distances);
}

Deno.test("no two colours of the palette look alike to the colour-blind", () => {
  assert(nearest(palette) > 15, `${nearest(palette)}`);
  // What the measure says of a red and a green that are often paired.
  assert(nearest(["#d62728", "#2ca02c"]) < 10);
});

Deno.test("the first four colours stand out 3 to 1 on both papers", () => {
  for (const { paper } of [lightTheme, darkTheme]) {
    for (const color of palette.slice(0, 4)) {
      const ratio = contrast(color, paper);
      assert(ratio >= 3, `${color} on ${paper}: ${ratio}`);
    }
  }
});

Deno.test("text keeps a contrast of 4.5 to 1 on paper and surface", () => {
  for (const theme of [lightTheme, darkTheme]) {
    for (const ground of [theme.paper, theme.surface]) {
      for (const text of [theme.ink, theme.muted, theme.accent]) {
        const ratio = contrast(text, ground);
        assert(ratio >= 4.5, `${text} on ${ground}: ${ratio}`);
      }
    }
  }
});

Deno.test("plotTemplate() lets the page shine through and colours the text", () => {
  const { layout } = plotTemplate(darkTheme);
  assertEquals(layout?.paper_bgcolor, "rgba(0, 0, 0, 0)");
  assertEquals(layout?.font?.color, darkTheme.ink);
  assertEquals(layout?.yaxis?.gridcolor, darkTheme.grid);
  assertEquals(layout?.colorway, [...palette]);
});
