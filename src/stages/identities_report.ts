/**
 * The report on sampled identities.
 *
 * @module
 */
import type { MetricRecord, RunDirectory } from "../core/mod.ts";
import { owned, tf } from "../engine/mod.ts";
import {
  barFigure,
  type Figure,
  type Html,
  imageGrid,
  reportPage,
  type ReportSection,
  table,
} from "../figures/mod.ts";
import { dynamicsFigures } from "./dynamics_figures.ts";
import { nearestDirections } from "./nearest_directions.ts";
import type { RefinedIdentities } from "./refine_identities.ts";
import {
  identityName,
  picturePath,
  type SavedIdentity,
} from "./save_identity.ts";

/** What the report is made from. */
export interface IdentitiesReportInput {
  /** Where the pictures are, and where the report goes. */
  run: RunDirectory;
  /** All identities, at least one. */
  identities: readonly SavedIdentity[];
  /** E. */
  width: number;
  /** Width of the second embedder's features, where there is one. */
  auditedWidth?: number;
  /** Statistics of the references' iterations. */
  iterations: readonly MetricRecord[];
  /** Statistics of the last iteration of each identity's variations. @default there are none */
  variations?: readonly MetricRecord[];
  /** Real people that were kept away from: names by number, and d_c in radians. */
  avoid?: { names: readonly string[]; distance: number };
  /** What reinforcement made of them, and its statistics, where there was any. */
  refined?: RefinedIdentities & { iterations: readonly MetricRecord[] };
  /** What a reader asks first, beside counts. */
  facts: readonly (readonly [string, string | number])[];
}

/** Identities and pictures of each that are shown. */
const [SHOWN, PICTURES] = [12, 8];

/** Width of a bin, radians. */
const BIN = 0.1;

/** Pairs in the table of the nearest real people. */
const NEAREST = 10;

/**
 * Writes `report.html`: pictures, histograms of angles, the real people nearest to the synthetic ones, and the dynamics.
 *
 * @param input The identities, and how they came about.
 *
 * @example
 * ```ts
 * import { identitiesReport, type IdentitiesReportInput } from "@outis/outis/stages";
 *
 * // The same run, told without its statistics.
 * async function short(input: IdentitiesReportInput): Promise<void> {
 *   await identitiesReport({ ...input, iterations: [] });
 * }
 * console.log(short.length); // 1
 * ```
 */
export async function identitiesReport(
  input: IdentitiesReportInput,
): Promise<void> {
  const { run, identities, avoid, facts } = input;
  const count = identities.reduce(
    (sum, { embeddings }) => sum + embeddings.length / input.width,
    0,
  );
  const sections: ReportSection[] = [
    await pictures(input),
    angles(input),
    ...(avoid === undefined ? [] : [nearestReal(input, avoid)]),
    ...(input.auditedWidth === undefined ? [] : [audit(input)]),
    dynamics(input),
    ...spreading(input),
    ...(input.refined === undefined ? [] : [await refinement(input)]),
  ];
  const page = await reportPage({
    title: "New identities",
    subtitle:
      "Synthetic people who are nobody: references that repel each other, and variations of each.",
    facts: [
      ["Identities", identities.length],
      ["Pictures", count],
      ...facts,
    ],
    sections,
    manifest: run.manifest,
  });
  await run.writeAtomic("report.html", page);
}

async function pictures(
  { run, identities, width }: IdentitiesReportInput,
): Promise<ReportSection> {
  const rows = await Promise.all(
    identities.slice(0, SHOWN).map(async ({ number, embeddings }) => ({
      label: identityName(number),
      images: await Promise.all(
        Array.from(
          { length: Math.min(PICTURES, embeddings.length / width) },
          async (_, k) => ({
            png: await Deno.readFile(
              run.file("synthetic", picturePath(number, k)),
            ),
          }),
        ),
      ),
    })),
  );
  return {
    heading: "Pictures",
    intro:
      `The first ${rows.length} identities, one a row: the reference, then variations. Nothing is picked.`,
    parts: [imageGrid(rows, { width: 96, scaling: "smooth" })],
  };
}

/** Angles of references to their nearest other, and of variations to their reference. */
function angles({ identities, width }: IdentitiesReportInput): ReportSection {
  const between = anglesBetween(
    identities.map(({ embeddings }) => embeddings.subarray(0, width)),
  );
  const within = identities.flatMap(({ embeddings }) =>
    anglesToFirst(embeddings, width)
  );
  return {
    heading: "Angles",
    intro:
      `Bins of ${BIN} rad; shares of the identities, and of the variations.`,
    parts: [
      summary([
        ["references to the nearest other", between],
        ["variations to their reference", within],
      ]),
      ...(between.length === 0
        ? []
        : [histogram("From each reference to the nearest other", between)]),
      ...(within.length === 0
        ? []
        : [histogram("From each variation to its reference", within)]),
    ],
  };
}

