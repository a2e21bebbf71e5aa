/**
 * Samples on spheres, side by side.
 *
 * @module
 */
import type { Data, Layout } from "plotly.js-dist-min";
import { checkFinite, checkLength, checkRange } from "../core/mod.ts";
import {
  type Figure,
  figureLayout,
  type FigureText,
  plotText,
} from "./figure.ts";
import { pngPicture } from "./png_picture.ts";
import { palette, symbols } from "./theme.ts";

/** One sphere of a {@linkcode dosnesFigure}. */
export interface DosnesPanel {
  /** What its samples are, or whose features: "real only", "ours". */
  name: string;
  /** Points on the unit sphere, `[N, 3]`, as `dosnes` finds them. */
  points: ArrayLike<number>;
  /** Identity of each point, `[N]`; it has one colour and shape on all spheres. */
  identities: readonly string[];
  /** Encoded PNG of each sample, `[N]`, shown under the pointer: blurred before if it must not be. @default none */
  images?: readonly Uint8Array[];
  /** What is said of each sample under the pointer, `[N]`. @default its identity alone */
  captions?: readonly string[];
}

/** Options of {@linkcode dosnesFigure}. */
export interface DosnesFigureOptions extends FigureText {
  /** The spheres, from left to right, at least one. */
  panels: readonly DosnesPanel[];
  /** Whether a second row shows each sphere from behind, as a picture on paper cannot be turned. @default "both" */
  sides?: "front" | "both";
  /** Where one looks at first, in degrees. @default { longitude: 0, latitude: 15 } */
  view?: { longitude: number; latitude: number };
}

/**
 * Draws samples as points on spheres, coloured by identity; spheres can be turned with the pointer (Figure 4).
 *
 * Spheres are drawn as globes without land: in SVG, so that they print and export sharply and need no graphics card. In
 * a page of `reportPage` a sample's picture appears under the pointer; elsewhere only its words do.
 *
 * @param options Title and spheres.
 * @returns A figure; its pictures are in `layout.meta.pictures`, where `customdata` of the points counts.
 * @throws {TypeError} If lists of a sphere differ in length, or an image is no PNG.
 * @throws {RangeError} If there is no sphere, or a coordinate is not finite or above 1.
 *
 * @example
 * ```ts
 * import { dosnesFigure } from "@outis/outis/figures";
 *
 * const figure = dosnesFigure({
 *   title: "Two identities",
 *   note: "DOSNES, perplexity 30",
 *   panels: [{
 *     name: "ours",
 *     points: [1, 0, 0, 0, 0.6, 0.8],
 *     identities: ["s01", "s02"],
 *   }],
 * });
 * ```
 */
export function dosnesFigure(options: DosnesFigureOptions): Figure {
  const { panels, sides = "both", view = { longitude: 0, latitude: 15 } } =
    options;
  const act = "draw spheres";
  checkRange(act, "panels.length", panels.length, { min: 1 });
  checkRange(act, "view.longitude", view.longitude);
  checkRange(act, "view.latitude", view.latitude, { min: -90, max: 90 });
  panels.forEach((panel, i) => checkPanel(panel, `panels[${i}]`));

  const names = [...new Set(panels.flatMap((panel) => panel.identities))];
  const rows = sides === "both" ? [view, behind(view)] : [view];
  const { xaxis: _x, yaxis: _y, ...layout } = figureLayout(options);
  const spheres: Record<string, Layout["geo"]> = {};
  const data: Data[] = [];
  const pictures: string[] = [];
  panels.forEach((panel, column) => {
    const first = pictures.length;
    const images = panel.images ?? [];
    pictures.push(
      ...images.map((png, i) =>
        pngPicture(png, `panels[${column}].images[${i}]`).address
      ),
    );
    rows.forEach((from, row) => {
      const number = row * panels.length + column;
      const geo = `geo${number === 0 ? "" : number + 1}`;
      const [width, height] = [1 / panels.length, 1 / rows.length];
      spheres[geo] = sphere(from, {
        x: [column * width, (column + 0.96) * width],
        // The upper row leaves room for the names.
        y: [1 - (row + 1) * height, 1 - (row + 0.08) * height],
      });
      data.push(...names.map((name, k) => ({
        ...points(panel, name, first),
        geo,
        marker: mark(k),
        showlegend: number === 0,
      } as Data)));
    });
  });
  return {
    data,
    layout: {
      ...layout,
      ...spheres,
      showlegend: names.length > 1,
      hovermode: "closest",
      // Below: above, many names would push into the title.
      legend: { y: -0.01, yanchor: "top" },
      height: 60 + 300 * rows.length,
      annotations: panels.flatMap(({ name }, column) =>
        rows.map((_, row) => ({
          text: plotText(row === 0 ? name : `${name}, from behind`),
          showarrow: false,
          xref: "paper" as const,
          yref: "paper" as const,
          x: (column + 0.48) / panels.length,
          y: 1 - row / rows.length,
          xanchor: "center" as const,
          yanchor: "top" as const,
        }))
      ),
      ...(pictures.length > 0 && { meta: { pictures } }),
    },
  };
}

