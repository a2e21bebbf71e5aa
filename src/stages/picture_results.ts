/**
 * The results page of a figure that shows pictures or points (Figures 2, 3 and 4).
 *
 * @module
 */
import { plainTable } from "../figures/mod.ts";
import type { FeatureSpheres } from "./feature_spheres.ts";
import { settingsTried } from "./table_results.ts";
import type { TableSettings } from "./table_settings.ts";

/** What the page tells. */
export interface PictureResultsInput {
  /** Number of the figure. */
  figure: number;
  /** What it shows, a title. */
  title: string;
  /** What is seen, and how it was chosen: a sentence each. */
  sentences: readonly string[];
  /** Whom the generator was adapted to, one sentence. */
  source: string;
  /** The command that makes it again. */
  command: string;
  /** What computed. */
  engine: string;
  /** What it ran on. */
  machine: string;
  /** Seed of the generators. */
  seed: number;
  /** How they were made. */
  settings: Pick<
    TableSettings,
    "coldStart" | "sampling" | "reinforce" | "generate" | "embedder"
  >;
  /** What the points of Figure 4 are. @default none */
  spheres?: Omit<FeatureSpheres, "figure">;
  /** Name of the page's files. */
  name: string;
  /** Where the picture lies, from the page; without one, why. */
  picture: string | { absent: string };
  /** Which settings were tried, and on whom, in Markdown. @default none */
  tried?: string;
  /** What people have to say, in Markdown; stands at the end. */
  notes?: string;
}

/**
 * Writes the page of a figure.
 *
 * @param input What it shows.
 * @returns Markdown, and the same as JSON with all points and settings.
 *
 * @example
 * ```ts
 * import { pictureResults, type PictureResultsInput } from "@outis/outis/stages";
 *
 * async function write(input: PictureResultsInput) {
 *   await Deno.writeTextFile("figure_3.md", pictureResults(input).markdown);
 * }
 * console.log(write.length); // 1
 * ```
 */
export function pictureResults(
  input: PictureResultsInput,
): { markdown: string; json: string } {
  const { figure, title, sentences, source, command, engine, machine } = input;
  const { seed, settings, spheres, name, picture } = input;
  const { coldStart, sampling, reinforce, generate, embedder } = settings;
  const parts = [
    `# Figure ${figure} in the small: ${title}`,
    `Made by \`${command}\`; ${engine}, ${machine}. Settings${
      spheres ? ", points" : ""
    }: ${name}.json.`,
    typeof picture === "string"
      ? `<img src="${picture}" alt="${title}" width="900">`
      : picture.absent,
    sentences.map((text) => `- ${text}`).join("\n"),
    ...(spheres === undefined ? [] : [spreadTable(spheres)]),
    `Adapted to: ${source} Seed ${seed}.`,
    ...settingsTried(input.tried),
    ...(input.notes === undefined ? [] : [input.notes.trim()]),
  ];
  return {
    markdown: parts.join("\n\n") + "\n",
    json: JSON.stringify(
      {
        schema: 1,
        figure,
        title,
        command,
        engine,
        machine,
        seed,
        sentences,
        adaptedTo: source,
        settings: { coldStart, sampling, reinforce, generate, embedder },
        ...spheres,
      },
      null,
      1,
    ) + "\n",
  };
}

function spreadTable({ sets }: Omit<FeatureSpheres, "figure">): string {
  return plainTable(
    [
      { title: "images" },
      { title: "number" },
      { title: "cosine, same identity", digits: 3 },
      { title: "cosine, others", digits: 3 },
      { title: "cosine to the real centre", digits: 3 },
      { title: "spread within identities", digits: 3 },
    ],
    sets.map(({ set, images, same, different, toFirst, spread }) => [
      set,
      images,
      same,
      different,
      toFirst,
      spread,
    ]),
    {
      format: "markdown",
      caption:
        "Numbers of the features themselves, not of the points: means of cosines; spread is the variance of unit features in all directions together (eq. 8).",
    },
  ).trim();
}