function nearestReal(
  { identities }: IdentitiesReportInput,
  { names, distance }: NonNullable<IdentitiesReportInput["avoid"]>,
): ReportSection {
  const pairs = identities.flatMap(({ number, nearestReal }) =>
    Array.from(nearestReal?.angles ?? [], (angle, k) => ({
      picture: picturePath(number, k),
      name: names[nearestReal!.indices[k]],
      angle,
    }))
  ).sort((a, b) => a.angle - b.angle);
  const redrawn = identities.filter((one) => one.redrawn).length;
  const back = identities.reduce((sum, one) => sum + one.drawnBack, 0);
  return {
    heading: "Nearest real people",
    intro:
      `No picture lies within ${distance} rad of any of ${names.length} real ones, by the embedder of the dynamics and on the pictures as they are saved. What it cost: ${redrawn} references drawn anew, ${back} variations brought back towards their reference.`,
    parts: [
      table(
        [
          { title: "Synthetic picture" },
          { title: "Nearest real picture" },
          { title: "Angle", unit: "rad", digits: 3 },
        ],
        pairs.slice(0, NEAREST).map(({ picture, name, angle }) => [
          picture,
          name,
          angle,
        ]),
        { caption: `The ${Math.min(NEAREST, pairs.length)} nearest pairs` },
      ),
      histogram(
        "From each picture to the nearest real one",
        pairs.map(({ angle }) => angle),
      ),
    ],
  };
}

/** The same angles by an embedder that no force knows. */
function audit(
  { identities, auditedWidth }: IdentitiesReportInput,
): ReportSection {
  const width = auditedWidth!;
  const features = identities.flatMap(({ audited }) => audited ?? []);
  const between = anglesBetween(
    features.map((values) => values.subarray(0, width)),
  );
  const within = features.flatMap((values) => anglesToFirst(values, width));
  return {
    heading: "By a second embedder",
    intro:
      "An embedder trained on other people, which no force knows: where it disagrees, the first one was fooled.",
    parts: [summary([
      ["references to the nearest other", between],
      ["variations to their reference", within],
    ])],
  };
}

function dynamics({ iterations }: IdentitiesReportInput): ReportSection {
  return {
    heading: "The dynamics of the references",
    intro: "Where each iteration started from.",
    parts: dynamicsFigures(iterations, "iteration"),
  };
}

function spreading(
  { variations = [] }: IdentitiesReportInput,
): ReportSection[] {
  const parts = dynamicsFigures(variations, "identity");
  return parts.length === 0 ? [] : [{
    heading: "The dynamics of the variations",
    intro:
      "Where the last iteration of each identity started from; angles are those to its reference.",
    parts,
  }];
}

/** Pictures of the tuned generator, and its rewards. */
async function refinement(
  { run, identities, refined }: IdentitiesReportInput,
): Promise<ReportSection> {
  const { iterations, pictures, leftOut } = refined!;
  const rows = await Promise.all(
    identities.slice(0, SHOWN).map(async ({ number }) => ({
      label: identityName(number),
      images: await firstPictures(
        run.file("refined", "synthetic", identityName(number)),
      ),
    })),
  );
  return {
    heading: "Refined by the rewards",
    intro:
      `The identities as classes of the generator, tuned with the references as prototypes, and drawn from other noise: ${pictures} pictures${
        leftOut === 0
          ? ""
          : `, and ${leftOut} left out that lay too near to real people`
      }.`,
    parts: [
      ...dynamicsFigures(iterations, "iteration"),
      imageGrid(rows.filter(({ images }) => images.length > 0), {
        width: 96,
        scaling: "smooth",
      }),
    ],
  };
}

/** The first pictures of a folder, by name. */
async function firstPictures(folder: string): Promise<{ png: Uint8Array }[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    // An identity all of whose pictures were left out.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return await Promise.all(
    names.sort().slice(0, PICTURES).map(async (name) => ({
      png: await Deno.readFile(`${folder}/${name}`),
    })),
  );
}

function summary(rows: [string, number[]][]): Html {
  return table(
    [
      { title: "Angles of" },
      { title: "Smallest", unit: "rad", digits: 3 },
      { title: "Mean", unit: "rad", digits: 3 },
      { title: "Largest", unit: "rad", digits: 3 },
    ],
    rows.filter(([, values]) => values.length > 0).map(([name, values]) => [
      name,
      values.reduce((a, b) => Math.min(a, b)),
      values.reduce((a, b) => a + b) / values.length,
      values.reduce((a, b) => Math.max(a, b)),
    ]),
  );
}

function histogram(title: string, values: readonly number[]): Figure {
  const bins = values.map((value) => Math.floor(value / BIN));
  const first = bins.reduce((a, b) => Math.min(a, b));
  const length = bins.reduce((a, b) => Math.max(a, b)) - first + 1;
  const shares = new Float64Array(length);
  for (const bin of bins) shares[bin - first] += 1 / values.length;
  return barFigure({
    title,
    xTitle: "rad",
    yTitle: "share",
    digits: 2,
    labels: Array.from(shares, (_, i) => (BIN * (first + i)).toFixed(1)),
    groups: [{ name: "share", values: shares }],
  });
}

function anglesBetween(rows: readonly Float32Array[]): number[] {
  if (rows.length < 2) return [];
  using all = owned(tf.tensor2d(rows.map((row) => Array.from(row))));
  return [...nearestDirections(all.value, all.value, true).angles];
}

function anglesToFirst(values: Float32Array, width: number): number[] {
  const rest = values.subarray(width);
  if (rest.length === 0) return [];
  using first = owned(tf.tensor2d(values.slice(0, width), [1, width]));
  using others = owned(tf.tensor2d(rest, [rest.length / width, width]));
  return [...nearestDirections(others.value, first.value).angles];
}
