/**
 * The card of a shipped prior: what it is, how it was made, what it can do.
 *
 * @module
 */
import { type ImageSet, subsetImages } from "../data/mod.ts";
import { encodeWebp } from "../io/mod.ts";
import { generate } from "./generate.ts";
import type { Generator } from "./generator.ts";
import { layOutPeople } from "./lay_out_people.ts";
import type { PriorMeasures } from "./measure_prior.ts";
import type { WorldName } from "./render_person.ts";
import { renderPeople } from "./render_people.ts";
import type { SamplingOptions } from "./sampler.ts";

/** How a prior's pictures are drawn for its card. */
export interface PriorPicturesOptions extends SamplingOptions {
  /** Seed of the noise. @default {0} */
  seed?: number;
  /** Ends the work by throwing its reason. */
  signal?: AbortSignal | undefined;
}

/** Every n-th class is shown, and ten of them. */
const [SHOWN, APART, SAMPLES] = [10, 7, 4];

/**
 * Draws the picture of a prior: a rendered picture of each of ten people, and below it four samples of the same class. Nothing
 * is picked.
 *
 * @param prior A generator whose classes are the first people of a procedural population. Borrowed.
 * @param world The population's world.
 * @param options How samples are drawn.
 * @returns A WebP file.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { useBackend } from "@outis/outis/engine";
 * import { loadGenerator, priorPicture, priorUrl } from "@outis/outis/stages";
 *
 * await useBackend("auto");
 * const prior = await loadGenerator(priorUrl());
 * const file = await priorPicture(prior, "faces", { samplingSteps: 2 });
 * console.log(file.length > 1000); // true
 * ```
 */
export async function priorPicture(
  prior: Generator,
  world: WorldName,
  options: PriorPicturesOptions,
): Promise<Uint8Array> {
  const { seed = 0, signal, ...sampling } = options;
  const { classes } = prior.dit.config;
  const labels = Array.from({ length: SHOWN }, (_, i) => i * APART % classes);
  const stop = { ...(signal && { signal }) };
  const rendered = await renderPeople({
    world,
    identities: Math.max(...labels) + 1,
    imagesPerIdentity: 1,
    size: prior.config.autoencoder.height,
    seed: 0,
    ...stop,
  });
  const drawn = await generate(prior, {
    ...sampling,
    imagesPerIdentity: SAMPLES,
    labels: [...new Set(labels)],
    seed,
    ...stop,
  });
  const identities = labels.map((label) => rendered.identities[label]);
  const column = Int32Array.from(labels.keys());
  const sets: { [name: string]: ImageSet } = {
    rendered: { ...subsetImages(rendered, labels), identities, labels: column },
  };
  for (let k = 0; k < SAMPLES; k++) {
    const chosen = labels.map((label) =>
      [...drawn.labels.keys()].filter((i) => drawn.labels[i] === label)[k]
    );
    sets[`sample ${k + 1}`] = {
      ...subsetImages(drawn, chosen),
      identities,
      labels: column,
    };
  }
  const picture = layOutPeople(sets, { identities: SHOWN, gap: 0 });
  return encodeWebp(picture, {
    synthetic: "Rendered people, and samples of a prior of @outis/outis",
  });
}

/** What {@linkcode priorCard} tells. */
export interface PriorCardInput {
  /** The command that made it. */
  command: string;
  /** Seed of everything. */
  seed: number;
  /** What computed, and on how much of a machine. */
  machine: string;
  /** What the people and pictures were. */
  images: string;
  /** What each training came to: mean loss at its end, and minutes where it ran in one go. */
  trainings: readonly {
    part: string;
    steps: number;
    loss: number;
    minutes?: number;
  }[];
  /** Measures and their picture, by world. */
  worlds: readonly {
    world: WorldName;
    /** Weights of autoencoder and transformer. */
    weights: { autoencoder: number; dit: number };
    measures: PriorMeasures;
    /** Place of the picture, relative to the card. */
    picture: string;
    /** How pictures were drawn, a phrase. */
    sampling: string;
  }[];
}

/**
 * Writes the card.
 *
 * @param input What was done and measured.
 * @returns Markdown.
 *
 * @example
 * ```ts
 * import { priorCard } from "@outis/outis/stages";
 *
 * const card = priorCard({
 *   command: "deno task pretrain",
 *   seed: 0,
 *   machine: "2 cores",
 *   images: "1000 people x 30 pictures",
 *   trainings: [],
 *   worlds: [],
 * });
 * console.log(card.startsWith("# The priors")); // true
 * ```
 */
export function priorCard(input: PriorCardInput): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const million = (count: number) => `${(count / 1e6).toFixed(1)} million`;
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "# The priors",
    "",
    "An autoencoder for both procedural worlds and a class-conditional diffusion transformer for each, trained with this code on rendered people alone: no photograph, nobody's face. Beside each an auditor, a recogniser of other procedural people, whose opinion of a tuned generator is logged and never optimised. No data set of others is in them; they are under the project's licence.",
    "",
    `Made by \`${input.command}\`, seed ${input.seed}, on ${input.machine}. ${input.images}`,
    "",
    row(["training", "steps", "loss at the end", "minutes"]),
    row(["---", "--:", "--:", "--:"]),
    ...input.trainings.map(({ part, steps, loss, minutes }) =>
      row([
        part,
        steps.toLocaleString("en"),
        loss.toFixed(3),
        minutes?.toFixed(0) ?? "",
      ])
    ),
    "",
    ...input.worlds.flatMap(
      ({ world, weights, measures, picture, sampling }) => {
        const { reconstruction, rendered, generated } = measures;
        return [
          `## ${world[0].toUpperCase()}${world.slice(1)}`,
          "",
          `![Rendered ${world} above, samples of the same classes below](${picture})`,
          "",
          `${million(weights.dit)} weights of the transformer, ${
            million(weights.autoencoder)
          } of the autoencoder. First row: a rendered picture of each of ten people. Below: four samples of each, ${sampling}, not picked.`,
          "",
          row(["", "rendered", "generated"]),
          row(["---", "--:", "--:"]),
          row([
            "verified against a rendered picture of its person",
            percent(rendered.verification),
            percent(generated.verification),
          ]),
          row([
            "nearest to its own person of 100",
            percent(rendered.identification),
            percent(generated.identification),
          ]),
          "",
          `By the auditor's features, on pictures that nothing was trained on. The autoencoder gives them back with a mean absolute error of ${
            reconstruction.toFixed(3)
          }, pixels being in [-1, 1].`,
          "",
        ];
      },
    ),
  ].join("\n");
}