/** The point opposite. */
function behind(view: { longitude: number; latitude: number }): typeof view {
  return { longitude: view.longitude + 180, latitude: -view.latitude };
}

/** A globe without anything on it: what it would have on it would have to be fetched. */
function sphere(
  view: { longitude: number; latitude: number },
  domain: { x: [number, number]; y: [number, number] },
): Layout["geo"] {
  const grid = { showgrid: true, dtick: 30, gridwidth: 1 };
  return {
    domain,
    visible: false,
    showframe: true,
    projection: {
      type: "orthographic",
      rotation: { lon: view.longitude, lat: view.latitude },
    },
    lonaxis: grid,
    lataxis: grid,
  } as Layout["geo"];
}

/** The samples of an identity on a sphere, in degrees. */
function points(panel: DosnesPanel, name: string, first: number): object {
  const { points, identities, images, captions } = panel;
  const own = [...identities.keys()].filter((i) => identities[i] === name);
  return {
    type: "scattergeo",
    mode: "markers",
    name: plotText(name),
    legendgroup: name,
    lon: own.map((i) => degrees(Math.atan2(points[3 * i + 1], points[3 * i]))),
    lat: own.map((i) => degrees(Math.asin(clip(points[3 * i + 2])))),
    ...(images && { customdata: own.map((i) => first + i) }),
    ...(captions
      ? {
        text: own.map((i) => plotText(captions[i])),
        hoverinfo: "text+name",
      }
      : { hoverinfo: "name" }),
  };
}

/** Colours first, then shapes: 36 identities differ in one of them. */
function mark(index: number): object {
  const round = Math.floor(index / palette.length);
  return {
    color: palette[index % palette.length],
    symbol: symbols[(index + round) % symbols.length],
    size: 7,
    opacity: 0.85,
  };
}

/** A hundredth of a degree is less than a pixel. */
function degrees(angle: number): number {
  return Math.round(angle * 18000 / Math.PI) / 100;
}

function clip(sine: number): number {
  return Math.max(-1, Math.min(1, sine));
}

function checkPanel(panel: DosnesPanel, name: string): void {
  const { points, identities, images, captions } = panel;
  const act = "draw spheres";
  checkLength(act, `${name}.points`, points, 3 * identities.length);
  checkFinite(act, `${name}.points`, points);
  for (let i = 0; i < points.length; i++) {
    // Unit vectors, but for rounding.
    checkRange(act, `${name}.points[${i}]`, points[i], {
      min: -1.001,
      max: 1.001,
    });
  }
  for (const [list, values] of Object.entries({ images, captions })) {
    if (values) {
      checkLength(act, `${name}.${list}`, values, identities.length);
    }
  }
}
