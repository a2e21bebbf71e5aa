/**
 * Priors as they are shipped: weights, auditors, pictures, card.
 *
 * @module
 */
import { type Params, writeAtomic } from "../core/mod.ts";
import {
  type Generator,
  measurePrior,
  priorCard,
  type PriorCardInput,
  priorPicture,
  recognizerEmbedder,
  saveAuditor,
  saveGenerator,
  type TrainedRecognizer,
  type WorldName,
} from "../stages/mod.ts";

/** A prior and its auditor. */
export interface MadePrior {
  /** World of the people who are its classes. */
  world: WorldName;
  /** The generator. Borrowed. */
  generator: Generator;
  /** A recogniser of other people of the world. Borrowed. */
  auditor: Pick<TrainedRecognizer, "model" | "params">;
}

/** What {@linkcode writePriors} needs beside them. */
export interface WritePriorsOptions
  extends Omit<PriorCardInput, "worlds" | "seed"> {
  /** Seed of everything. @default 0 */
  seed?: number | undefined;
  /** Ends the work. */
  signal?: AbortSignal;
  /** Called with each world as it is done, and all. */
  onStep?: (part: string, done: number, total: number) => void;
}

/** How pictures for the card are drawn. */
const SAMPLING = { samplingSteps: 25, guidance: 1.5 };

/**
 * Writes priors in half precision where `priorUrl` finds them, around one file of the autoencoder's weights; then looks at
 * what was written, and writes the card.
 *
 * @param out Folder: that of faces, and of the autoencoder; other worlds have one in it.
 * @param priors What was trained.
 * @param options What the card tells.
 * @throws The signal's reason, if it fired.
 *
 * @example
 * ```ts
 * import { type MadePrior, writePriors } from "./write_priors.ts";
 *
 * const write = (priors: MadePrior[]) =>
 *   writePriors("priors/mine", priors, {
 *     command: "deno task pretrain",
 *     machine: "2 cores",
 *     images: "1000 people x 30 pictures.",
 *     trainings: [],
 *   });
 * console.log(typeof write); // function
 * ```
 */
export async function writePriors(
  out: string,
  priors: readonly MadePrior[],
  options: WritePriorsOptions,
): Promise<void> {
  const { seed = 0, signal, onStep, ...card } = options;
  const worlds: PriorCardInput["worlds"][number][] = [];
  for (const [i, { world, generator, auditor }] of priors.entries()) {
    onStep?.("card", i, priors.length);
    const place = world === "faces" ? "" : `${world}/`;
    const folder = `${out}/${place}`.replace(/\/$/, "");
    await saveGenerator(folder, generator, {
      dtype: "F16",
      autoencoderFile: `${place === "" ? "" : "../"}autoencoder.safetensors`,
    });
    await saveAuditor(folder, auditor);
    using embedder = await recognizerEmbedder(auditor.model, auditor.params);
    const drawn = { ...SAMPLING, seed, ...(signal && { signal }) };
    const measures = await measurePrior(generator, world, {
      ...drawn,
      embedder,
    });
    const picture = await priorPicture(generator, world, drawn);
    await writeAtomic(`${folder}/samples.webp`, picture);
    worlds.push({
      world,
      weights: {
        autoencoder: countWeights(generator.params.autoencoder),
        dit: countWeights(generator.params.dit),
      },
      measures,
      picture: `${place}samples.webp`,
      sampling:
        `${SAMPLING.samplingSteps} transitions, guidance ${SAMPLING.guidance}, seed ${seed}`,
    });
  }
  await writeAtomic(`${out}/README.md`, priorCard({ ...card, seed, worlds }));
  onStep?.("card", priors.length, priors.length);
}

function countWeights(params: Params): number {
  return Object.values(params).reduce((sum, { size }) => sum + size, 0);
}
